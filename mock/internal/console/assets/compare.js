// Expected and actual on two aligned lines, with what differs marked.

import { h } from './dom.js';
import { t } from './i18n.js';

const CONTEXT = 48; // characters shown on each side of the first difference in long texts

// firstDifference is the index of the first character that differs, or -1.
export function firstDifference(a, b) {
  if (a === b) return -1;
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) if (a[i] !== b[i]) return i;
  return n;
}

function marked(text, other, from, to) {
  const out = [];
  let run = '';
  let differs = false;
  const flush = () => { if (run) out.push(differs ? h('mark', null, run) : run); run = ''; };
  for (let i = from; i < to; i++) {
    const now = text[i] !== other[i];
    if (now !== differs) { flush(); differs = now; }
    if (i < text.length) run += text[i];
  }
  flush();
  return out;
}

// related tells of two signatures whether where they differ says something: of two other hashes nearly every character differs.
export const related = (a, b) => significant(a) === significant(b) || (b !== '' && (a.includes(b) || b.includes(a)));

// significant is a hash without its case and its zeros, which some programs drop.
const significant = (text) => text.toLowerCase().replaceAll('0', '');

// compare draws both texts; long ones around the first difference.
export function compare(expected, actual, labels = [t('compare.expected'), t('compare.actual')], marks = true) {
  const [a, b] = [String(expected), String(actual)];
  if (!marks) {
    return h('div', { class: 'compare', role: 'group', 'aria-label': t('compare.label') }, [a, b].map((text, i) => h('div', { class: 'compare-line' }, h('span', { class: 'compare-label' }, labels[i]), h('code', null, text))));
  }
  const at = firstDifference(a, b);
  const long = Math.max(a.length, b.length) > 2 * CONTEXT;
  const from = long && at > CONTEXT ? at - CONTEXT : 0;
  const to = long ? from + 2 * CONTEXT : Math.max(a.length, b.length);
  const line = (label, text, other) => h('div', { class: 'compare-line' }, h('span', { class: 'compare-label' }, label),
    h('code', null, from > 0 && '…', marked(text, other, from, Math.min(to, Math.max(text.length, other.length))), to < text.length && '…'));
  return h('div', { class: 'compare', role: 'group', 'aria-label': t('compare.label') }, line(labels[0], a, b), line(labels[1], b, a),
    at >= 0 && h('p', { class: 'note' }, t('compare.at', { n: at + 1 })));
}
