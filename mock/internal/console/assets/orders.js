// Orders: every stay, found by what is known of it, with its fee explained; cars enter and leave here too.

import { all, get, of, post } from './api.js';
import { button, choice, field, h, icon, keyed, put, setText } from './dom.js';
import { kept } from './drafts.js';
import { lang, t } from './i18n.js';
import { doing, fail, say } from './notices.js';
import { loading, plate, unread } from './show.js';
import { spell, parse } from './times.js';

const MOST = 300; // rows that are drawn
const STATES = ['parked', 'left', 'owing'];
const tone = { parked: 'pending', left: 'delivered', owing: 'failed' };

export function orders(app) {
  const at = (path) => of(app.sandbox, path);
  let alive = true;
  let items = null;
  const shown = new Map(); // rows by order
  const tick = () => { for (const row of shown.values()) row.tick(); }; // time passes for the cars that are parked
  let text = app.at.query.get('q') ?? '';
  let state = app.at.query.get('state') ?? '';

  const count = h('span', { class: 'count', role: 'status' });
  const body = h('tbody');
  const note = h('div', null, loading());
  const input = h('input', { type: 'search', class: 'filter-text', 'aria-label': t('orders.search'), placeholder: t('orders.search'), value: text, autocomplete: 'off', spellcheck: 'false', on: { input: () => { text = input.value; draw(); app.go({ q: text }); } } });
  const chips = STATES.map((name) => button({ text: t(`order.${name}`), kind: 'chip', pressed: state === name, act: () => { state = state === name ? '' : name; app.go({ state }); draw(); } }));

  const number = kept('orders.plate', h('input', { class: 'mono', autocomplete: 'off', spellcheck: 'false', maxlength: 12, placeholder: '渝ATX061' }));
  const park = h('select');
  const enter = doing(async (e) => {
    const near = e.currentTarget;
    const order = await post(at('cars/enter'), { plateNumber: number.value, parkingId: park.value });
    say(t('city.entered', { plate: order.plateNumber }), '', near);
    await load();
  });

  // explain shows how a fee comes about, below its row.
  const explain = (row) => doing(async () => {
    if (row.why.firstChild) { put(row.why); return; }
    const points = await all(at(`orders/${encodeURIComponent(row.order.orderId)}/fee`));
    const last = points.at(-1);
    put(row.why, last ? t('fee.since', { at: last.at, fee: last.fee, why: (lang() === 'zh' && last.whyZh) || last.why || '' }) : t('show.none'));
  });

  const leave = (row, payment) => doing(async (e) => {
    const near = e.currentTarget;
    const left = await post(at('cars/exit'), { plateNumber: row.order.plateNumber, plateColor: row.order.plateColor, payment });
    say(t('city.left', { plate: left.plateNumber, fee: left.parkingFee, remaining: left.remainingFee }), '', near);
    await load();
  });

  function make(o) {
    const row = { order: o, why: h('p', { class: 'note fee-explained', role: 'status' }) };
    const cells = { state: h('span'), park: h('span', { class: 'clip' }), times: h('span', { class: 'times' }), lasted: h('span', { class: 'muted' }), fee: h('b', { class: 'mono' }), owing: h('span') };
    const link = h('a', { href: app.href('stay', o.orderId), 'aria-label': t('orders.open', { plate: o.plateNumber, id: o.orderId }) }, plate(o.plateNumber, o.plateColor));
    const why = button({ text: t('orders.why'), kind: 'quiet', hint: t('orders.why.of', { plate: o.plateNumber }), act: explain(row) });
    const pays = h('div', { class: 'actions joined' }, ['cash', 'withhold', 'none'].map((pay) => button({ text: t(`pay.${pay}`), hint: t(`pay.${pay}.hint`), act: leave(row, pay) })));
    row.element = h('tr', null, h('td', null, link, h('div', { class: 'muted mono clip order-id', title: o.orderId }, o.orderId)), h('td', null, cells.state), h('td', null, cells.park), h('td', null, cells.times, h('br'), cells.lasted),
      h('td', { class: 'right' }, cells.fee, h('br'), cells.owing), h('td', { class: 'order-acts' }, h('div', { class: 'actions' }, why, pays), row.why));
    row.tick = () => setText(cells.lasted, spell((row.order.exitTime ? parse(row.order.exitTime) : app.clock.now()) - parse(row.order.entranceTime)));
    row.update = (now) => {
      row.order = now;
      shown.set(now.orderId, row);
      cells.state.className = `status status-${tone[now.state]}`;
      setText(cells.state, t(`order.${now.state}`));
      setText(cells.park, now.parkingName);
      cells.park.title = now.parkingName;
      setText(cells.times, `${now.entranceTime} – ${now.exitTime || '…'}`);
      row.tick();
      setText(cells.fee, `¥${now.parkingFee}`);
      setText(cells.owing, now.remainingFee === '0' ? t('orders.settled') : t('stay.owing', { remaining: now.remainingFee }));
      cells.owing.className = now.remainingFee === '0' ? 'muted' : 'bad-text';
      pays.hidden = now.state !== 'parked';
    };
    return row;
  }

  function draw() {
    if (!items) return;
    const wanted = text.replaceAll(/\s/g, '').toLowerCase();
    const found = items.filter((o) => (!state || o.state === state) && (!wanted || `${o.plateNumber} ${o.orderId} ${o.parkingName} ${o.entranceTime.replaceAll(/\s/g, '')}`.toLowerCase().includes(wanted)));
    shown.clear();
    keyed(body, found.slice(0, MOST), (o) => o.orderId, make);
    STATES.forEach((name, i) => chips[i].setAttribute('aria-pressed', String(state === name)));
    setText(count, found.length === items.length ? t('orders.count', { n: items.length }) : t('live.of', { n: found.length, all: items.length }));
    put(note, found.length ? found.length > MOST && h('p', { class: 'muted' }, t('orders.more', { n: found.length - MOST })) : h('p', { class: 'empty' }, t(items.length ? 'live.empty.filtered' : 'orders.none')));
    table.hidden = !found.length;
  }

  async function load() {
    const found = await all(`${at('orders')}?order=newest`);
    if (!alive) return;
    items = found;
    draw();
  }

  async function start() {
    try {
      const [parkings] = await Promise.all([all(at('parkings')), load()]);
      if (!alive) return;
      put(park, parkings.map((p) => h('option', { value: p.id }, p.name)));
      form.hidden = !parkings.length;
      kept('orders.park', park);
    } catch (error) {
      if (alive) put(note, unread(error, () => { put(note, loading()); start(); }));
    }
  }

  let soon = 0;
  app.clock.changed.add(tick);
  const ticking = setInterval(tick, 1000);
  const off = app.feed.on((news) => {
    if (news.all ? false : ['car', 'clock', 'reset', 'request'].some((kind) => news.kinds?.has(kind))) soon ||= setTimeout(() => { soon = 0; if (alive) load().catch(fail); }, app.feed.pace(300));
  });
  const table = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('nav.orders') }, h('table', { class: 'orders' },
    h('thead', null, h('tr', null, [t('live.plate'), t('orders.state'), t('city.park'), t('orders.times'), t('city.fee'), t('orders.acts')].map((c, i) => h('th', { class: i === 4 ? 'right' : '' }, c)))), body));
  const form = h('div', { class: 'form' }, field(t('live.plate'), number), field(t('city.park'), park), h('button', { type: 'button', class: 'button primary', on: { click: enter } }, icon('in'), h('span', null, t('city.enter'))));
  table.hidden = true;
  start();
  return {
    element: h('div', { class: 'page' },
      h('div', { class: 'page-head' }, h('h1', null, t('nav.orders')), h('p', null, t('orders.about'))),
      h('section', { class: 'card' }, h('div', { class: 'toolbar plain-bar', role: 'search', 'aria-label': t('orders.search') }, input, h('div', { class: 'group', role: 'group', 'aria-label': t('orders.state') }, chips), h('span', { class: 'grow' }), count), note, table),
      h('section', { class: 'card' }, h('h2', null, t('orders.enter')), form)),
    focus: () => input.focus(),
    search: () => { input.focus(); input.select(); return true; },
    arrive(query) { text = query.get('q') ?? ''; state = query.get('state') ?? ''; input.value = text; draw(); },
    close: () => { alive = false; off(); clearTimeout(soon); clearInterval(ticking); app.clock.changed.delete(tick); },
  };
}
