// What a row of the live list opens into.

import { get, of, post } from './api.js';
import { CHECKS, failedCheck } from './checks.js';
import { button, h, icon, put } from './dom.js';
import { known, lang, t } from './i18n.js';
import { curl, curlAfresh, dataText, signedText, step } from './repeat.js';
import { codeChip, copyButton, doing, facts, json, jsonText, missing, plate, say, section, snippet, statusChip } from './show.js';
import { lasting } from './times.js';

const mark = (state) => h('span', { class: `mark mark-${state}`, 'aria-hidden': 'true' }, { passed: '✓', failed: '✗', unreached: '–' }[state]);

function checks(r) {
  const failed = failedCheck(r);
  const rows = [];
  for (let n = failed === 0 ? 0 : 1; n <= CHECKS; n++) {
    const state = failed === null || n < failed ? 'passed' : n === failed ? 'failed' : 'unreached';
    rows.push(h('li', { class: `check check-${state}` }, mark(state), h('span', { class: 'check-n' }, n || ''),
      h('span', null, t(`req.check.${n}`)), h('span', { class: 'hidden' }, t(`req.check.${state}`))));
  }
  const title = failed === null ? t('req.checks.all', { n: CHECKS }) : t('req.checks.failed', { n: failed });
  return h('details', { class: 'part checks', open: failed !== null },
    h('summary', null, h('h3', null, t('req.checks')), h('span', { class: failed === null ? 'good-text' : 'bad-text' }, title)), h('ol', null, rows));
}

function why(r) {
  if (!r.reason) return null;
  const text = (lang() === 'zh' && r.explanationZh) || r.explanation;
  return h('section', { class: 'why', role: 'note', 'aria-label': t('req.why') },
    h('p', { class: 'why-text' }, text), h('p', { class: 'why-word' }, h('code', null, r.reason)));
}

function lints(r) {
  if (!r.lints?.length) return null;
  return section(t('req.lints'), h('p', { class: 'note' }, t('req.lints.note')),
    h('ul', { class: 'lints' }, r.lints.map((l) => h('li', null, h('code', null, l.rule), ' ', l.detail))));
}

function acted(r) {
  if (!r.faults?.length) return null;
  return section(t('req.faults'), json(r.faults));
}

function signed(r) {
  const out = h('div', { 'aria-live': 'polite' });
  const explain = doing(async () => {
    try {
      const x = await post('sign/explain', { merchantNo: r.merchantNo, data: dataText(r), timeStamp: r.timeStamp, sign: r.sign });
      put(out, facts([[x.ok ? t('req.explain.ok') : t('req.explain.bad'), x.ok ? '✓' : '✗'], [t('req.explain.expected'), h('code', null, x.expected)]]),
        h('ul', { class: 'lints' }, (x.diagnosis ?? []).map((d) => h('li', null, h('code', null, d.kind), ' ', (lang() === 'zh' && d.detailZh) || d.detail))));
    } catch (error) { put(out, missing(error, t('req.explain'))); }
  });
  return h('section', { class: 'part' },
    h('header', { class: 'part-head' }, h('h3', null, t('req.signed')), copyButton(signedText(r)), button({ text: t('req.explain'), kind: 'quiet', act: explain })),
    h('p', { class: 'note' }, t('req.signed.note')), h('pre', { class: 'plain', tabindex: 0 }, signedText(r)), out);
}

export function requestDetail(r, merchants) {
  return [
    h('header', { class: 'detail-head' },
      h('h2', { tabindex: -1 }, h('span', { class: 'method' }, r.method), ' ', r.endpoint || '?'), codeChip(r.code),
      h('p', { class: 'muted' }, `${r.id} · ${r.at} · HTTP ${r.httpStatus} · ${lasting(r.durationMicros)}`)),
    why(r), acted(r), checks(r), lints(r),
    section(t('req.sent'),
      facts([['merchant_no', h('code', null, r.merchantNo)], ['time_stamp', h('code', null, r.timeStamp)], ['sign', h('code', null, r.sign)]]),
      h('h4', null, t('req.data')), jsonText(r.data)),
    section(t('req.answer'), jsonText(r.response)),
    signed(r),
    section(t('req.repeat'),
      snippet(t('req.curl'), curl(r), t('req.curl.note')),
      snippet(t('req.curl.fresh'), curlAfresh(r), t('req.curl.fresh.note')),
      snippet(t('req.step'), step(r, merchants), t('req.step.note'))),
  ];
}

const kindName = (kind) => (known(`kind.${kind}`) ? t(`kind.${kind}`) : kind);

function attempt(a, i) {
  const good = !a.error;
  return h('li', { class: good ? 'good' : 'bad' },
    h('p', null, h('b', null, t('push.attempt', { n: i + 1 })), ' ', h('time', null, a.at), ' ',
      a.httpStatus ? `HTTP ${a.httpStatus} · ` : '', `${a.durationMs} ms · `,
      h('span', { class: good ? 'good-text' : 'bad-text' }, good ? t('push.verdict.taken') : a.error)),
    a.response && jsonText(a.response));
}

export function pushDetail(p, sandbox) {
  const redeliver = doing(async () => {
    await post(of(sandbox, `pushes/${encodeURIComponent(p.id)}/redeliver`));
    say(t('push.redelivered'));
  });
  return [
    h('header', { class: 'detail-head' },
      h('h2', { tabindex: -1 }, icon('send'), ' ', kindName(p.kind)), statusChip(p.status),
      h('p', { class: 'muted' }, `${p.id} · ${p.createdAt ?? ''}`),
      h('div', { class: 'actions' }, button({ text: t('push.redeliver'), icon: 'send', act: redeliver }))),
    section(t('push.attempts'),
      h('ol', { class: 'timeline' }, p.attempts.map(attempt),
        p.nextAttemptAt && h('li', { class: 'next' }, h('p', null, h('b', null, t('push.next')), ' ', h('time', null, p.nextAttemptAt)))),
      !p.attempts.length && !p.nextAttemptAt && h('p', { class: 'muted' }, t('push.none'))),
    section(t('push.body'),
      facts([[t('push.to'), h('code', null, p.url)], ['Content-Type', h('code', null, p.contentType)], [t('live.merchant'), p.merchantNo],
        [t('live.plate'), p.plateNumber && plate(p.plateNumber)], [t('push.order'), p.orderId && h('code', null, p.orderId)]]),
      jsonText(p.body)),
    h('section', { class: 'part' }, h('header', { class: 'part-head' }, h('h3', null, t('push.signed')), copyButton(p.signed)),
      h('p', { class: 'note' }, t('push.signed.note')), h('pre', { class: 'plain', tabindex: 0 }, p.signed)),
  ];
}

// otherDetail is a car, a clock, a fault or a reset, as it came.
export function otherDetail(row) {
  return [h('header', { class: 'detail-head' }, h('h2', { tabindex: -1 }, row.what)), json(row.item)];
}

// fetchRow reads what an address names and the list does not hold.
export async function fetchRow(sandbox, key) {
  const [what, id] = key.split(/-(.*)/s);
  if (what !== 'request' && what !== 'push') return null;
  const item = await get(of(sandbox, `${what === 'push' ? 'pushes' : 'requests'}/${encodeURIComponent(id)}`));
  return { what, item, key };
}
