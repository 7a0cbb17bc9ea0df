// The schedule as an axis: lanes of what falls due, from now on; a click travels there.

import { s } from './dom.js';
import { t } from './i18n.js';
import { format, spell } from './times.js';

const narrow = matchMedia('(max-width: 760px)').matches;
const W = narrow ? 380 : 900;
const LEFT = 92;
const ROW = 34;
const APART = 52; // between two marks
const TOP = 26;
const LANES = ['push', 'quote', 'code', 'token'];
const HOUR = 3_600_000;

// place is a position on the axis: the logarithm of how far off, so that ten seconds and a day both have room.
const farOf = (ms) => Math.log10(1 + Math.max(0, ms) / 5_000);

// axis draws entries; travel is called with the instant that was clicked.
export function axis(entries, now, travel) {
  const ahead = entries.filter((e) => e.ms > now || e.lane === 'push'); // a push that is due, and waits, stands at now
  const far = Math.max(HOUR, ...ahead.map((e) => e.ms - now)) * 1.15;
  const x = (ms) => LEFT + (farOf(ms - now) / farOf(far)) * (W - LEFT - 20);
  const height = TOP + LANES.length * ROW + 6;
  let last = -APART;
  const marks = [10_000, 60_000, 300_000, 900_000, HOUR, 6 * HOUR, 24 * HOUR, 7 * 24 * HOUR].filter((ms) => {
    if (ms > far || x(now + ms) - last < APART) return false;
    last = x(now + ms);
    return true;
  }).map((ms) => [
    s('line', { class: 'grid', x1: x(now + ms), x2: x(now + ms), y1: TOP - 4, y2: height }),
    s('text', { class: 'tick-text', x: x(now + ms), y: 14, 'text-anchor': 'middle' }, spell(ms))]);
  const rows = LANES.map((lane, i) => {
    const y = TOP + i * ROW + ROW / 2;
    return [s('line', { class: 'axis-line', x1: LEFT, x2: W - 10, y1: y, y2: y }), s('text', { class: 'axis-name', x: 4, y: y + 4 }, t(`schedule.lane.${lane}`)),
      ahead.filter((e) => e.lane === lane).slice(0, 200).map((e) => s('circle', { class: `axis-dot axis-${lane} ${e.behind ? 'held' : ''}`, cx: x(e.ms), cy: y, r: 6 }, s('title', null, `${format(e.ms)} ${e.text}${e.behind ? ` (${t('schedule.behind', { id: e.behind })})` : ''}`)))];
  });
  const svg = s('svg', { class: 'chart axis', viewBox: `0 0 ${W} ${height}`, role: 'img', 'aria-label': t('schedule.label', { n: ahead.length }), on: { click: (e) => {
    const box = svg.getBoundingClientRect();
    const part = ((((e.clientX - box.left) / box.width) * W - LEFT) / (W - LEFT - 20)) * farOf(far);
    if (part <= 0) return;
    const to = now + (10 ** part - 1) * 5_000;
    const near = ahead.find((one) => Math.abs(x(one.ms) - x(to)) < 8);
    travel(near ? near.ms : to);
  } } }, marks, rows, s('line', { class: 'fee-now', x1: LEFT, x2: LEFT, y1: TOP - 8, y2: height }));
  return svg;
}
