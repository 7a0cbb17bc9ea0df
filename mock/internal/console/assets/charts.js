// Charts: requests and codes over time, push latency, how full car parks are.

import { all, of } from './api.js';
import { h, put, s } from './dom.js';
import { t } from './i18n.js';
import { share, taken, tone } from './plan.js';
import { fail } from './show.js';

const SECONDS = 100;
const W = 520;
const H = 150;

// hidden gives a chart's numbers to who cannot see it.
const asTable = (caption, head, rows) => h('table', { class: 'hidden' }, h('caption', null, caption),
  h('thead', null, h('tr', null, head.map((c) => h('th', null, c)))), h('tbody', null, rows.map((r) => h('tr', null, r.map((c) => h('td', null, c))))));

function nice(n) {
  if (n <= 5) return 5;
  const power = 10 ** Math.floor(Math.log10(n));
  return [1, 2, 5, 10].map((m) => m * power).find((m) => m >= n);
}

function axis(top, unit) {
  return [0, 0.5, 1].map((part) => {
    const y = H - part * (H - 14);
    return [s('line', { class: 'grid', x1: 0, x2: W, y1: y, y2: y }), part > 0 && s('text', { class: 'tick-text', x: W, y: y - 3, 'text-anchor': 'end' }, `${top * part}${unit}`)];
  });
}

function traffic(ledger) {
  const seconds = ledger.seconds(SECONDS);
  const top = nice(Math.max(...seconds.map((b) => b.total), 1));
  const wide = (W - 36) / SECONDS; // the scale is written beside the bars
  const bars = seconds.flatMap((b, i) => {
    const good = b.codes.get(0) ?? 0;
    const high = (n) => (n / top) * (H - 14);
    return [
      good && s('rect', { class: 'bar-good', x: i * wide + 0.5, y: H - high(good), width: wide - 1, height: high(good) }),
      b.total > good && s('rect', { class: 'bar-bad', x: i * wide + 0.5, y: H - high(b.total), width: wide - 1, height: high(b.total - good) }),
    ];
  });
  const sum = seconds.reduce((n, b) => n + b.total, 0);
  const label = t('chart.traffic.label', { n: sum, seconds: SECONDS });
  const svg = s('svg', { class: 'chart', viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': label }, axis(top, '/s'));
  for (const bar of bars) if (bar) svg.append(bar);
  return [svg, h('p', { class: 'legend' }, h('span', { class: 'key key-good' }, t('chart.good')), h('span', { class: 'key key-bad' }, t('chart.failed')), h('span', { class: 'grow' }), h('span', null, label))];
}

function codes(feed) {
  const counts = new Map();
  for (const { what, item } of feed.rows) if (what === 'request') counts.set(item.code, (counts.get(item.code) ?? 0) + 1);
  const rows = [...counts].sort((a, b) => b[1] - a[1]);
  const sum = rows.reduce((n, r) => n + r[1], 0);
  if (!sum) return h('p', { class: 'muted' }, t('chart.nothing'));
  return h('table', { class: 'bars' }, h('thead', { class: 'hidden' }, h('tr', null, h('th', null, t('live.code')), h('th', null, t('chart.share')), h('th', null, t('chart.number')))),
    h('tbody', null, rows.map(([code, n]) => h('tr', null, h('th', { scope: 'row' }, h('span', { class: `code ${code === 0 ? 'good' : 'bad'}` }, code)),
      h('td', null, h('span', { class: 'meter', 'aria-hidden': 'true' }, h('i', { class: code === 0 ? 'plenty' : 'full', vars: { '--part': n / rows[0][1] } }))), h('td', { class: 'mono right' }, `${n} · ${((n / sum) * 100).toFixed(n / sum < 0.1 ? 1 : 0)}%`)))));
}

const steps = [5, 20, 50, 100, 200, 500, 1000, 5000];

function latency(ledger) {
  const all = ledger.latencies;
  if (!all.length) return h('p', { class: 'muted' }, t('chart.nothing'));
  const bins = [...steps, Infinity].map((to, i) => {
    const within = all.filter((a) => a.ms < to && a.ms >= (i ? steps[i - 1] : 0));
    return { to, good: within.filter((a) => a.ok).length, bad: within.filter((a) => !a.ok).length };
  });
  const top = nice(Math.max(...bins.map((b) => b.good + b.bad)));
  const wide = W / bins.length;
  const high = (n) => (n / top) * (H - 34);
  const sorted = all.map((a) => a.ms).sort((a, b) => a - b);
  const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  const label = t('chart.latency.label', { n: all.length, p50: at(0.5), p95: at(0.95), max: sorted.at(-1) });
  const svg = s('svg', { class: 'chart', viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': label });
  bins.forEach((b, i) => {
    const base = H - 20;
    svg.append(
      s('rect', { class: 'bar-good', x: i * wide + 6, y: base - high(b.good), width: wide - 12, height: high(b.good) }),
      s('rect', { class: 'bar-bad', x: i * wide + 6, y: base - high(b.good + b.bad), width: wide - 12, height: high(b.bad) }),
      s('text', { class: 'tick-text', x: (i + 0.5) * wide, y: H - 5, 'text-anchor': 'middle' }, b.to === Infinity ? '≥5s' : b.to < 1000 ? `<${b.to}` : `<${b.to / 1000}s`));
  });
  return [svg, h('p', { class: 'legend' }, h('span', { class: 'key key-good' }, t('push.verdict.taken')), h('span', { class: 'key key-bad' }, t('chart.refused')), h('span', { class: 'grow' }), h('span', null, label)),
    asTable(t('chart.latency'), ['ms', t('chart.good'), t('chart.failed')], bins.map((b) => [`< ${b.to}`, b.good, b.bad]))];
}

function filling(parkings) {
  if (!parkings.length) return h('p', { class: 'muted' }, t('city.none'));
  const fullest = [...parkings].sort((a, b) => share(b) - share(a)).slice(0, 24);
  return h('table', { class: 'bars' }, h('thead', { class: 'hidden' }, h('tr', null, h('th', null, t('city.park')), h('th', null, t('chart.share')), h('th', null, t('chart.number')))),
    h('tbody', null, fullest.map((p) => h('tr', null, h('th', { scope: 'row' }, p.name),
      h('td', null, h('span', { class: 'meter', 'aria-hidden': 'true' }, h('i', { class: tone(p), vars: { '--part': share(p) } }))), h('td', { class: 'mono right' }, `${taken(p)} / ${p.totalSpace}`)))));
}

export function charts(app) {
  const { ledger } = app.feed;
  let alive = true;
  const boxes = { traffic: h('div'), codes: h('div'), latency: h('div'), filling: h('div') };
  const draw = () => {
    put(boxes.traffic, traffic(ledger));
    put(boxes.codes, codes(app.feed));
    put(boxes.latency, latency(ledger));
  };
  async function load() {
    const parkings = await all(of(app.sandbox, 'parkings'));
    if (alive) put(boxes.filling, filling(parkings));
  }
  const ticking = setInterval(() => { if (!document.hidden) draw(); }, 1000);
  let soon = 0;
  const off = app.feed.on((news) => {
    if (news.all) draw();
    if (news.kinds?.has('car') || news.kinds?.has('reset')) soon ||= setTimeout(() => { soon = 0; load().catch(fail); }, 500);
  });
  draw();
  load().catch(fail);
  const card = (name) => h('section', { class: `card chart-${name}` }, h('h2', null, t(`chart.${name}`)), h('p', { class: 'note' }, t(`chart.${name}.note`)), boxes[name]);
  const element = h('div', { class: 'page' }, h('div', { class: 'page-head' }, h('h1', null, t('nav.charts'))), h('div', { class: 'cards' }, card('traffic'), card('latency')), h('div', { class: 'cards' }, card('codes'), card('filling')));
  return { element, close: () => { alive = false; off(); clearInterval(ticking); clearTimeout(soon); } };
}
