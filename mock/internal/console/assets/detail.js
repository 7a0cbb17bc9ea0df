// What a row of the live list opens into.

import { get, of, post } from './api.js';
import { checkStates, CHECKS } from './checks.js';
import { codeName, endpointTitle } from './codes.js';
import { compare, related } from './compare.js';
import { button, choice, h, icon, put } from './dom.js';
import { recall, remember } from './drafts.js';
import { lang, t } from './i18n.js';
import { languages } from './languages.js';
import { doing } from './notices.js';
import { points } from './points.js';
import { curl, dataText, signedText, step } from './repeat.js';
import { sendAgain } from './sendagain.js';
import { codeChip, copyButton, facts, json, jsonText, missing, plate, section, snippet } from './show.js';
import { lasting, wall } from './times.js';

// paneHead is the head that stays in sight: what it is, the ones before and after, a link to itself, close.
export function paneHead(title, acts, ...rest) {
  return h('header', { class: 'detail-head' },
    h('div', { class: 'detail-title' }, h('h2', { tabindex: -1 }, title),
      h('div', { class: 'pane-bar' },
        button({ icon: 'back', hint: t('pane.newer'), kind: 'quiet', act: () => acts.move(-1) }), button({ icon: 'next', hint: t('pane.older'), kind: 'quiet', act: () => acts.move(1) }),
        acts.link && button({ icon: 'link', hint: t('pane.link'), kind: 'quiet', act: acts.link }),
        button({ icon: 'close', hint: t('show.close'), kind: 'quiet', act: () => acts.close() }))),
    rest);
}

const marks = { passed: '✓', failed: '✗', unreached: '–', injected: '⚡' };
const mark = (state) => h('span', { class: `mark mark-${state}`, 'aria-hidden': 'true' }, marks[state]);

function checks(r) {
  const { failed, states } = checkStates(r);
  const injected = states.some((s) => s.state === 'injected');
  const rows = states.map(({ n, state }) => h('li', { class: `check check-${state}` }, mark(state), h('span', { class: 'check-n' }, n || ''),
    h('span', null, t(`req.check.${n}`)), h('span', { class: state === 'injected' ? 'warn-text' : 'hidden' }, ` ${t(`req.check.${state}`)}`)));
  const title = failed === 1 ? t('req.checks.injected') : failed !== null ? t('req.checks.failed', { n: failed }) : injected ? t('req.checks.effect') : t('req.checks.all', { n: CHECKS });
  const tone = injected && (failed === null || failed === 1) ? 'warn-text' : failed === null ? 'good-text' : 'bad-text';
  return h('details', { class: 'part checks', open: failed !== null || injected },
    h('summary', null, h('h3', null, t('req.checks')), h('span', { class: tone }, title)), h('ol', null, rows));
}

function why(r) {
  if (!r.reason) return null;
  const zh = lang() === 'zh';
  const whole = (zh && r.explanationZh) || r.explanation;
  const fix = (zh && r.fixZh) || r.fix;
  const at = fix ? whole.lastIndexOf(fix) : -1; // the explanation ends with the fix, which has a line of its own here
  const text = at > 0 && at + fix.length >= whole.length - 1 ? whole.slice(0, at).trimEnd() : whole;
  return h('section', { class: 'why', role: 'note', 'aria-label': t('req.why') },
    h('p', { class: 'why-text' }, text), fix && h('p', { class: 'why-fix' }, h('b', null, t('req.fix')), fix), h('p', { class: 'why-word' }, h('code', null, r.reason)));
}

function lints(r) {
  if (!r.lints?.length) return null;
  return section(t('req.lints'), h('p', { class: 'note' }, t('req.lints.note')),
    h('ul', { class: 'lints' }, r.lints.map((l) => h('li', null, h('code', null, l.rule), ' ', (lang() === 'zh' && l.detailZh) || l.detail))));
}

function injected(r) {
  if (!r.faults?.length) return null;
  return section(t('req.faults'), h('p', null, r.faults.map((id) => h('code', null, id, ' ')), r.cut && t(`live.cut.${r.cut}`)));
}

function signed(r) {
  const out = h('div', { 'aria-live': 'polite' });
  const wrong = r.reason?.startsWith('sign-'); // the journal knows the body as it came, and so more than sign/explain
  const explain = async () => {
    try {
      const x = await post('sign/explain', { merchantNo: r.merchantNo, data: dataText(r), timeStamp: r.timeStamp, sign: r.sign });
      put(out, h('p', { class: x.ok ? 'good-text' : 'bad-text' }, x.ok ? t('req.explain.ok') : t('req.explain.bad')), compare(x.expected, r.sign, undefined, related(x.expected, r.sign)),
        h('ul', { class: 'lints' }, (r.diagnosis?.length && wrong ? r.diagnosis : x.diagnosis ?? []).map((d) => h('li', null, h('code', null, d.kind), ' ', (lang() === 'zh' && d.detailZh) || d.detail))));
    } catch (error) { put(out, missing(error, t('req.explain'))); }
  };
  if (wrong) explain().catch((error) => put(out, error.message));
  return h('section', { class: 'part' },
    h('header', { class: 'part-head' }, h('h3', null, t('req.signed')), copyButton(signedText(r), t('req.signed')), !wrong && button({ text: t('req.explain'), kind: 'quiet', act: doing(explain) })),
    h('p', { class: 'note' }, t('req.signed.note')), h('pre', { class: 'plain', tabindex: 0 }, signedText(r)), out);
}

// copyAs is the request in the language that was chosen last.
function copyAs(r) {
  const pre = h('pre', { class: 'plain', tabindex: 0 });
  let chosen = recall('language', 'curl');
  if (!(chosen in languages)) chosen = 'curl';
  const draw = () => put(pre, languages[chosen](r));
  const pick = choice(Object.keys(languages).map((name) => [name, name]), chosen, (name) => { chosen = name; remember('language', name); draw(); }, t('req.copyAs'));
  draw();
  return h('section', { class: 'snippet' }, h('header', null, h('h4', null, t('req.copyAs')), h('span', { class: 'actions' }, pick, copyButton(() => pre.textContent, t('req.copyAs')))), h('p', { class: 'note' }, t('req.curl.fresh.note')), pre);
}

// relations lead from a row to the stay, the vehicle and the user it is about.
export function relations(app, row, acts) {
  const links = [];
  const order = row.order || app.feed.links.orderOf(row.plate);
  if (order) links.push(h('a', { class: 'button', href: app.href('stay', order) }, icon('orders'), h('span', null, t('pane.stay'))));
  const filter = (key, value, shown, drawing) => h('button', { type: 'button', class: 'button', title: `${key}:${value}`, on: { click: () => acts.filter?.(key, value) } }, drawing && icon(drawing), shown);
  if (row.plate && acts.filter) links.push(filter('plate', row.plate, plate(row.plate, row.item.plateColor ?? row.item.data?.plateColor)));
  if (row.phone && acts.filter) links.push(filter('phone', row.phone, row.phone, 'user'));
  return links.length > 0 && h('p', { class: 'actions relations', 'aria-label': t('pane.related'), role: 'group' }, links);
}

function sentBy(r) {
  const headers = r.headers && Object.entries(r.headers);
  return [
    facts([['merchant_no', h('code', null, r.merchantNo)], ['time_stamp', h('code', null, r.timeStamp)], ['sign', h('code', null, r.sign)], [t('req.from'), r.remoteAddr], [t('req.wall'), r.wallAt && wall(r.wallAt)]]),
    headers?.length > 0 && h('details', { class: 'headers' }, h('summary', null, t('req.headers', { n: headers.length })), facts(headers.map(([name, value]) => [name, h('code', null, [value].flat().join(', '))]))),
  ];
}

// stepOf is the request as a step, where a step can send it.
function stepOf(app, r) {
  const text = step(r, app.merchants);
  return text ? snippet(t('req.step'), text, t('req.step.note')) : h('section', { class: 'snippet' }, h('header', null, h('h4', null, t('req.step'))), h('p', { class: 'note' }, t('req.step.none')));
}

export function requestDetail(app, row, acts) {
  const r = row.item;
  return [
    paneHead([h('span', { class: 'method' }, r.method), ' ', r.endpoint || '?'], acts,
      h('p', { class: 'detail-state' }, codeChip(r.code, codeName(r.code)), r.httpStatus !== 200 && h('span', { class: 'code bad' }, `HTTP ${r.httpStatus}`), ' ', h('span', { class: 'muted' }, endpointTitle(r.endpoint))),
      h('p', { class: 'muted' }, `${r.id} · ${r.at} · HTTP ${r.httpStatus} · ${lasting(r.durationMicros)}`)),
    h('div', { class: 'detail-body' },
      relations(app, row, acts),
      why(r), injected(r), checks(r), lints(r),
      h('section', { class: 'part' },
        h('header', { class: 'part-head' }, h('h3', null, t('req.sent')), button({ text: t('req.again'), icon: 'send', act: () => sendAgain(app, r) })),
        sentBy(r), h('h4', null, t('req.data')), jsonText(r.data)),
      section(t('req.answer'), jsonText(r.response)),
      signed(r),
      points(app, row),
      section(t('req.repeat'),
        copyAs(r),
        snippet(t('req.curl'), curl(r), t('req.curl.note')),
        stepOf(app, r))),
  ];
}

// otherDetail is a car, a fault or what else there is, as it came.
export function otherDetail(app, row, acts) {
  return [paneHead(t(`live.kind.${row.what}`), acts, h('p', { class: 'muted' }, row.at)), h('div', { class: 'detail-body' }, relations(app, row, acts), json(row.item))];
}

// fetchRow reads what an address names and the list does not hold.
export async function fetchRow(app, key) {
  const [what, id] = key.split(/-(.*)/s);
  if (what !== 'request' && what !== 'push') return null;
  const item = await get(of(app.sandbox, `${what === 'push' ? 'pushes' : 'requests'}/${encodeURIComponent(id)}`));
  return app.feed.rowOf(what, item);
}
