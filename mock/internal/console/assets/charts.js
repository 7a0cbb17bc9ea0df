// Charts: requests and codes over time, push latency, how full car parks are. Each leads to the rows it counts.

import { all, of } from './api.js';
import { codeName } from './codes.js';
import { button, h, keyed, put, s, setText } from './dom.js';
import { recall, remember } from './drafts.js';
import { t } from './i18n.js';
import { fail } from './notices.js';
import { occupied, share, tone } from './plan.js';
import { failing } from './query.js';
import { loading } from './show.js';
import { dayOf, format, parse, timeOf } from './times.js';

const SECONDS = 100;
const BINS = 60; // of the sandbox's time
const W = matchMedia('(max-width: 760px)').matches ? 350 : 520;
const H = 168;
const FOOT = 18;

// asTable gives a chart's numbers to who cannot see it.
const asTable = (caption, head, rows) => h('table', { class: 'hidden' }, h('caption', null, caption),
  h('thead', null, h('tr', null, head.map((c) => h('th', null, c)))), h('tbody', null, rows.map((r) => h('tr', null, r.map((c) => h('td', null, c))))));

function nice(n) {
  if (n <= 5) return 5;
  const power = 10 ** Math.floor(Math.log10(n));
  return [1, 2, 5, 10].map((m) => m * power).find((m) => m >= n);
}

const scale = (top, unit) => [0, 0.5, 1].map((part) => {
  const y = H - FOOT - part * (H - FOOT - 14);
  return [s('line', { class: 'grid', x1: 0, x2: W, y1: y, y2: y }), part > 0 && s('text', { class: 'tick-text', x: W, y: y - 3, 'text-anchor': 'end' }, `${top * part}${unit}`)];
});

// byWall are the bins of the last seconds of the real clock.
function byWall(counts) {
  const seconds = counts.seconds(SECONDS).map((b) => ({ total: b.total, good: b.codes.get(0) ?? 0, codes: b.codes, label: new Date(b.second * 1000).toLocaleTimeString('en-GB') }));
  return { bins: seconds, unit: '/s', ticks: [[0, `−${SECONDS} s`], [SECONDS / 2, `−${SECONDS / 2} s`], [SECONDS - 6, t('chart.now')]] };
}

// bySandbox are bins of the sandbox's time, over all that the journal holds.
function bySandbox(feed) {
  const rows = feed.rows.filter((row) => row.what === 'request');
  if (!rows.length) return { bins: [], unit: '', ticks: [] };
  const from = parse(rows[0].at);
  const wide = Math.max(1000, (parse(rows.at(-1).at) - from + 1000) / BINS);
  const bins = Array.from({ length: BINS }, (_, i) => ({ total: 0, good: 0, codes: new Map(), label: format(from + i * wide) }));
  for (const row of rows) {
    const bin = bins[Math.min(BINS - 1, Math.max(0, Math.floor((parse(row.at) - from) / wide)))];
    bin.total++;
    if (!failing(row)) bin.good++;
    bin.codes.set(row.item.code, (bin.codes.get(row.item.code) ?? 0) + 1);
  }
  const text = (i) => (dayOf(bins[0].label) === dayOf(bins[BINS - 1].label) ? timeOf(bins[i].label) : bins[i].label.slice(5, 16));
  return { bins, unit: '', ticks: [0, 20, 40].map((i) => [i, text(i)]) };
}

const breakdown = (bin) => `${bin.label} · ${[...bin.codes].sort((a, b) => b[1] - a[1]).map(([code, n]) => `${code} ${codeName(code)}: ${n}`).join(' · ') || '0'}`;

function traffic({ bins, unit, ticks }, label) {
  const top = nice(Math.max(...bins.map((b) => b.total), 1));
  const wide = (W - 36) / Math.max(bins.length, 1); // the scale is written beside the bars
  const high = (n) => (n / top) * (H - FOOT - 14);
  const base = H - FOOT;
  const svg = s('svg', { class: 'chart', viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': label }, scale(top, unit),
    ticks.map(([i, text]) => s('text', { class: 'tick-text', x: i * wide, y: H - 4 }, text)));
  bins.forEach((b, i) => {
    if (!b.total) return;
    const bad = b.total - b.good;
    svg.append(s('g', null, s('title', null, breakdown(b)),
      b.good > 0 && s('rect', { class: 'bar-good', x: i * wide + 0.5, y: base - high(b.good), width: Math.max(wide - 1, 1), height: high(b.good) }),
      bad > 0 && s('rect', { class: 'bar-bad', x: i * wide + 0.5, y: base - high(b.total), width: Math.max(wide - 1, 1), height: high(bad) })));
  });
  return [svg, h('p', { class: 'legend' }, h('span', { class: 'key key-good' }, t('chart.good')), h('span', { class: 'key key-bad' }, t('chart.failed')), h('span', { class: 'grow' }), h('span', null, label))];
}

const steps = [5, 20, 50, 100, 200, 500, 1000, 5000];

function latency(counts, loaded) {
  const attempts = counts.latencies;
  if (!attempts.length) return loaded ? h('p', { class: 'muted' }, t('chart.nothing')) : loading();
  const bins = [...steps, Infinity].map((to, i) => {
    const within = attempts.filter((a) => a.ms < to && a.ms >= (i ? steps[i - 1] : 0));
    return { to, good: within.filter((a) => a.ok).length, bad: within.filter((a) => !a.ok).length };
  });
  const top = nice(Math.max(...bins.map((b) => b.good + b.bad)));
  const wide = (W - 36) / bins.length;
  const base = H - FOOT;
  const high = (n) => (n / top) * (base - 14);
  const sorted = attempts.map((a) => a.ms).sort((a, b) => a - b);
  const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  const label = t('chart.latency.label', { n: attempts.length, p50: at(0.5), p95: at(0.95), max: sorted.at(-1) });
  const svg = s('svg', { class: 'chart', viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': label }, scale(top, ''));
  bins.forEach((b, i) => {
    svg.append(s('g', null, s('title', null, t('chart.latency.bin', { good: b.good, bad: b.bad })),
      s('rect', { class: 'bar-good', x: i * wide + 6, y: base - high(b.good), width: wide - 12, height: high(b.good) }),
      s('rect', { class: 'bar-bad', x: i * wide + 6, y: base - high(b.good + b.bad), width: wide - 12, height: high(b.bad) }),
      s('text', { class: 'tick-text', x: (i + 0.5) * wide, y: H - 4, 'text-anchor': 'middle' }, b.to === Infinity ? '≥5s' : b.to < 1000 ? `<${b.to}` : `<${b.to / 1000}s`)));
  });
  return [svg, h('p', { class: 'legend' }, h('span', { class: 'key key-good' }, t('push.verdict.accepted')), h('span', { class: 'key key-bad' }, t('chart.refused')), h('span', { class: 'grow' }), h('span', null, label)),
    asTable(t('chart.latency'), ['ms', t('chart.good'), t('chart.failed')], bins.map((b) => [b.to === Infinity ? `≥ ${steps.at(-1)}` : `< ${b.to}`, b.good, b.bad]))];
}

// bar is a row of a table of bars, with a link to the rows it counts.
function bar(first) {
  const link = h('a', { href: first.href, class: 'bar-link' });
  const level = h('i');
  const number = h('td', { class: 'mono right' });
  return {
    element: h('tr', null, h('th', { scope: 'row', title: first.title }, link), h('td', null, h('span', { class: 'meter', 'aria-hidden': 'true' }, level)), number),
    update: (item) => { put(link, item.name); level.className = item.tone; level.style.setProperty('--part', item.part); setText(number, item.text); },
  };
}

function codes(app) {
  const counts = new Map();
  for (const { what, item } of app.feed.rows) if (what === 'request') counts.set(item.code, (counts.get(item.code) ?? 0) + 1);
  const rows = [...counts].sort((a, b) => b[1] - a[1]);
  const sum = rows.reduce((n, r) => n + r[1], 0);
  return rows.map(([code, n]) => ({
    key: code, href: app.href('live', '', new URLSearchParams({ q: `is:request code:${code}` })), title: codeName(code),
    name: [h('span', { class: `code ${code === 0 ? 'good' : 'bad'}` }, code), ' ', codeName(code)], tone: code === 0 ? 'plenty' : 'full', part: n / rows[0][1], text: `${n} · ${((n / sum) * 100).toFixed(n / sum < 0.1 ? 1 : 0)}%`,
  }));
}

const filling = (app, parkings) => [...parkings].sort((a, b) => share(b) - share(a)).slice(0, 24).map((p) => ({
  key: p.id, href: app.href('city', '', new URLSearchParams({ city: p.city, park: p.id })), title: p.name, name: p.name, tone: tone(p), part: share(p), text: `${occupied(p)} / ${p.totalSpace}`,
}));

export function charts(app) {
  const { feed } = app;
  let alive = true;
  let clock = recall('charts.clock', 'wall');
  const boxes = { traffic: h('div'), latency: h('div') };
  const tables = {};
  const notes = {};
  for (const name of ['codes', 'filling']) {
    tables[name] = h('tbody');
    notes[name] = h('div', null, loading());
    boxes[name] = h('div', null, notes[name], h('table', { class: 'bars' }, h('colgroup', null, ['name', 'bar', 'number'].map((one) => h('col', { class: `col-${one}` }))), h('thead', { class: 'hidden' }, h('tr', null, h('th', null, t(name === 'codes' ? 'live.code' : 'city.park')), h('th', null, t('chart.share')), h('th', null, t('chart.number')))), tables[name]));
  }
  const clocks = ['wall', 'sandbox'].map((name) => button({ text: t(`chart.clock.${name}`), kind: 'chip', pressed: clock === name, act: () => { clock = name; remember('charts.clock', name); draw(); } }));

  function draw() {
    clocks.forEach((b, i) => b.setAttribute('aria-pressed', String(clock === ['wall', 'sandbox'][i])));
    const data = clock === 'wall' ? byWall(feed.counts) : bySandbox(feed);
    const n = data.bins.reduce((sum, b) => sum + b.total, 0);
    put(boxes.traffic, traffic(data, clock === 'wall' ? t('chart.traffic.label', { n, seconds: SECONDS }) : t('chart.traffic.all', { n })));
    put(boxes.latency, latency(feed.counts, feed.loaded));
    const rows = codes(app);
    keyed(tables.codes, rows, (item) => item.key, bar);
    put(notes.codes, !rows.length && (feed.loaded ? h('p', { class: 'muted' }, t('chart.nothing')) : loading()));
  }

  async function load() {
    const parkings = await all(of(app.sandbox, 'parkings'));
    if (!alive) return;
    keyed(tables.filling, filling(app, parkings), (item) => item.key, bar);
    put(notes.filling, !parkings.length && h('p', { class: 'muted' }, t('city.none')));
  }

  const ticking = setInterval(() => { if (!document.hidden && !boxes.traffic.matches(':hover')) draw(); }, 1000);
  let soon = 0;
  const off = feed.on((news) => {
    if (news.all) draw();
    if (news.kinds?.has('car') || news.kinds?.has('reset')) soon ||= setTimeout(() => { soon = 0; if (alive) load().catch(fail); }, feed.pace(500));
  });
  draw();
  load().catch(fail);
  const card = (name, extra) => h('section', { class: `card chart-${name}` }, h('header', null, h('h2', null, t(`chart.${name}`)), extra), h('p', { class: 'note' }, t(`chart.${name}.note`)), boxes[name]);
  const element = h('div', { class: 'page' }, h('div', { class: 'page-head' }, h('h1', null, t('nav.charts'))),
    h('div', { class: 'cards' }, card('traffic', h('div', { class: 'group', role: 'group', 'aria-label': t('chart.clock') }, clocks)), card('latency')), h('div', { class: 'cards' }, card('codes'), card('filling')));
  return { element, close: () => { alive = false; off(); clearInterval(ticking); clearTimeout(soon); } };
}
