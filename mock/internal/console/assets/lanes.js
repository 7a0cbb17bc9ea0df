// The time line of a stay as the server lists it: four lanes, from the first SMS code to the last push, with the gaps between compressed.

import { kindName } from './codes.js';
import { h, icon } from './dom.js';
import { known, lang, own, t } from './i18n.js';
import { parse, spell, timeOf, dayOf } from './times.js';

const drawingOf = { sms: 'sms', login: 'user', bind: 'check', unbind: 'close', retrieve: 'check', quote: 'orders', refused: 'close', paid: 'check', enter: 'in', exit: 'out', push: 'send', attempt: 'send', next: 'send' };

export const LANES = ['user', 'platform', 'car', 'webhook'];
const SAME = 60_000; // gaps up to this are not drawn

// toneOf is how an item went.
function toneOf(item, push) {
  if (item.kind === 'refused') return 'bad';
  if (item.kind === 'next') return 'next';
  if (item.kind === 'attempt') {
    const a = push?.attempts?.[item.index ?? 0];
    return a ? (a.error ? (push.status === 'failed' ? 'bad' : 'wait') : 'good') : '';
  }
  return '';
}

// nodesOf are the items to draw: of a push that was tried already, or will be, its attempts and not the push.
export function nodesOf(items, pushes) {
  const byId = new Map(pushes.map((p) => [p.id, p]));
  const tried = new Set(items.filter((item) => item.attempt).map((item) => item.pushId));
  return items.filter((item) => item.kind !== 'push' || !tried.has(item.pushId)).map((item) => ({ ...item, push: byId.get(item.pushId), index: (item.attempt ?? 0) - 1 }));
}

const keyOf = (node) => (node.pushId ? `push-${node.pushId}` : node.requestId ? `request-${node.requestId}` : '');

function label(node) {
  if (node.kind === 'attempt') return t('stay.attempt', { kind: kindName(node.push?.kind ?? ''), n: node.index + 1, merchant: node.push?.merchantNo ?? '' });
  if (node.kind === 'next') return t('stay.next', { kind: kindName(node.push?.kind ?? ''), n: node.index + 1 });
  if (node.kind === 'push') return node.push ? `${kindName(node.push.kind)} → ${node.push.merchantNo}` : t('stay.push');
  if (node.kind === 'paid') return t('stay.paidNode');
  return known(`stay.${node.kind}`) ? t(`stay.${node.kind}`) : node.kind;
}

function note(node) {
  if (node.kind === 'attempt') {
    const a = node.push?.attempts?.[node.index];
    if (a) return own(a, 'error') || `HTTP ${a.httpStatus} · ${a.durationMs} ms`;
  }
  if (node.kind === 'push') return '';
  if (node.kind === 'next') return node.behind ? t('schedule.behind', { id: node.behind }) : '';
  return (lang() === 'zh' && node.textZh) || node.text || '';
}

function draw(node, chosen, open) {
  const { lane } = node;
  const tone = toneOf(node, node.push);
  const key = keyOf(node);
  const content = [icon(drawingOf[node.kind] ?? 'live'), h('span', { class: 'node-name' }, label(node)), h('span', { class: 'node-note' }, note(node))];
  const name = `${node.at} ${t(`stay.lane.${lane}`)}`;
  return h('li', { class: `node lane-${lane} ${tone}` },
    h('time', { datetime: node.at, title: node.at }, timeOf(node.at)),
    h('button', { type: 'button', class: 'node-card', 'data-row': key, 'aria-pressed': String(key !== '' && key === chosen), on: { click: () => open(node, key) } },
      h('span', { class: 'hidden' }, name), h('i', { class: 'node-dot', 'aria-hidden': 'true' }), content));
}

// lanes draws the nodes; open is called with the one that is pressed.
export function lanes(nodes, now, chosen, open) {
  const rows = [];
  let before = '';
  let passed = false;
  for (const node of nodes) {
    if (!passed && before && now < node.at && now >= before) {
      rows.push(nowLine(now));
      passed = true;
    }
    if (dayOf(before) !== dayOf(node.at)) rows.push(h('li', { class: 'node-day' }, dayOf(node.at)));
    const gap = before ? parse(node.at) - parse(before) : 0;
    if (gap > SAME) rows.push(h('li', { class: 'node-gap' }, h('span', null, spell(gap))));
    rows.push(draw(node, chosen, open));
    before = node.at;
  }
  if (!passed && nodes.length) rows.push(nowLine(now));
  return [
    h('div', { class: 'lane-heads', 'aria-hidden': 'true' }, h('span'), LANES.map((lane) => h('span', { class: `lane-${lane}` }, t(`stay.lane.${lane}`)))),
    h('ol', { class: 'lanes', 'aria-label': t('stay.line') }, rows),
  ];
}

const nowLine = (now) => h('li', { class: 'node-now' }, h('span', null, t('stay.now', { now: timeOf(now) })));
