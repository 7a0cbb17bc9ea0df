// Faults: switches for the usual ones, a form for the rest, and what each has done.

import { all, del, of, post } from './api.js';
import { endpointNames, kindName, pushKinds as kinds } from './codes.js';
import { button, choice, field, h, icon, keyed, put, setText } from './dom.js';
import { kept } from './drafts.js';
import { t } from './i18n.js';
import { doing, fail, say } from './notices.js';
import { readJSON } from './problems.js';
import { jsonText, loading, sure, unread } from './show.js';

const LOOK = 3_000; // milliseconds between two looks at what others changed

// A switch is one fault on requests, or one on each kind of push, by this name.
const PREFIX = 'console: ';
const switches = [
  { id: 'busy', on: 'request', do: { httpStatus: 503 } },
  { id: 'code2', on: 'request', do: { code: 2 } },
  { id: 'slow', on: 'request', do: { delay: '2s' } },
  { id: 'lost', on: 'request', do: { cut: 'after' } },
  { id: 'refused', on: 'request', do: { cut: 'before' } },
  { id: 'garbage', on: 'request', do: { truncate: true } },
  { id: 'flaky', on: 'request', probability: 0.2, do: { httpStatus: 502 } },
  { id: 'twice', on: 'push', do: { duplicate: 2 } },
  { id: 'reorder', on: 'push', do: { reorder: true } },
  { id: 'forged', on: 'push', do: { corruptSign: true } },
  { id: 'drop', on: 'push', do: { drop: true } },
  { id: 'late', on: 'push', do: { delay: '3s' } },
];

function faultsOf({ id, on, probability, do: what }) {
  const base = { name: PREFIX + id, do: what, ...(probability && { probability }) };
  return on === 'request' ? [{ ...base, on: {} }] : kinds.map((push) => ({ ...base, on: { push } }));
}

export function faults(app) {
  const at = (path) => of(app.sandbox, path);
  let list = [];
  let alive = true;

  const note = h('div', null, loading());
  const board = h('div', { class: 'switches', hidden: true });
  const body = h('tbody');
  const none = h('p', { class: 'muted', hidden: true }, t('fault.none'));
  const table = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('fault.active') }, h('table', null,
    h('thead', null, h('tr', null, [t('fault.name'), t('fault.on'), t('fault.do'), t('fault.matched'), t('fault.applied'), ''].map((c) => h('th', null, c || h('span', { class: 'hidden' }, t('show.delete')))))), body));

  const activeOf = (one) => list.filter((f) => f.name === PREFIX + one.id);

  const flip = (one) => doing(async () => {
    const active = activeOf(one);
    if (active.length) for (const f of active) await del(at(`faults/${encodeURIComponent(f.id)}`));
    else for (const f of faultsOf(one)) await post(at('faults'), f);
    await load();
  });

  const tiles = switches.map((one) => {
    const hits = h('span', { class: 'hits' });
    const element = h('button', { type: 'button', role: 'switch', class: 'switch', 'aria-checked': 'false', on: { click: flip(one) } },
      h('span', { class: 'knob', 'aria-hidden': 'true' }), h('span', null, h('b', null, t(`fault.${one.id}`)), h('span', { class: 'note' }, t(`fault.${one.id}.note`))), hits);
    const update = () => {
      const active = activeOf(one);
      element.setAttribute('aria-checked', String(active.length > 0));
      setText(hits, active.length ? t('fault.hits', { n: active.reduce((n, f) => n + (f.stats?.applied ?? 0), 0) }) : '');
    };
    return { one, element, update };
  });
  put(board,
    h('h3', null, t('fault.requests')), h('div', { class: 'tiles' }, tiles.filter(({ one }) => one.on === 'request').map(({ element }) => element)),
    h('h3', null, t('fault.pushes')), h('div', { class: 'tiles' }, tiles.filter(({ one }) => one.on === 'push').map(({ element }) => element)));

  function row(f) {
    const [matched, applied] = [h('td', { class: 'mono' }), h('td', { class: 'mono' })];
    const name = f.name?.startsWith(PREFIX) ? t(`fault.${f.name.slice(PREFIX.length)}`) : f.name || f.id;
    const element = h('tr', null,
      h('td', null, name), h('td', null, h('code', null, JSON.stringify(f.on))),
      h('td', null, h('code', null, JSON.stringify(f.do)), f.probability !== undefined && h('span', { class: 'muted' }, ` ${f.probability * 100}%`), f.after && h('span', { class: 'muted' }, ` ${t('fault.after')} ${f.after}`), f.times && h('span', { class: 'muted' }, ` ×${f.times}`)),
      matched, applied,
      h('td', null, button({ icon: 'trash', hint: `${t('show.delete')} ${f.id}`, kind: 'quiet', act: doing(async () => { await del(at(`faults/${encodeURIComponent(f.id)}`)); await load(); }) })));
    return { element, update: (now) => { setText(matched, now.stats?.matched ?? '–'); setText(applied, now.stats?.applied ?? '–'); } };
  }

  function draw() {
    put(note);
    board.hidden = false;
    for (const tile of tiles) tile.update();
    keyed(body, list, (f) => f.id, row);
    table.hidden = !list.length;
    none.hidden = list.length > 0;
  }

  async function load() {
    const found = await all(at('faults'));
    if (!alive) return;
    list = found;
    draw();
  }

  function start() {
    load().catch((error) => { if (alive) put(note, unread(error, () => { put(note, loading()); start(); })); });
  }

  const clear = doing(async () => {
    if (!await sure(t('fault.clear.sure', { n: list.length }), t('fault.clear'))) return;
    await del(at('faults'));
    await load();
  });

  let soon = 0;
  const off = app.feed.on((news) => {
    if (['fault', 'faults', 'reset'].some((kind) => news.kinds?.has(kind))) later();
  });
  const later = () => { soon ||= setTimeout(() => { soon = 0; if (alive) load().catch(fail); }, app.feed.pace(150)); };
  const seen = () => { if (!document.hidden) later(); };
  document.addEventListener('visibilitychange', seen);
  addEventListener('focus', seen);
  const looking = setInterval(seen, LOOK);
  start();
  const element = h('div', { class: 'page' },
    h('div', { class: 'page-head' }, h('h1', null, t('nav.faults')), h('p', null, t('fault.about'))),
    h('section', { class: 'card' }, h('h2', null, t('fault.usual')), note, board),
    h('section', { class: 'card' }, h('header', null, h('h2', null, t('fault.active')), button({ text: t('fault.clear'), icon: 'trash', kind: 'quiet', act: clear })), none, table),
    form(app, load));
  return { element, close: () => { alive = false; off(); clearTimeout(soon); document.removeEventListener('visibilitychange', seen); removeEventListener('focus', seen); clearInterval(looking); } };
}

// form makes any fault there is; what it would send is shown beside it.
function form(app, done) {
  const input = (named, size, props) => kept(`fault.${named}`, h('input', { size, autocomplete: 'off', ...props }));
  const name = input('name', 16);
  const on = kept('fault.on', choice([['', t('fault.any')], ...endpointNames.map((e) => [e, e]), ...kinds.map((k) => [`push:${k}`, kindName(k)])], '', () => show()));
  const merchant = input('merchant', 10);
  const where = input('where', 26, { class: 'mono', placeholder: '{"plateNumber":"渝ATX061"}' });
  const after = input('after', 4, { inputmode: 'numeric' });
  const times = input('times', 4, { inputmode: 'numeric' });
  const probability = input('probability', 5, { inputmode: 'decimal', placeholder: '0.2' });
  const code = input('code', 6, { inputmode: 'numeric', placeholder: '20100' });
  const message = input('message', 14);
  const status = input('status', 5, { inputmode: 'numeric', placeholder: '503' });
  const delay = input('delay', 16, { class: 'mono', placeholder: '2s · 1s-3s · 200ms~0.6' });
  const cut = kept('fault.cut', choice([['', t('show.none')], ['before', t('fault.cut.before')], ['after', t('fault.cut.after')]], '', () => show()));
  const body = input('body', 18, { class: 'mono' });
  const duplicate = input('duplicate', 3, { inputmode: 'numeric', placeholder: '2' });
  const flags = ['truncate', 'reorder', 'corruptSign', 'drop'].map((flag) => [flag, kept(`fault.${flag}`, h('input', { type: 'checkbox', id: `flag-${flag}`, on: { change: () => show() } }))]);
  const preview = h('div', { 'aria-live': 'polite' });

  const num = (e) => (e.value.trim() === '' ? undefined : Number(e.value));
  function delayed() {
    const text = delay.value.trim();
    const range = /^(\S+?)\s*-\s*(\S+)$/.exec(text);
    if (range) return { min: range[1], max: range[2] };
    const log = /^(\S+?)\s*~\s*([\d.]+)$/.exec(text);
    if (log) return { median: log[1], sigma: Number(log[2]) };
    return text || undefined;
  }

  function made() {
    const push = on.value.startsWith('push:') ? on.value.slice(5) : undefined;
    const fault = {
      name: name.value || undefined,
      on: { endpoint: push ? undefined : on.value || undefined, push, merchantNo: merchant.value.trim() || undefined, where: where.value.trim() ? readJSON(where.value, t('fault.where')) : undefined },
      after: num(after), times: num(times), probability: num(probability),
      do: { code: num(code), message: message.value || undefined, httpStatus: num(status), delay: delayed(), cut: cut.value || undefined, body: body.value || undefined, duplicate: num(duplicate) },
    };
    for (const [flag, box] of flags) if (box.checked) fault.do[flag] = true;
    return JSON.parse(JSON.stringify(fault));
  }

  function show() {
    try { put(preview, jsonText(made())); } catch (error) { put(preview, h('p', { class: 'bad-text' }, error.message)); }
  }

  const add = doing(async (e) => {
    const near = e.currentTarget;
    await post(of(app.sandbox, 'faults'), made());
    say(t('fault.added'), '', near);
    await done();
  });
  show();
  return h('section', { class: 'card', on: { input: show } },
    h('h2', null, t('fault.other')),
    h('div', { class: 'fault-form' },
      h('div', null,
        h('fieldset', null, h('legend', null, t('fault.on')), h('div', { class: 'form' }, field(t('fault.name'), name), field(t('fault.target'), on), field(t('live.merchant'), merchant), field(t('fault.where'), where))),
        h('fieldset', null, h('legend', null, t('fault.when')), h('div', { class: 'form' }, field(t('fault.after'), after), field(t('fault.times'), times), field(t('fault.probability'), probability))),
        h('fieldset', null, h('legend', null, t('fault.do')), h('div', { class: 'form' },
          field(t('live.code'), code), field(t('fault.message'), message), field('HTTP', status), field(t('fault.delay'), delay), field(t('fault.cut'), cut), field(t('fault.body'), body), field(t('fault.duplicate'), duplicate),
          flags.map(([flag, box]) => h('label', { class: 'tick' }, box, ' ', t(`fault.flag.${flag}`))))),
        h('p', { class: 'actions' }, h('button', { type: 'button', class: 'button primary', on: { click: add } }, icon('plus'), h('span', null, t('fault.add'))))),
      preview));
}
