// A push as a row opens into: what was sent first, then its attempts, the newest open.

import { of, post } from './api.js';
import { kindName } from './codes.js';
import { compare } from './compare.js';
import { paneHead, relations } from './detail.js';
import { button, h, icon } from './dom.js';
import { own, t } from './i18n.js';
import { doing, say } from './notices.js';
import { points } from './points.js';
import { retried } from './query.js';
import { copyButton, facts, jsonText, section, statusChip, stayOf } from './show.js';

// expectedOf shows what an answer should have been beside what it was.
function expectedOf(a) {
  if (!a.error || !a.httpStatus) return null;
  let code;
  try { code = JSON.parse(a.response)?.code; } catch { return null; }
  if (code === 0 || code === undefined) return null;
  return compare('"code": 0', `"code": ${JSON.stringify(code)}`);
}

function attempt(a, n, newest) {
  const good = !a.error;
  return h('li', { class: good ? 'good' : 'bad' }, h('details', { open: newest },
    h('summary', null, h('b', null, t('push.attempt', { n })), ' ', h('time', null, a.at), ' ',
      a.httpStatus ? `HTTP ${a.httpStatus} · ` : '', `${a.durationMs} ms · `,
      h('span', { class: good ? 'good-text' : 'bad-text' }, good ? t('push.verdict.accepted') : own(a, 'error'))),
    expectedOf(a), a.response ? jsonText(a.response) : h('p', { class: 'muted' }, t('show.empty'))));
}

function attempts(p) {
  const newestFirst = p.attempts.map((a, i) => attempt(a, i + 1, i === p.attempts.length - 1)).reverse();
  return section(t('push.attempts'),
    h('ol', { class: 'timeline' },
      p.nextAttemptAt && h('li', { class: 'next' }, h('p', null, h('b', null, t('push.next')), ' ', h('time', null, p.nextAttemptAt))), newestFirst),
    !p.attempts.length && !p.nextAttemptAt && h('p', { class: 'muted' }, t('push.none')));
}

export function pushDetail(app, row, acts) {
  const p = row.item;
  const redeliver = doing(async (e) => {
    const near = e.currentTarget;
    await post(of(app.sandbox, `pushes/${encodeURIComponent(p.id)}/redeliver`));
    say(t('push.redelivered'), '', near);
  });
  return [
    paneHead([icon('send'), ' ', kindName(p.kind)], acts,
      h('p', { class: 'detail-state' }, retried(p) ? h('span', { class: 'status status-pending' }, t('push.retrying')) : statusChip(p.status)),
      h('p', { class: 'muted' }, `${p.id} · ${p.createdAt ?? ''}`)),
    h('div', { class: 'detail-body' },
      relations(app, row, acts),
      h('section', { class: 'part' },
        h('header', { class: 'part-head' }, h('h3', null, t('push.body')), copyButton(p.body, t('push.body')), button({ text: t('push.redeliver'), icon: 'send', act: redeliver })),
        jsonText(p.body)),
      attempts(p),
      section(t('push.facts'),
        facts([[t('push.to'), h('code', null, p.url)], ['Content-Type', h('code', null, p.contentType)], [t('live.merchant'), p.merchantNo],
          [t('live.plate'), p.plateNumber && stayOf(app, p.orderId, p.plateNumber)], [t('push.order'), p.orderId && h('a', { href: app.href('stay', p.orderId) }, h('code', null, p.orderId))],
          [t('req.faults'), p.faults?.join(', ')]])),
      points(app, row),
      h('section', { class: 'part' }, h('header', { class: 'part-head' }, h('h3', null, t('push.signed')), copyButton(p.signed, t('push.signed'))),
        h('p', { class: 'note' }, t('push.signed.note')), h('pre', { class: 'plain', tabindex: 0 }, p.signed))),
  ];
}
