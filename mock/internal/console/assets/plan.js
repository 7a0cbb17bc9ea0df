// The plan of a city: car parks where they are, with how full they are.

import { s } from './dom.js';

const narrow = matchMedia('(max-width: 760px)').matches;
const W = narrow ? 390 : 660;
const H = narrow ? 420 : 380;
const PAD = 70;
const WIDE = 106; // what a mark and its name take
const HIGH = 84;
const MARKS = 24; // more car parks are dots

// places puts car parks on the plan, apart from each other.
export function places(parkings) {
  const lats = parkings.map((p) => Number(p.lat));
  const lons = parkings.map((p) => Number(p.lon));
  const mid = [(Math.min(...lons) + Math.max(...lons)) / 2, (Math.min(...lats) + Math.max(...lats)) / 2];
  const squeeze = Math.cos((mid[1] * Math.PI) / 180);
  const span = Math.max((Math.max(...lons) - Math.min(...lons)) * squeeze / (W - 2 * PAD), (Math.max(...lats) - Math.min(...lats)) / (H - 2 * PAD), 1e-6);
  const spots = parkings.map((p) => ({ p, x: W / 2 + ((Number(p.lon) - mid[0]) * squeeze) / span, y: H / 2 - (Number(p.lat) - mid[1]) / span }));
  if (parkings.length <= MARKS) for (let round = 0; round < 60; round++) if (!push(spots)) break;
  return spots;
}

function push(spots) {
  let moved = false;
  for (let i = 0; i < spots.length; i++) {
    for (let j = i + 1; j < spots.length; j++) {
      const [a, b] = [spots[i], spots[j]];
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const over = [WIDE - Math.abs(dx), HIGH - Math.abs(dy)];
      if (over[0] <= 0.5 || over[1] <= 0.5) continue;
      const axis = over[0] < over[1] ? 'x' : 'y';
      const step = (Math.min(...over) / 2) * ((axis === 'x' ? dx : dy) < 0 ? -1 : 1);
      a[axis] -= step;
      b[axis] += step;
      moved = true;
    }
  }
  for (const spot of spots) {
    spot.x = Math.min(Math.max(spot.x, WIDE / 2), W - WIDE / 2);
    spot.y = Math.min(Math.max(spot.y, 28), H - 60);
  }
  return moved;
}

export const occupied = (p) => p.occupied + p.parked;
export const share = (p) => (p.totalSpace > 0 ? Math.min(1, occupied(p) / p.totalSpace) : 1);
export const tone = (p) => (occupied(p) >= p.totalSpace ? 'full' : share(p) > 0.8 ? 'tight' : 'plenty');

function ring(x, y, r, part) {
  const around = 2 * Math.PI * r;
  return s('circle', { class: 'ring', cx: x, cy: y, r, 'stroke-dasharray': `${around * part} ${around}`, transform: `rotate(-90 ${x} ${y})` });
}

function mark({ p, x, y }, chosen, small) {
  const g = s('g', { class: `spot spot-${tone(p)} ${chosen ? 'chosen' : ''}`, 'data-id': p.id });
  if (small) {
    g.append(s('circle', { class: 'dot', cx: x, cy: y, r: chosen ? 7 : 4 }));
    return g;
  }
  const name = p.name.length > 12 ? p.name.slice(0, 11) + '…' : p.name;
  g.append(
    s('circle', { class: 'under', cx: x, cy: y, r: 21 }), ring(x, y, 21, share(p)),
    s('rect', { class: 'sign', x: x - 12, y: y - 12, width: 24, height: 24, rx: 5.5 }),
    s('text', { class: 'p', x, y: y + 6 }, 'P'),
    s('text', { class: 'name', x, y: y + 38 }, name),
    s('text', { class: 'fill', x, y: y + 53 }, `${occupied(p)} / ${p.totalSpace}`));
  return g;
}

// plan draws them; choose is called with the id of the one that is clicked.
export function plan(parkings, chosen, label, choose) {
  const small = parkings.length > MARKS;
  const lines = [];
  for (let x = 40; x < W; x += 60) lines.push(`M${x} 0V${H}`);
  for (let y = 25; y < H; y += 60) lines.push(`M0 ${y}H${W}`);
  const spots = parkings.length ? places(parkings) : [];
  return s('svg', {
    class: 'plan', viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': label,
    on: { click: (e) => { const g = e.target.closest('.spot'); if (g) choose(g.dataset.id); } },
  }, s('path', { class: 'streets', d: lines.join('') }), spots.map((spot) => mark(spot, spot.p.id === chosen, small)));
}

// bays draws the spaces of one car park: other people's cars, ours, and free ones.
export function bays(p, label) {
  const n = Math.min(Math.max(p.totalSpace, 0), 240);
  const part = p.totalSpace > n ? n / p.totalSpace : 1;
  const ours = p.parked ? Math.max(1, Math.round(p.parked * part)) : 0;
  const others = Math.round(p.occupied * part);
  const columns = 30;
  const cells = Array.from({ length: n }, (_, i) => {
    const what = i < ours ? 'ours' : i < ours + others ? 'others' : 'free';
    return s('rect', { class: what, x: (i % columns) * 12 + 0.5, y: Math.floor(i / columns) * 19 + 0.5, width: 9, height: 15, rx: 1.5 });
  });
  return s('svg', { class: 'bays', viewBox: `0 0 ${columns * 12} ${Math.max(1, Math.ceil(n / columns)) * 19}`, role: 'img', 'aria-label': label }, cells);
}
