// The fee of a stay over time: steps, the free minutes, the cap, quotes, payments, and now.

import { h, put, s } from './dom.js';
import { lang, t } from './i18n.js';
import { format, parse, spell } from './times.js';

const wide = !matchMedia('(max-width: 760px)').matches;
const W = wide ? 960 : 420;
const H = wide ? 190 : 210;
const LEFT = 44;
const RIGHT = 14;
const TOP = 14;
const BOTTOM = 26;

const number = (text) => Number(text ?? 0);
const whyOf = (point) => (lang() === 'zh' && point.whyZh) || point.why || '';

// niceTop is where the scale ends.
function niceTop(n) {
  const power = 10 ** Math.floor(Math.log10(Math.max(n, 1)));
  return [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((m) => m * power).find((m) => m >= n * 1.05) ?? n;
}

// stepOf is how far apart the ticks of the time axis are.
function stepOf(duration) {
  const steps = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 5760, 10080].map((m) => m * 60_000);
  return steps.find((one) => duration / one <= 7) ?? steps.at(-1);
}

// at is the newest point that is not after an instant.
function pointAt(points, ms) {
  let found = points[0];
  for (const p of points) if (parse(p.at) <= ms) found = p;
  return found;
}

// feeCurve draws {points, from, until, freeMinutes, cap, quotes: [{at, until, amount}], payments: [{at, amount}], now}; its move
// sets the line of now. What is looked at is kept in view, so that a curve drawn anew shows it again.
export function feeCurve(data, view) {
  const from = parse(data.from);
  const end = Math.max(parse(data.until), from + 60_000); // of the fee
  const until = Math.max(end, ...data.quotes.map((q) => parse(q.until))); // a quote may hold for longer than the car stays
  const { points } = data;
  const most = Math.max(...points.map((p) => number(p.fee)), ...data.quotes.map((q) => number(q.amount)), number(data.cap), 1);
  const top = niceTop(most);
  const x = (ms) => LEFT + ((Math.min(Math.max(ms, from), until) - from) / (until - from)) * (W - LEFT - RIGHT);
  const y = (fee) => H - BOTTOM - (fee / top) * (H - TOP - BOTTOM);

  const grid = [0, 0.5, 1].map((part) => [
    s('line', { class: 'grid', x1: LEFT, x2: W - RIGHT, y1: y(top * part), y2: y(top * part) }),
    s('text', { class: 'tick-text', x: LEFT - 6, y: y(top * part) + 4, 'text-anchor': 'end' }, `¥${top * part}`)]);
  const every = stepOf(until - from);
  const ticks = [];
  for (let ms = Math.ceil(from / every) * every; ms < until; ms += every) {
    const text = ms % 86_400_000 === 0 ? format(ms).slice(5, 10) : format(ms).slice(11, 16); // a day begins with its date
    ticks.push(s('line', { class: 'grid faint', x1: x(ms), x2: x(ms), y1: TOP, y2: H - BOTTOM }), s('text', { class: 'tick-text', x: x(ms), y: H - 8, 'text-anchor': 'middle' }, text));
  }
  const free = data.freeMinutes > 0 && s('rect', { class: 'fee-free', x: x(from), y: TOP, width: x(from + data.freeMinutes * 60_000) - x(from), height: H - TOP - BOTTOM });
  const capText = s('text', { class: 'tick-text fee-cap-text', y: y(number(data.cap)) - 4 }, t('fee.cap', { cap: data.cap }));
  const cap = number(data.cap) > 0 && number(data.cap) <= top && [s('line', { class: 'fee-cap', x1: LEFT, x2: W - RIGHT, y1: y(number(data.cap)), y2: y(number(data.cap)) }), capText];

  const pathOf = (some) => {
    let d = '';
    for (const p of some) d += d ? `H${x(parse(p.at))}V${y(number(p.fee))}` : `M${x(parse(p.at))} ${y(number(p.fee))}`;
    return d;
  };
  const curve = s('path', { class: 'fee-line', d: `${pathOf(points)}H${x(end)}` });
  const area = s('path', { class: 'fee-area', d: `${pathOf(points)}H${x(end)}V${y(0)}H${x(from)}Z` });
  const quotes = data.quotes.map((q) => s('rect', { class: 'fee-quote', x: x(parse(q.at)), y: y(number(q.amount)) - 5, width: Math.max(3, x(parse(q.until)) - x(parse(q.at))), height: 10, rx: 3 }));
  const payments = data.payments.map((p) => s('circle', { class: 'fee-paid', cx: x(parse(p.at)), cy: y(number(p.amount)), r: 5 }));
  const nowLine = s('line', { class: 'fee-now', x1: 0, x2: 0, y1: TOP - 6, y2: H - BOTTOM });
  const cross = s('line', { class: 'fee-cross', x1: -9, x2: -9, y1: TOP, y2: H - BOTTOM, display: 'none' });

  const sentence = h('p', { class: 'fee-why', role: 'status' });
  const explain = (ms) => {
    const p = pointAt(points, ms);
    const paid = p.remaining !== undefined && p.remaining !== p.fee ? t('fee.remaining', { remaining: p.remaining }) : '';
    put(sentence, h('b', null, `${format(ms)} · ¥${p.fee}`), paid && h('span', null, paid), ' ', h('span', { class: 'muted' }, whyOf(p) ? t('fee.since', { at: p.at, fee: p.fee, why: whyOf(p) }) : t('fee.after', { span: spell(ms - from) })));
  };
  const point = () => {
    cross.removeAttribute('display');
    for (const name of ['x1', 'x2']) cross.setAttribute(name, x(view.pointed));
    explain(view.pointed);
  };
  const label = t('fee.label', { from: data.from, fee: points.at(-1)?.fee ?? '0' });
  const svg = s('svg', {
    class: 'chart fee-curve', viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': label, on: {
      pointermove: (e) => {
        const box = svg.getBoundingClientRect();
        const ms = from + (((e.clientX - box.left) / box.width) * W - LEFT) / (W - LEFT - RIGHT) * (until - from);
        view.pointed = Math.min(Math.max(ms, from), until);
        point();
      },
      pointerleave: () => { view.pointed = null; cross.setAttribute('display', 'none'); explain(parse(data.now)); },
    },
  }, grid, ticks, free, area, cap, quotes, curve, payments, nowLine, cross);

  const table = h('details', { class: 'fee-steps', open: view.steps, on: { toggle: () => { view.steps = table.open; } } }, h('summary', null, t('fee.steps', { n: points.length })),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('fee.title') }, h('table', null, h('thead', null, h('tr', null, [t('live.col.time'), t('city.fee'), t('fee.owing'), t('fee.why')].map((c) => h('th', null, c)))),
      h('tbody', null, points.slice(0, 500).map((p) => h('tr', null, h('td', null, h('time', null, p.at)), h('td', { class: 'mono' }, `¥${p.fee}`), h('td', { class: 'mono' }, p.remaining === undefined ? '' : `¥${p.remaining}`), h('td', null, whyOf(p))))))));

  function move(now) {
    data.now = now;
    const at = parse(now);
    const visible = at >= from && at <= until;
    for (const name of ['x1', 'x2']) nowLine.setAttribute(name, visible ? x(at) : -9);
    const late = visible && x(at) > W / 2; // the cap is named in the half in which now is not
    capText.setAttribute('x', late ? LEFT + 4 : W - RIGHT);
    capText.setAttribute('text-anchor', late ? 'start' : 'end');
    if (view.pointed === null) explain(Math.min(Math.max(at, from), until));
  }
  move(data.now);
  if (view.pointed !== null) point();
  const legend = h('p', { class: 'legend' }, ['free', 'quote', 'paid', 'now'].map((name) => h('span', { class: `key key-fee-${name}` }, t(`fee.key.${name}`))));
  return { element: h('div', { class: 'fee' }, svg, sentence, legend, table), move };
}
