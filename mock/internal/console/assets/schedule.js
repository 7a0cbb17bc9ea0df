// What will happen to a sandbox as its clock moves: retries of pushes, pushes that wait behind another, and what expires.

import { absent, all, get, of } from './api.js';
import { kindName } from './codes.js';
import { t } from './i18n.js';
import { parse } from './times.js';

// durationOf reads a rule such as "5m" or "24h".
export function durationOf(text) {
  const size = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 };
  return [...String(text ?? '').matchAll(/(\d+(?:\.\d+)?)([dhms])/g)].reduce((sum, [, n, unit]) => sum + n * size[unit], 0);
}

// behindOf is the push that another one waits for: of one vehicle and merchant an earlier one that is pending.
export function behindOf(push, pending) {
  if (push.heldBehind) return push.heldBehind;
  const number = (p) => Number(p.id.replace(/\D/g, ''));
  const before = pending.find((p) => p !== push && p.plateNumber && p.plateNumber === push.plateNumber && p.merchantNo === push.merchantNo && number(p) < number(push));
  return before?.id ?? '';
}

// pushEntries are the pending pushes: due at a time, or held.
export function pushEntries(pending, ordering) {
  return pending.filter((p) => p.nextAttemptAt).map((p) => {
    const behind = ordering === 'none' ? '' : behindOf(p, pending);
    return { lane: 'push', at: p.nextAttemptAt, push: p, behind, text: `${kindName(p.kind)} · ${p.merchantNo}`, plate: p.plateNumber };
  });
}

// expiries are what the answers of the journal say will end: tokens, codes and quotes.
function expiries(rows, rules, messages) {
  const out = [];
  const ttl = (name) => durationOf(rules[name]?.value);
  for (const row of rows) {
    if (row.what !== 'request' || row.item.code !== 0) continue;
    const { endpoint } = row.item;
    const life = endpoint === 'userlogin' || endpoint === 'usersigin' ? ['token', ttl('token.ttl')] : endpoint === 'orderunpay' && row.item.response?.includes('verificationInfo') ? ['quote', ttl('quote.ttl')] : null;
    if (life) out.push({ lane: life[0], ms: parse(row.at) + life[1], text: t(`schedule.${life[0]}`, { of: row.phone || row.plate }), row: row.key });
  }
  for (const m of messages) if (!m.used) out.push({ lane: 'code', ms: parse(m.expiresAt), text: t('schedule.code', { of: m.phone }) });
  return out;
}

// readSchedule asks for all of it; entries have ms, their instant.
export async function readSchedule(app) {
  const at = (path) => of(app.sandbox, path);
  const [pending, rules, messages] = await Promise.all([
    all(at('pushes?status=pending')), get(at('rules')), all(at('sms'), 200).catch((error) => { if (absent(error)) return []; throw error; }),
  ]);
  const pushes = pushEntries(pending, rules['push.ordering']?.value).map((e) => ({ ...e, ms: parse(e.at) }));
  const newest = new Map(); // of a phone only the newest token and code count
  for (const e of expiries(app.feed.rows, rules, messages)) {
    const key = `${e.lane} ${e.text}`;
    if (!newest.has(key) || newest.get(key).ms < e.ms) newest.set(key, e);
  }
  return [...pushes, ...newest.values()].sort((a, b) => a.ms - b.ms);
}

// nextRunnable is the first attempt that does not wait for another.
export const nextRunnable = (entries) => entries.find((e) => e.lane === 'push' && !e.behind);
