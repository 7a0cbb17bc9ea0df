// City: car parks on a plan, and the cars in them.

import { all, of, post } from './api.js';
import { button, choice, field, h, keyed, put, setText } from './dom.js';
import { kept } from './drafts.js';
import { t } from './i18n.js';
import { doing, fail, say } from './notices.js';
import { bays, occupied, plan, share, tone } from './plan.js';
import { madeUp } from './plates.js';
import { loading, plate, unread } from './show.js';
import { vehicleCard } from './vehicle.js';

const MOST = 200; // cars of one car park that are listed
const DRAW_BAYS = 150; // milliseconds between two drawings of the spaces

const PLATE_COLORS = ['1', '2', '3', '4'];
export const plateColors = () => PLATE_COLORS.map((c) => [c, t(`color.${c}`)]);

function tariff(p) {
  const { freeMinutes, unitMinutes, unitPrice, dailyCap } = p.tariff;
  const text = t('city.tariff', { freeMinutes, unitMinutes, unitPrice });
  return dailyCap ? text + t('city.cap', { dailyCap }) : text;
}

export function city(app) {
  const at = (path) => of(app.sandbox, path);
  let parkings = [];
  let cars = [];
  const seen = new Map(); // orders by when the page first saw them: who comes is last, so that no row moves under the pointer
  let alive = true;
  let chosen = app.at.query.get('park') ?? '';
  let town = app.at.query.get('city') ?? '';

  const head = h('div', { class: 'actions' });
  const planBox = h('div', { class: 'card plan-card' }, loading());
  const parks = h('ul', { class: 'parks' });
  const number = kept('city.plate', h('input', { class: 'mono', value: madeUp(), autocomplete: 'off', spellcheck: 'false', maxlength: 12, id: 'enter-plate' }));
  const color = kept('city.color', choice(plateColors(), '1'));
  const kind = kept('city.kind', choice([['77', t('city.temporary')], ['76', t('city.longTerm')]], '77'));

  const enter = doing(async (e) => {
    const near = e.currentTarget;
    const body = { plateNumber: number.value, plateColor: color.value, parkingId: chosen };
    if (kind.value === '76') Object.assign(body, { userType: '76', fixParkingId: 'U1', remainingDays: '30' });
    const order = await post(at('cars/enter'), body);
    say(t('city.entered', { plate: order.plateNumber }), '', near);
    newPlate();
    await load();
  });

  function newPlate() {
    number.value = madeUp();
    number.dispatchEvent(new Event('input'));
  }

  const leave = (row, payment) => doing(async (e) => {
    const near = e.currentTarget;
    const { plateNumber, plateColor } = row.order;
    const left = await post(at('cars/exit'), { plateNumber, plateColor, payment });
    say(t('city.left', { plate: left.plateNumber, fee: left.parkingFee, remaining: left.remainingFee }), '', near.isConnected ? near : number);
    await load();
  });

  function car(o) {
    const row = { order: o };
    const fee = h('span');
    const owing = h('div', { class: 'muted' });
    row.element = h('tr', null,
      h('td', null, h('button', { type: 'button', class: 'link', title: t('city.card'), on: { click: () => vehicleCard(app, o.plateNumber, o.plateColor) } }, plate(o.plateNumber, o.plateColor))),
      h('td', null, h('time', { title: o.entranceTime }, o.entranceTime.slice(5, 16)), o.userType === '76' && [' ', h('span', { class: 'muted whole' }, t('city.longTerm'))]),
      h('td', { class: 'right mono whole' }, fee, ' ', h('a', { href: app.href('stay', o.orderId), 'aria-label': t('orders.open', { plate: o.plateNumber, id: o.orderId }) }, t('city.stay')), owing),
      h('td', null, h('div', { class: 'actions joined' }, ['cash', 'withhold', 'none'].map((pay) => {
        const b = button({ text: t(`pay.${pay}`), hint: t(`pay.${pay}.hint`), act: leave(row, pay) });
        b.setAttribute('aria-label', `${t(`pay.${pay}`)}: ${o.plateNumber}`);
        return b;
      }))));
    row.update = (now) => {
      row.order = now;
      setText(fee, `¥${now.parkingFee}`);
      setText(owing, now.remainingFee === now.parkingFee ? '' : now.remainingFee === '0' ? t('orders.settled') : t('stay.owing', { remaining: now.remainingFee }));
    };
    return row;
  }

  function parkLine(p) {
    const level = h('i');
    const text = h('span', { class: 'mono' });
    const row = { element: h('li', null, h('button', { type: 'button', class: 'park-line', on: { click: () => choosePark(p.id) } }, h('span', { class: 'park-name', title: p.name }, p.name), h('span', { class: 'meter', 'aria-hidden': 'true' }, level), text)) };
    row.update = (now) => {
      row.element.firstChild.setAttribute('aria-pressed', String(now.id === chosen));
      level.className = tone(now);
      level.style.setProperty('--part', share(now));
      setText(text, `${occupied(now)} / ${now.totalSpace}`);
    };
    return row;
  }

  const parts = {
    name: h('h2'), full: h('span'), where: h('p', { class: 'muted' }), tariff: h('p', { class: 'muted' }), bays: h('div'),
    inside: h('h3'), body: h('tbody'), more: h('p', { class: 'muted' }), none: h('p', { class: 'muted' }, t('city.nobody')),
  };
  const table = h('div', { class: 'scroll', tabindex: 0, role: 'region' }, h('table', null,
    h('thead', null, h('tr', null, h('th', null, t('live.plate')), h('th', null, t('city.since')), h('th', { class: 'right' }, t('city.fee')), h('th', null, t('city.leave')))), parts.body));
  const park = h('section', { class: 'card park', 'aria-label': t('city.park'), hidden: true },
    h('header', null, parts.name, parts.full), parts.where, parts.tariff, parts.bays,
    h('div', { class: 'form enter' },
      field(t('live.plate'), number), button({ icon: 'dice', hint: t('city.makeUp'), act: newPlate }),
      field(t('city.color'), color), field(t('city.userType'), kind),
      button({ text: t('city.enter'), icon: 'in', kind: 'primary', act: enter })),
    parts.inside, table, parts.none, parts.more);
  const nothing = h('p', { class: 'empty', hidden: true }, t('city.none'));

  function drawPark() {
    const p = parkings.find((one) => one.id === chosen);
    park.hidden = !p;
    if (!p) return;
    const inside = cars.filter((o) => o.parkingId === p.id);
    setText(parts.name, p.name);
    setText(parts.full, `${occupied(p)} / ${p.totalSpace}`);
    parts.full.className = `fullness ${tone(p)}`;
    setText(parts.where, `${p.city} · ${t(`parkingType.${p.parkingType}`)} · ${p.electronicPayment ? t('city.electronic') : t('city.cashOnly')}`);
    setText(parts.tariff, tariff(p));
    const state = `${p.id} ${p.totalSpace} ${p.occupied} ${p.parked}`;
    if (parts.bays.dataset.state !== state) put(parts.bays, bays(p, t('city.bays', { total: p.totalSpace, others: p.occupied, ours: p.parked })));
    parts.bays.dataset.state = state;
    setText(parts.inside, t('city.inside', { n: inside.length }));
    table.setAttribute('aria-label', t('city.inside', { n: inside.length }));
    keyed(parts.body, inside.slice(0, MOST), (o) => o.orderId, car);
    table.hidden = !inside.length;
    parts.none.hidden = inside.length > 0;
    setText(parts.more, inside.length > MOST ? t('city.more', { n: inside.length - MOST }) : '');
  }

  function choosePark(id) {
    chosen = id;
    app.go({ park: id });
    draw();
  }

  function chooseTown(name) {
    town = name;
    app.go({ city: name });
    draw();
  }

  let townsDrawn = '';
  function drawTowns(towns) {
    const state = JSON.stringify([towns, town]);
    if (state === townsDrawn) return;
    townsDrawn = state;
    put(head, towns.length < 2 ? null : towns.length <= 6
      ? h('div', { class: 'group', role: 'group', 'aria-label': t('city.city') }, towns.map((c) => button({ text: c, kind: 'chip', pressed: c === town, act: () => chooseTown(c) })))
      : choice(towns.map((c) => [c, c]), town, chooseTown, t('city.city')));
  }

  let planned = '';
  function draw() {
    const towns = [...new Set(parkings.map((p) => p.city))];
    if (!towns.includes(town)) town = parkings.find((p) => p.id === chosen)?.city ?? towns[0] ?? '';
    const here = parkings.filter((p) => p.city === town);
    if (!here.some((p) => p.id === chosen)) chosen = here[0]?.id ?? '';
    drawTowns(towns);
    const state = JSON.stringify([here.map((p) => [p.id, p.name, p.lat, p.lon, occupied(p), p.totalSpace]), chosen]);
    if (state !== planned) put(planBox, plan(here, chosen, t('city.plan', { city: town, n: here.length }), choosePark));
    planned = state;
    keyed(parks, here.slice(0, MOST), (p) => p.id, parkLine);
    nothing.hidden = parkings.length > 0;
    drawPark();
  }

  async function load() {
    const [p, c] = await Promise.all([all(at('parkings')), all(at('orders?state=parked'))]);
    if (!alive) return;
    parkings = p;
    for (const o of c) if (!seen.has(o.orderId)) seen.set(o.orderId, seen.size);
    cars = c.sort((a, b) => seen.get(a.orderId) - seen.get(b.orderId));
    draw();
  }

  function start() {
    load().catch((error) => { if (alive) put(planBox, unread(error, () => { put(planBox, loading()); start(); })); });
  }

  let soon = 0;
  const later = (ms) => { soon ||= setTimeout(() => { soon = 0; if (alive) load().catch(fail); }, app.feed.pace(ms)); };
  const off = app.feed.on((news) => { if (['car', 'clock', 'reset'].some((one) => news.kinds?.has(one))) later(DRAW_BAYS); });
  const watching = setInterval(() => { if (app.clock.mode === 'running' && cars.length && !document.hidden) later(0); }, 5000);

  start();
  const element = h('div', { class: 'page city' },
    h('div', { class: 'page-head' }, h('h1', null, t('nav.city')), head),
    nothing,
    h('div', { class: 'city-split' }, h('div', { class: 'city-left' }, planBox, h('div', { class: 'card' }, h('h2', { class: 'hidden' }, t('city.parks')), parks)), park));
  return {
    element,
    arrive(query) { chosen = query.get('park') ?? chosen; town = query.get('city') ?? town; draw(); },
    close: () => { alive = false; off(); clearInterval(watching); clearTimeout(soon); },
  };
}
