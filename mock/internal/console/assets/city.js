// City: car parks on a plan, and the cars in them.

import { all, of, post } from './api.js';
import { button, choice, field, h, put } from './dom.js';
import { t } from './i18n.js';
import { bays, plan, share, taken, tone } from './plan.js';
import { madeUp } from './plates.js';
import { doing, fail, plate, say } from './show.js';
import { vehicleCard } from './vehicle.js';

const MOST = 200; // cars of one car park that are listed
const remembered = { park: '', city: '' };

export const plateColors = () => ['1', '2', '3', '4'].map((c) => [c, t(`color.${c}`)]);

function tariff(p) {
  const { freeMinutes, unitMinutes, unitPrice, dailyCap } = p.tariff;
  const text = t('city.tariff', { freeMinutes, unitMinutes, unitPrice });
  return dailyCap ? text + t('city.cap', { dailyCap }) : text;
}

export function city(app) {
  const at = (path) => of(app.sandbox, path);
  let parkings = [];
  let cars = [];
  let alive = true;

  const head = h('div', { class: 'actions' });
  const planBox = h('div', { class: 'card plan-card' });
  const parks = h('ul', { class: 'parks' });
  const park = h('section', { class: 'card park', 'aria-label': t('city.park') });
  const number = h('input', { class: 'mono', value: madeUp(), autocomplete: 'off', spellcheck: 'false', maxlength: 12 });
  const color = choice(plateColors(), '1');
  const kind = choice([['77', t('city.temporary')], ['76', t('city.longTerm')]], '77');

  const enter = doing(async () => {
    const body = { plateNumber: number.value, plateColor: color.value, parkingId: remembered.park };
    if (kind.value === '76') Object.assign(body, { userType: '76', fixParkingId: 'U1', remainingDays: '30' });
    const order = await post(at('cars/enter'), body);
    say(t('city.entered', { plate: order.plateNumber }));
    number.value = madeUp();
    await load();
  });
  number.addEventListener('keydown', (e) => { if (e.key === 'Enter') enter(e); });

  const leave = (o, payment) => doing(async () => {
    const left = await post(at('cars/exit'), { plateNumber: o.plateNumber, plateColor: o.plateColor, payment });
    say(t('city.left', { plate: left.plateNumber, fee: left.parkingFee, remaining: left.remainingFee }));
    await load();
  });

  function car(o) {
    return h('tr', null,
      h('td', null, h('button', { type: 'button', class: 'link', title: t('city.card'), on: { click: () => vehicleCard(app, o.plateNumber, o.plateColor) } }, plate(o.plateNumber, o.plateColor))),
      h('td', null, h('time', { title: o.entranceTime }, o.entranceTime.slice(5, 16)), o.userType === '76' && h('span', { class: 'muted' }, ` ${t('city.longTerm')}`)),
      h('td', { class: 'right mono' }, `¥${o.parkingFee}`, o.remainingFee !== o.parkingFee && h('span', { class: 'muted' }, ` / ${o.remainingFee}`)),
      h('td', null, h('div', { class: 'actions joined' }, ['cash', 'withhold', 'none'].map((pay) =>
        button({ text: t(`pay.${pay}`), hint: t(`pay.${pay}.hint`), act: leave(o, pay) })))));
  }

  function drawPark() {
    const p = parkings.find((one) => one.id === remembered.park);
    if (!p) {
      put(park, h('p', { class: 'empty' }, t('city.none')));
      return;
    }
    const inside = cars.filter((o) => o.parkingId === p.id);
    put(park,
      h('header', null, h('h2', null, p.name), h('span', { class: `fullness ${tone(p)}` }, `${taken(p)} / ${p.totalSpace}`)),
      h('p', { class: 'muted' }, `${p.city} · ${t(`parkingType.${p.parkingType}`)} · ${p.electronicPayment ? t('city.electronic') : t('city.cashOnly')}`),
      h('p', { class: 'muted' }, tariff(p)),
      bays(p, t('city.bays', { total: p.totalSpace, others: p.occupied, ours: p.parked })),
      h('div', { class: 'form enter' },
        field(t('live.plate'), h('span', { class: 'with-button' }, number, button({ icon: 'dice', hint: t('city.makeUp'), act: () => { number.value = madeUp(); } }))),
        field(t('city.color'), color), field(t('city.userType'), kind),
        button({ text: t('city.enter'), icon: 'in', kind: 'primary', act: enter })),
      h('h3', null, t('city.inside', { n: inside.length })),
      inside.length
        ? h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('city.inside', { n: inside.length }) }, h('table', null,
          h('thead', null, h('tr', null, h('th', null, t('live.plate')), h('th', null, t('city.since')), h('th', { class: 'right' }, t('city.fee')), h('th', null, t('city.leave')))),
          h('tbody', null, inside.slice(0, MOST).map(car))))
        : h('p', { class: 'muted' }, t('city.nobody')),
      inside.length > MOST && h('p', { class: 'muted' }, t('city.more', { n: inside.length - MOST })));
    const label = park.querySelector('.enter label');
    number.id ||= 'enter-plate';
    label?.setAttribute('for', number.id);
  }

  function choosePark(id) {
    remembered.park = id;
    draw();
  }

  function draw() {
    const cities = [...new Set(parkings.map((p) => p.city))];
    if (!cities.includes(remembered.city)) remembered.city = cities[0] ?? '';
    const here = parkings.filter((p) => p.city === remembered.city);
    if (!here.some((p) => p.id === remembered.park)) remembered.park = here[0]?.id ?? '';
    put(head, cities.length < 2 ? null : cities.length <= 6
      ? h('div', { class: 'group', role: 'group', 'aria-label': t('city.city') }, cities.map((c) => button({ text: c, kind: 'chip', pressed: c === remembered.city, act: () => { remembered.city = c; draw(); } })))
      : choice(cities.map((c) => [c, c]), remembered.city, (c) => { remembered.city = c; draw(); }, t('city.city')));
    put(planBox, plan(here, remembered.park, t('city.plan', { city: remembered.city, n: here.length }), choosePark));
    put(parks, here.slice(0, MOST).map((p) => h('li', null, h('button', {
      type: 'button', class: 'park-line', 'aria-pressed': String(p.id === remembered.park), on: { click: () => choosePark(p.id) },
    }, h('span', { class: 'park-name' }, p.name), h('span', { class: 'meter', 'aria-hidden': 'true' }, h('i', { class: tone(p), vars: { '--part': share(p) } })),
    h('span', { class: 'mono' }, `${taken(p)} / ${p.totalSpace}`)))));
    const typing = document.activeElement === number;
    drawPark();
    if (typing) number.focus();
  }

  async function load() {
    const [p, c] = await Promise.all([all(at('parkings')), all(at('orders?state=parked'))]);
    if (!alive) return;
    parkings = p;
    cars = c.sort((a, b) => (a.entranceTime < b.entranceTime ? 1 : -1));
    draw();
  }

  let soon = 0;
  const later = (ms) => { soon ||= setTimeout(() => { soon = 0; if (alive) load().catch(fail); }, ms); };
  const off = app.feed.on((news) => {
    if (news.kinds?.has('car') || news.kinds?.has('clock') || news.kinds?.has('reset')) later(150);
  });
  const watching = setInterval(() => { if (app.clock.mode === 'running' && cars.length && !park.contains(document.activeElement)) later(0); }, 5000);

  load().catch(fail);
  const element = h('div', { class: 'page city' },
    h('div', { class: 'page-head' }, h('h1', null, t('nav.city')), head),
    h('div', { class: 'city-split' }, h('div', { class: 'city-left' }, planBox, h('div', { class: 'card' }, h('h2', { class: 'hidden' }, t('city.parks')), parks)), park));
  return { element, close: () => { alive = false; off(); clearInterval(watching); clearTimeout(soon); } };
}
