// The time line of a stay: four lanes, from the first SMS code to the last push, with the gaps between compressed.

import { kindName } from './codes.js';
import { h, icon } from './dom.js';
import { known, lang, t } from './i18n.js';
import { parse, spell, timeOf, dayOf } from './times.js';

const laneOf = { sms: 'user', login: 'user', bind: 'user', unbind: 'user', retrieve: 'user', quote: 'platform', refused: 'platform', paid: 'platform', enter: 'car', exit: 'car', push: 'webhook', attempt: 'webhook', next: 'webhook' };
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

// nodesOf are the items with what the pushes say: attempts are numbered, a push that was tried at once is one node with its
// first attempt, and the attempt that is due next is a node of its own.
export function nodesOf(items, pushes) {
  const byId = new Map(pushes.map((p) => [p.id, p]));
  const count = new Map();
  const nodes = [];
  for (const item of items) {
    const push = byId.get(item.pushId);
    const node = { ...item, push };
    if (item.kind === 'attempt') {
      node.index = count.get(item.pushId) ?? 0;
      count.set(item.pushId, node.index + 1);
    }
    if (item.kind === 'push' && push?.attempts.length) continue; // its attempts are drawn
    nodes.push(node);
  }
  for (const push of pushes) if (push.nextAttemptAt) nodes.push({ at: push.nextAttemptAt, kind: 'next', pushId: push.id, push, index: push.attempts.length });
  return nodes.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
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
    if (a) return a.error || `HTTP ${a.httpStatus} · ${a.durationMs} ms`;
  }
  if (node.kind === 'next' || node.kind === 'push') return '';
  return (lang() === 'zh' && node.textZh) || node.text || '';
}

function draw(node, chosen, open) {
  const lane = laneOf[node.kind] ?? 'platform';
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
