// The examination of a merchant's endpoint, as contract webhook does it: what passed, what failed, and what was not judged.

import { absent, of, post } from './api.js';
import { compare } from './compare.js';
import { h, put } from './dom.js';
import { t } from './i18n.js';
import { facts, jsonText, statusChip } from './show.js';

function failure(f) {
  return h('div', { class: 'failure' }, h('p', { class: 'bad-text' }, f.message), f.expected !== undefined && f.actual !== undefined && compare(f.expected, f.actual),
    f.fix && h('p', { class: 'note' }, f.fix));
}

function examined(c) {
  return h('li', { class: `step-line is-${c.status}` }, statusChip(c.status), h('div', null,
    h('p', null, h('b', null, c.level), ` ${c.title} `, h('span', { class: 'muted' }, c.section)),
    c.status !== 'passed' && facts([[t('test.sent'), c.sent], [t('compare.expected'), c.expected]]),
    c.reason && h('p', { class: 'note' }, c.reason),
    c.failures?.slice(0, 3).map(failure),
    c.status === 'failed' && c.fix && h('p', { class: 'note' }, c.fix)));
}

// counted sorts the cases: what was skipped or broke off was not judged.
export function counted(cases) {
  const passed = cases.filter((c) => c.status === 'passed' || c.status === 'warned');
  const failed = cases.filter((c) => c.status === 'failed');
  return { passed, failed, rest: cases.filter((c) => !passed.includes(c) && !failed.includes(c)) };
}

const group = (title, cases, open) => cases.length > 0 && h('details', { open }, h('summary', null, t(title, { n: cases.length })), h('ul', { class: 'step-list' }, cases.map(examined)));

export async function examine(app, m, out) {
  put(out, h('p', { class: 'muted' }, t('test.examining')));
  try {
    const report = await post(of(app.sandbox, `merchants/${encodeURIComponent(m.no)}/examine`));
    const { passed, failed, rest } = counted(report.cases);
    const tone = failed.length || report.outage ? 'bad' : rest.length ? 'wait' : 'good';
    put(out,
      h('p', { class: `verdict ${tone}` }, h('b', null, t('test.report', { n: report.cases.length, passed: passed.length, failed: failed.length, rest: rest.length }))),
      report.outage && h('p', { class: 'bad-text' }, `${t('test.outage')}: ${report.outage.kind}: ${report.outage.detail}`),
      group('test.failed', failed, true), group('test.rest', rest, false), group('test.passed', passed, false));
  } catch (error) {
    if (!absent(error)) throw error;
    put(out, h('p', null, t('test.examine.missing')), jsonText(`contract webhook '${m.push?.url ?? 'URL'}' --merchant-no ${m.no}`));
  }
}
