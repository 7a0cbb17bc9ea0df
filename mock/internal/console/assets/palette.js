// Search everywhere: pages, actions, sandboxes, plates, orders, phones, requests and rules, from one field.

import { all, absent, get, of } from './api.js';
import { STEPS } from './clockbar.js';
import { h, icon, put } from './dom.js';
import { t } from './i18n.js';
import { fail, say } from './notices.js';
import { shownIn } from './pages.js';
import { format } from './query.js';
import { sendNew } from './sendagain.js';
import { plate } from './show.js';

const MOST = 12; // results that are shown
const READ = 1_000; // orders that are looked through

const go = (hash) => { location.hash = hash; };

// commands are what needs no reading.
function commands(app) {
  const { clock } = app;
  const acts = [
    ...Object.keys(app.pages).filter((name) => !(name in shownIn)).map((name) => ({ icon: name, text: t(`nav.${name}`), also: name, note: t('find.page'), act: () => go(app.href(name)) })),
    { icon: 'send', text: t('req.new'), also: 'send call request', note: t('find.action'), act: () => sendNew(app) },
    { icon: 'pause', text: t('clock.freeze'), also: 'freeze stop', note: t('find.action'), act: () => clock.change(app.sandbox, { mode: 'frozen' }) },
    { icon: 'play', text: t('find.run'), also: 'run start real', note: t('find.action'), act: () => clock.change(app.sandbox, { mode: 'running', rate: 1 }) },
    { icon: 'play', text: t('clock.fast'), also: '60x fast', note: t('find.action'), act: () => clock.change(app.sandbox, { mode: 'running', rate: 60 }) },
    ...STEPS.map((by) => ({ icon: 'time', text: `+${by}`, also: `step advance ${by}`, note: t('clock.step', { by }), act: () => step(app, by) })),
    { icon: 'auto', text: t('app.theme'), also: 'theme dark light', note: t('find.action'), act: app.switchTheme },
    { icon: 'help', text: t('find.language'), also: 'language 中文 english', note: t('find.action'), act: app.switchLanguage },
  ];
  for (const { id } of app.sandboxes) acts.push({ icon: 'sandboxes', text: id, also: `sandbox ${id}`, note: t('app.sandbox'), act: () => app.choose(id).then(app.refresh) });
  return acts;
}

async function step(app, by) {
  await app.clock.advance(app.sandbox, by);
  say(t('clock.moved', { by }));
}

// typed are what the text itself names.
function typed(app, text) {
  const found = [];
  const by = /^\+?(\d+(?:\.\d+)?(?:s|m|h|d)(?:\d+[smhd])*)$/i.exec(text);
  if (by) found.push({ icon: 'time', text: `+${by[1]}`, note: t('clock.step', { by: by[1] }), act: () => step(app, by[1]) });
  if (/^r\d+$/i.test(text)) found.push({ icon: 'in', text: text.toLowerCase(), note: t('find.request'), act: () => go(app.href('live', '', `row=request-${text.toLowerCase()}`)) });
  if (/^p\d+$/i.test(text)) found.push({ icon: 'send', text: text.toLowerCase(), note: t('find.push'), act: () => go(app.href('live', '', `row=push-${text.toLowerCase()}`)) });
  if (/^1[3-9]\d{0,9}$/.test(text)) found.push({ icon: 'user', text, note: t('find.phone'), act: () => go(app.href('live', '', new URLSearchParams({ q: format([{ key: 'phone', value: text }]) }))) });
  return found;
}

const orderItem = (app, o) => ({ icon: 'orders', text: o.plateNumber, plate: o, also: `${o.orderId} ${o.parkingName}`, note: `${t(`order.${o.state}`)} · ${o.entranceTime.slice(0, 16)}`, act: () => go(app.href('stay', o.orderId)) });

// read is what has to be asked for, once each time the field opens.
async function read(app) {
  const [orders, rules, messages] = await Promise.all([
    get(`${of(app.sandbox, 'orders')}?order=newest&limit=${READ}`), get(of(app.sandbox, 'rules')),
    all(of(app.sandbox, 'sms'), READ).catch((error) => { if (absent(error)) return []; throw error; }),
  ]);
  const phones = new Set([...messages.map((m) => m.phone), ...app.feed.links.phoneOfToken.values()]);
  return [
    ...orders.items.map((o) => orderItem(app, o)),
    ...[...phones].map((phone) => ({ icon: 'user', text: phone, note: t('find.phone'), act: () => go(app.href('live', '', new URLSearchParams({ q: `phone:${phone}` }))) })),
    ...Object.keys(rules).map((name) => ({ icon: 'check', text: name, also: rules[name].doc, note: t('find.rule'), act: () => go(app.href('sandboxes', '', new URLSearchParams({ rule: name }))) })),
  ];
}

// matches orders results: those that begin with the text first, in the page's language or, where that is not typed, in the other.
function matches(items, text) {
  const wanted = text.toLowerCase();
  const scored = [];
  for (const item of items) {
    const name = item.text.toLowerCase();
    const also = (item.also ?? '').toLowerCase();
    const score = name === wanted ? 0 : name.startsWith(wanted) ? 1 : ` ${also}`.includes(` ${wanted}`) ? 2 : name.includes(wanted) ? 3 : also.includes(wanted) ? 4 : -1;
    if (score >= 0) scored.push([score, item]);
  }
  return scored.sort((a, b) => a[0] - b[0]).map(([, item]) => item);
}

let open = false;

export function openPalette(app) {
  if (open || document.querySelector('dialog[open]')) return;
  open = true;
  const before = document.activeElement;
  const fixed = commands(app);
  let asked = [];
  let shown = [];
  let at = 0;
  const list = h('ul', { class: 'find-list', role: 'listbox', id: 'find-list', 'aria-label': t('find.results') });
  const note = h('p', { class: 'note find-note', role: 'status' }, t('find.reading'));
  const input = h('input', { class: 'find-input', type: 'text', role: 'combobox', 'aria-expanded': 'true', 'aria-controls': 'find-list', 'aria-autocomplete': 'list', 'aria-label': t('find.label'), placeholder: t('find.label'), autocomplete: 'off', spellcheck: 'false', on: { input: () => { at = 0; draw(); } } });

  const everywhere = (text) => ({ icon: 'live', text: t('find.live', { text }), note: '', act: () => go(app.href('live', '', new URLSearchParams({ q: text }))) });

  function draw() {
    const text = input.value.trim();
    shown = text ? [...typed(app, text), ...matches([...fixed, ...asked], text)].slice(0, MOST) : fixed.slice(0, MOST);
    if (text) shown.push(everywhere(text));
    at = Math.min(at, shown.length - 1);
    put(list, shown.map((item, i) => h('li', { role: 'option', id: `find-${i}`, class: 'find-item', 'aria-selected': String(i === at), on: { click: () => run(item) } },
      icon(item.icon), item.plate ? plate(item.plate.plateNumber, item.plate.plateColor) : h('span', { class: 'find-text' }, item.text), h('span', { class: 'muted find-what' }, item.note))));
    if (shown.length) input.setAttribute('aria-activedescendant', `find-${at}`);
    list.children[at]?.scrollIntoView({ block: 'nearest' });
  }

  async function run(item) {
    box.close();
    try { await item.act(); } catch (error) { fail(error); }
  }

  function key(e) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (e.key in moves) at = (at + moves[e.key] + shown.length) % shown.length;
    else if (e.key === 'Enter' && shown[at]) run(shown[at]);
    else return;
    e.preventDefault();
    draw();
  }

  input.addEventListener('keydown', key);
  const box = h('dialog', { class: 'dialog find', 'aria-label': t('find.label'), on: {
    close: () => { open = false; box.remove(); if (before?.isConnected && document.activeElement === document.body) before.focus(); },
    click: (e) => { if (e.target === box) box.close(); },
  } }, h('div', { class: 'find-head' }, icon('search'), input), list, note);
  document.body.append(box);
  box.showModal();
  input.focus();
  draw();
  read(app).then((items) => { asked = items; put(note, t('find.keys')); draw(); }).catch((error) => put(note, error.message));
}
