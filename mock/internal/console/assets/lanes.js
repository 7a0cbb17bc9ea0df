// The time line of a stay as the server lists it: four lanes, from the first SMS code to the last push, with the gaps between compressed.

import { kindName } from './codes.js';
import { h, icon, keyed, setText } from './dom.js';
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

// drawn is a node to be drawn; its key says all that is seen of it, so that one that has changed is another.
function drawn(node, open) {
  const { lane } = node;
  const tone = toneOf(node, node.push);
  const row = keyOf(node);
  const [name, said] = [label(node), note(node)];
  const make = () => {
    const card = h('button', { type: 'button', class: 'node-card', 'data-row': row, 'data-kind': node.kind, on: { click: () => open(node, row) } },
      h('span', { class: 'hidden' }, `${node.at} ${t(`stay.lane.${lane}`)}`), h('i', { class: 'node-dot', 'aria-hidden': 'true' }),
      icon(drawingOf[node.kind] ?? 'live'), h('span', { class: 'node-name' }, name), h('span', { class: 'node-note', title: said }, said));
    return {
      element: h('li', { class: `node lane-${lane} ${tone}` }, h('time', { datetime: node.at, title: node.at }, timeOf(node.at)), card),
      update: ({ chosen }) => card.setAttribute('aria-pressed', String(row !== '' && row === chosen)),
    };
  };
  return { key: [node.kind, row, node.attempt ?? '', node.at, tone, name, said].join('\n'), make };
}

const day = (at) => ({ key: `day ${at}`, make: () => ({ element: h('li', { class: 'node-day' }, at) }) });
const gapped = (from, ms) => ({ key: `gap ${from} ${ms}`, make: () => ({ element: h('li', { class: 'node-gap' }, h('span', null, spell(ms))) }) });

function nowLine(now) {
  const make = () => {
    const text = h('span');
    return { element: h('li', { class: 'node-now' }, text), update: (item) => setText(text, t('stay.now', { now: timeOf(item.now) })) };
  };
  return { key: 'now', now, make };
}

// lanes draws nodes into what laneList made: what stays keeps its element, so that no press and no focus is lost; open is called
// with the node that is pressed.
export function lanes(list, nodes, now, chosen, open) {
  const rows = [];
  let before = '';
  let passed = false;
  for (const node of nodes) {
    if (!passed && before && now < node.at && now >= before) {
      rows.push(nowLine(now));
      passed = true;
    }
    if (dayOf(before) !== dayOf(node.at)) rows.push(day(dayOf(node.at)));
    const gap = before ? parse(node.at) - parse(before) : 0;
    if (gap > SAME) rows.push(gapped(before, gap));
    rows.push({ ...drawn(node, open), chosen });
    before = node.at;
  }
  if (!passed && nodes.length) rows.push(nowLine(now));
  const seen = new Map(); // two alike, such as two calls of one second that were refused alike
  for (const row of rows) {
    const n = (seen.get(row.key) ?? 0) + 1;
    seen.set(row.key, n);
    if (n > 1) row.key += `\n${n}`;
  }
  keyed(list, rows, (row) => row.key, (row) => row.make());
}

// laneList is an empty time line: the heads of the lanes, and the list to draw into.
export function laneList() {
  const list = h('ol', { class: 'lanes', 'aria-label': t('stay.line') });
  return { list, elements: [h('div', { class: 'lane-heads', 'aria-hidden': 'true' }, h('span'), LANES.map((lane) => h('span', { class: `lane-${lane}` }, t(`stay.lane.${lane}`)))), list] };
}
