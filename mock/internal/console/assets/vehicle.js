// A vehicle's card: owner, merchants, certification, history.

import { all, get, of } from './api.js';
import { h } from './dom.js';
import { listed, t } from './i18n.js';
import { fail } from './notices.js';
import { dialog, facts, plate } from './show.js';

export async function vehicleCard(app, number, color) {
  try {
    const name = encodeURIComponent(number);
    const [card, orders] = await Promise.all([
      get(of(app.sandbox, `vehicles/${name}?plateColor=${color}`)), all(of(app.sandbox, `orders?plateNumber=${name}`)),
    ]);
    const history = orders.filter((o) => o.plateColor === card.plateColor).sort((a, b) => (a.entranceTime < b.entranceTime ? 1 : -1));
    const { owner, registered } = card;
    const d = dialog(t('car.title', { plate: card.plateNumber }), [
      h('p', { class: 'plate-big' }, plate(card.plateNumber, card.plateColor), ' ', h('span', { class: 'muted' }, t(`color.${card.plateColor}`))),
      facts([
        [t('car.owner'), owner ? `${owner.phone} · ${t('car.since', { since: owner.since })}` : t('car.unbound')],
        [t('car.merchants'), owner && (listed(owner.merchants) || t('show.none'))],
        [t('car.certified'), owner && (owner.certifiedFor ?? t('car.uncertified'))],
        ['VIN', registered?.vin], [t('car.engine'), registered?.engine],
        [t('city.userType'), registered?.userType === '76' ? t('city.longTerm') : ''],
        [t('car.days'), registered?.remainingDays],
      ]),
      h('h3', null, t('car.history', { n: history.length })),
      history.length > 0 && h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('car.history', { n: history.length }) }, h('table', null,
        h('thead', null, h('tr', null, [t('city.park'), t('car.in'), t('car.out'), t('city.fee'), t('car.paid'), ''].map((c) => h('th', null, c || h('span', { class: 'hidden' }, t('live.col.result')))))),
        h('tbody', null, history.slice(0, 50).map((o) => h('tr', null,
          h('td', null, o.parkingName), h('td', null, h('a', { href: app.href('stay', o.orderId), on: { click: () => d.close() } }, h('time', { title: o.entranceTime }, o.entranceTime.slice(0, 16)))), h('td', null, o.exitTime ? h('time', null, o.exitTime.slice(0, 16)) : '–'),
          h('td', { class: 'mono' }, `¥${o.parkingFee}`), h('td', { class: 'mono' }, t('car.payment', { electronic: o.paidElectronic, cash: o.paidCash })),
          h('td', null, h('span', { class: `status status-${{ parked: 'pending', left: 'delivered', owing: 'failed' }[o.state]}` }, t(`order.${o.state}`)))))))),
    ]);
    d.box.classList.add('wide');
    await d.closed;
  } catch (error) { fail(error); }
}
