// One stay, from the first SMS code to the last push: its time line, its fee, and each call and push it is made of.

import { all, get, of } from './api.js';
import { fetchRow, otherDetail, requestDetail } from './detail.js';
import { pushDetail } from './detail-push.js';
import { button, h, put, renew, setText } from './dom.js';
import { feeCurve } from './feecurve.js';
import { t } from './i18n.js';
import { laneList, lanes, nodesOf } from './lanes.js';
import { fail, say } from './notices.js';
import { curlAfresh } from './repeat.js';
import { copy, loading, missing, plate, unread } from './show.js';
import { format, parse, spell } from './times.js';

const AHEAD = 3 * 3600_000; // how far beyond now the fee is drawn while the car is parked
const LONGEST = 31 * 86_400_000;
const MOST = 5000; // steps of a fee
const REDRAW = 120_000; // milliseconds that the curve may end before its end, so that it need not be drawn at each event
const stateTone = { parked: 'pending', left: 'delivered', owing: 'failed' };

// curveOf reads the whole fee line of an order, page by page.
async function curveOf(path, until) {
  let curve = null;
  for (let after = ''; ;) {
    const page = await get(`${path}?limit=1000&until=${encodeURIComponent(until)}${after && '&after=' + encodeURIComponent(after)}`);
    if (curve) curve.items.push(...page.items);
    else curve = page;
    after = page.next ?? '';
    if (!after || curve.items.length >= MOST) return curve;
  }
}

export function stay(app) {
  const id = app.at.part;
  const at = (path) => of(app.sandbox, path);
  const { feed, clock } = app;
  let alive = true;
  let order = null;
  let pushes = [];
  let nodes = [];
  let curve = null;
  let drawnFee = '';
  let until = '';
  const view = { pointed: null, steps: false };
  let open = '';

  const head = h('div', { class: 'page-head stay-head' });
  const fee = h('div', null, loading());
  const line = h('div', { class: 'stay-line' }, loading());
  const timeLine = laneList();
  const body = h('div', { class: 'pane-body' });
  const pane = h('aside', { class: 'pane', 'aria-label': t('live.detail') }, body);

  async function findOrder() {
    for (let after = ''; ;) {
      const page = await get(`${at('orders')}?order=newest&limit=1000${after && '&after=' + encodeURIComponent(after)}`);
      const found = page.items.find((o) => o.orderId === id) ?? page.items.find((o) => o.plateNumber === id);
      if (found || !page.next) return found ?? null;
      after = page.next;
    }
  }

  function drawHead() {
    const until = order.exitTime || clock.text();
    put(head, h('h1', null, plate(order.plateNumber, order.plateColor), ' ', order.parkingName),
      h('span', { class: `status status-${stateTone[order.state]}` }, t(`order.${order.state}`)),
      h('p', null, `${order.entranceTime} – ${order.exitTime || t('stay.stillIn')} · ${spell(parse(until) - parse(order.entranceTime))}`),
      h('p', { class: 'stay-money' }, h('b', null, `¥${order.parkingFee}`), ' ', t('stay.paid', { electronic: order.paidElectronic, cash: order.paidCash }), ' · ',
        h('span', { class: order.remainingFee === '0' ? 'good-text' : 'bad-text' }, t('stay.owing', { remaining: order.remainingFee }))),
      h('p', { class: 'actions' }, button({ text: t('stay.copyId'), icon: 'copy', kind: 'quiet', act: (e) => copy(order.orderId, e.currentTarget) }),
        h('a', { class: 'button quiet', href: app.href('live', '', new URLSearchParams({ q: `plate:${order.plateNumber}` })) }, t('stay.inLive'))));
    document.title = `${order.plateNumber} · ${app.sandbox} · etcp-mock`;
  }

  function drawLine() {
    if (!timeLine.list.isConnected) put(line, timeLine.elements);
    lanes(timeLine.list, nodes, clock.text(), open, (node, key) => show(node, key, true));
  }

  // readFee gives what draws the fee: it stands above the time line, and must not push it away from under the pointer later.
  async function readFee() {
    const now = clock.text();
    const end = order.exitTime ? parse(order.exitTime) : Math.max(parse(now), Math.min(parse(now) + AHEAD, parse(order.entranceTime) + LONGEST));
    try {
      const line = await curveOf(at(`orders/${encodeURIComponent(order.orderId)}/fee`), format(end));
      return () => drawFee(line, now);
    } catch (error) {
      return () => put(fee, missing(error, t('fee.title')));
    }
  }

  function drawFee(line, now) {
    const same = JSON.stringify({ ...line, until: order.exitTime && line.until });
    if (curve && same === drawnFee && parse(line.until) - parse(until) < REDRAW) {
      curve.move(now);
      return;
    }
    [drawnFee, until] = [same, line.until];
    curve = feeCurve({
      points: line.items, from: line.entranceTime, until: line.until, now, freeMinutes: line.freeMinutes, cap: line.dailyCap, quotes: line.quotes, payments: line.payments,
    }, view);
    renew(fee, curve.element);
  }

  const acts = {
    close: () => hide(),
    link: (e) => copy(location.href, e.currentTarget),
    move(step) {
      const keyed = nodes.filter((node) => node.pushId || node.requestId);
      const keys = keyed.map((node) => (node.pushId ? `push-${node.pushId}` : `request-${node.requestId}`)).filter((key, i, list) => list.indexOf(key) === i);
      const next = keys[keys.indexOf(open) + step];
      if (next) show(null, next, true);
    },
  };

  async function show(node, key, focus) {
    const was = open;
    open = key || `car-${node?.kind}`;
    root.classList.add('with-pane');
    if (focus) app.go({ row: key }, { push: !was && key !== '' });
    for (const card of line.querySelectorAll('.node-card')) card.setAttribute('aria-pressed', String(key !== '' && card.dataset.row === key));
    if (!key) {
      put(body, otherDetail(app, { what: 'car', item: order, at: node.at, plate: order.plateNumber, order: '', phone: '' }, acts));
      return;
    }
    try {
      const row = feed.byKey.get(key) ?? await fetchRow(app, key);
      if (!alive || open !== key || !row) return;
      (was === key ? renew : put)(body, row.what === 'request' ? requestDetail(app, row, acts) : pushDetail(app, row, acts));
    } catch (error) {
      try { put(body, missing(error, t('live.row', { id: key.replace(/^\w+-/, '') }))); } catch (other) { fail(other); }
    }
  }

  function hide(address = true) {
    const was = open;
    open = '';
    root.classList.remove('with-pane');
    put(body);
    for (const card of line.querySelectorAll('.node-card')) card.setAttribute('aria-pressed', 'false');
    if (address) {
      app.go({ row: '' });
      line.querySelector(`[data-row="${CSS.escape(was)}"]`)?.focus();
    }
  }

  async function load() {
    try {
      const found = await findOrder();
      if (!alive) return;
      if (!found) {
        put(line, h('p', { class: 'empty' }, t('stay.unknown', { id })));
        put(fee);
        return;
      }
      order = found;
      pushes = (await all(`${at('pushes')}?plateNumber=${encodeURIComponent(order.plateNumber)}`)).filter((p) => p.orderId === order.orderId);
      const [items, draw] = await Promise.all([all(at(`stays/${encodeURIComponent(order.orderId)}`)), readFee()]);
      if (!alive) return;
      nodes = nodesOf(items, pushes);
      drawHead();
      draw();
      drawLine();
    } catch (error) {
      if (alive) put(line, unread(error, () => { put(line, loading()); load(); }));
    }
  }

  let soon = 0;
  const later = () => { soon ||= setTimeout(() => { soon = 0; if (alive) load(); }, feed.pace(250)); };
  const off = feed.on((news) => {
    if (news.all || ['request', 'push', 'car', 'clock', 'reset'].some((kind) => news.kinds?.has(kind))) later();
    if (open && news.changed?.has(open)) show(null, open, false);
  });
  const ticking = setInterval(() => { if (order) { curve?.move(clock.text()); const now = timeLine.list.querySelector('.node-now span'); if (now) setText(now, t('stay.now', { now: clock.text().slice(11) })); } }, 500);

  const root = h('div', { class: 'stay' }, h('h1', { class: 'hidden' }, t('nav.stay')), // there where the pane covers the page
    h('div', { class: 'stay-main' }, h('div', { class: 'page' },
      h('p', null, h('a', { class: 'back', href: app.href('orders') }, t('stay.all'))), head,
      h('section', { class: 'card' }, h('h2', null, t('fee.title')), fee),
      h('section', { class: 'card' }, h('h2', null, t('stay.line')), line))),
    pane);
  load().then(() => { const row = app.at.query.get('row'); if (row && alive) show(null, row, false); });
  return {
    element: root,
    arrive(query) {
      const row = query.get('row') ?? '';
      if (!row) hide(false);
      else if (row !== open) show(null, row, false);
    },
    key(e) {
      const shown = open.startsWith('request-') && feed.byKey.get(open)?.item;
      const keys = { Escape: () => open && hide(), j: () => acts.move(1), k: () => acts.move(-1), c: () => (shown ? copy(curlAfresh(shown)) : say(t('keys.curl.none'))) };
      if (!keys[e.key]) return;
      e.preventDefault();
      keys[e.key]();
    },
    close: () => { alive = false; off(); clearTimeout(soon); clearInterval(ticking); },
  };
}
