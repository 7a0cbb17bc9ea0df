// Faults: switches for the usual ones, a form for the rest, and what each has done.

import { all, del, of, post } from './api.js';
import { button, choice, field, h, icon, put } from './dom.js';
import { t } from './i18n.js';
import { doing, fail, jsonText, missing, say, sure } from './show.js';

const endpoints = ['uservalidatecode', 'userlogin', 'usersigin', 'bindcar', 'unbindcar', 'orderhistory', 'orderunpay', 'orderpaid', 'carretrieve', 'surroundingparking', 'parkingstatus', 'carnum'];
const kinds = ['entry', 'exit', 'unbind', 'certification-invalid'];

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

  const board = h('div', { class: 'switches' });
  const table = h('div');

  const flip = (one, active) => doing(async () => {
    if (active.length) for (const f of active) await del(at(`faults/${encodeURIComponent(f.id)}`));
    else for (const f of faultsOf(one)) await post(at('faults'), f);
    await load();
  });

  function tile(one) {
    const active = list.filter((f) => f.name === PREFIX + one.id);
    const applied = active.reduce((n, f) => n + (f.stats?.applied ?? 0), 0);
    return h('button', { type: 'button', role: 'switch', class: 'switch', 'aria-checked': String(active.length > 0), on: { click: flip(one, active) } },
      h('span', { class: 'knob', 'aria-hidden': 'true' }),
      h('span', null, h('b', null, t(`fault.${one.id}`)), h('span', { class: 'note' }, t(`fault.${one.id}.note`))),
      active.length > 0 && h('span', { class: 'hits' }, t('fault.hits', { n: applied })));
  }

  function draw() {
    const focused = [...board.querySelectorAll('.switch')].indexOf(document.activeElement);
    put(board,
      h('h3', null, t('fault.requests')), h('div', { class: 'tiles' }, switches.filter((s) => s.on === 'request').map(tile)),
      h('h3', null, t('fault.pushes')), h('div', { class: 'tiles' }, switches.filter((s) => s.on === 'push').map(tile)));
    if (focused >= 0) board.querySelectorAll('.switch')[focused]?.focus();
    if (!list.length) {
      put(table, h('p', { class: 'muted' }, t('fault.none')));
      return;
    }
    put(table, h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('fault.active') }, h('table', null,
      h('thead', null, h('tr', null, [t('fault.name'), t('fault.on'), t('fault.do'), t('fault.matched'), t('fault.applied'), ''].map((c) => h('th', null, c || h('span', { class: 'hidden' }, t('show.delete')))))),
      h('tbody', null, list.map((f) => h('tr', null,
        h('td', null, f.name?.startsWith(PREFIX) ? t(`fault.${f.name.slice(PREFIX.length)}`) : f.name || h('code', null, f.id)),
        h('td', null, h('code', null, JSON.stringify(f.on))),
        h('td', null, h('code', null, JSON.stringify(f.do)), f.probability !== undefined && h('span', { class: 'muted' }, ` ${f.probability * 100}%`), f.after && h('span', { class: 'muted' }, ` after ${f.after}`), f.times && h('span', { class: 'muted' }, ` ×${f.times}`)),
        h('td', { class: 'mono' }, f.stats?.matched ?? '–'), h('td', { class: 'mono' }, f.stats?.applied ?? '–'),
        h('td', null, button({ icon: 'trash', hint: `${t('show.delete')} ${f.id}`, kind: 'quiet', act: doing(async () => { await del(at(`faults/${encodeURIComponent(f.id)}`)); await load(); }) }))))))));
  }

  async function load() {
    try {
      list = await all(at('faults'));
    } catch (error) {
      const note = missing(error, t('nav.faults'));
      if (alive) put(board, note);
      return;
    }
    if (alive) draw();
  }

  const clear = doing(async () => {
    if (!await sure(t('fault.clear.sure', { n: list.length }), t('fault.clear'))) return;
    await del(at('faults'));
    await load();
  });

  let soon = 0;
  const off = app.feed.on((news) => {
    if (news.kinds?.has('fault') || news.kinds?.has('reset')) soon ||= setTimeout(() => { soon = 0; load().catch(fail); }, 200);
  });
  load().catch(fail);
  const element = h('div', { class: 'page' },
    h('div', { class: 'page-head' }, h('h1', null, t('nav.faults')), h('p', null, t('fault.about'))),
    h('section', { class: 'card' }, h('h2', null, t('fault.usual')), board),
    h('section', { class: 'card' }, h('header', null, h('h2', null, t('fault.active')), button({ text: t('fault.clear'), icon: 'trash', kind: 'quiet', act: clear })), table),
    form(app, load));
  return { element, close: () => { alive = false; off(); clearTimeout(soon); } };
}

// form makes any fault there is; what it would send is shown beside it.
function form(app, done) {
  const input = (size, props) => h('input', { size, autocomplete: 'off', ...props });
  const name = input(16);
  const on = choice([['', t('fault.any')], ...endpoints.map((e) => [e, e]), ...kinds.map((k) => [`push:${k}`, t(`kind.${k}`)])], '', () => show());
  const merchant = input(10);
  const where = input(20, { class: 'mono', placeholder: '{"plateNumber":"渝ATX061"}' });
  const after = input(4, { inputmode: 'numeric' });
  const times = input(4, { inputmode: 'numeric' });
  const probability = input(5, { inputmode: 'decimal', placeholder: '0.2' });
  const code = input(6, { inputmode: 'numeric', placeholder: '20100' });
  const message = input(14);
  const status = input(5, { inputmode: 'numeric', placeholder: '503' });
  const delay = input(16, { class: 'mono', placeholder: '2s · 1s-3s · 200ms~0.6' });
  const cut = choice([['', t('show.none')], ['before', t('fault.cut.before')], ['after', t('fault.cut.after')]], '', () => show());
  const body = input(18, { class: 'mono' });
  const duplicate = input(3, { inputmode: 'numeric', placeholder: '2' });
  const flags = ['truncate', 'reorder', 'corruptSign', 'drop'].map((flag) => [flag, h('input', { type: 'checkbox', id: `flag-${flag}`, on: { change: () => show() } })]);
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
      on: { endpoint: push ? undefined : on.value || undefined, push, merchantNo: merchant.value.trim() || undefined, where: where.value.trim() ? JSON.parse(where.value) : undefined },
      after: num(after), times: num(times), probability: num(probability),
      do: { code: num(code), message: message.value || undefined, httpStatus: num(status), delay: delayed(), cut: cut.value || undefined, body: body.value || undefined, duplicate: num(duplicate) },
    };
    for (const [flag, box] of flags) if (box.checked) fault.do[flag] = true;
    return JSON.parse(JSON.stringify(fault));
  }

  function show() {
    try { put(preview, jsonText(made())); } catch (error) { put(preview, h('p', { class: 'bad-text' }, `${t('fault.where')}: ${error.message}`)); }
  }

  const add = doing(async () => {
    await post(of(app.sandbox, 'faults'), made());
    say(t('fault.added'));
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
