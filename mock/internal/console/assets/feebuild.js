// The points of a fee where the server does not list them: the tariff applied to a stay (docs/protocol.md, Money and tariffs).

import { t } from './i18n.js';
import { format, parse } from './times.js';

const DAY = 86_400_000;
const MOST = 2_000; // points

// feeOf is the fee of a stay in fen, and its sentence.
function feeOf(stay, tariff, deducted) {
  const free = tariff.freeMinutes * 60_000;
  if (stay <= free) return { fee: 0, why: t('fee.built.free', { n: tariff.freeMinutes }) };
  const counted = deducted ? stay - free : stay;
  const unit = tariff.unitMinutes * 60_000;
  const price = Math.round(Number(tariff.unitPrice) * 100);
  const cap = tariff.dailyCap ? Math.round(Number(tariff.dailyCap) * 100) : Infinity;
  let fee = 0;
  let units = 0;
  for (let left = counted; left > 0; left -= DAY) {
    const n = Math.ceil(Math.min(left, DAY) / unit);
    units += n;
    fee += Math.min(cap, n * price);
  }
  return { fee, why: t(fee < units * price ? 'fee.built.capped' : 'fee.built.units', { n: units, minutes: tariff.unitMinutes, price: tariff.unitPrice, cap: tariff.dailyCap }) };
}

const yuan = (fen) => String(fen / 100);

// buildFee gives the instants at which the fee of an order changes, up to an instant.
export function buildFee(order, tariff, until, deducted) {
  const from = parse(order.entranceTime);
  const point = (ms, { fee, why }) => {
    const at = format(ms);
    const paid = order.payments.filter((p) => p.payTime <= at).reduce((sum, p) => sum + Math.round(Number(p.payment) * 100), 0);
    return { at, fee: yuan(fee), remaining: yuan(Math.max(0, fee - paid)), why };
  };
  if (order.userType === '76') return [point(from, { fee: 0, why: t('city.longTerm') })];
  const points = [point(from, feeOf(0, tariff, deducted))];
  const steps = new Set([tariff.freeMinutes * 60_000, ...order.payments.map((p) => parse(p.payTime) - from - 1000)]);
  const shift = deducted ? tariff.freeMinutes * 60_000 : 0;
  for (let day = 0; day * DAY < parse(until) - from && steps.size < MOST; day++) {
    for (let ms = day * DAY; ms < (day + 1) * DAY; ms += tariff.unitMinutes * 60_000) steps.add(ms + shift);
  }
  let last = points[0];
  for (const ms of [...steps].sort((a, b) => a - b)) {
    if (from + ms + 1000 > parse(until)) break;
    const next = point(from + ms + 1000, feeOf(ms + 1000, tariff, deducted));
    if (next.fee !== last.fee || next.remaining !== last.remaining) points.push(last = next);
  }
  return points;
}
