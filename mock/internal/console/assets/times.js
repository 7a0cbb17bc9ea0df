// Times as the control API writes them: yyyy-MM-dd HH:mm:ss in Asia/Shanghai,
// which has no daylight saving; here they are read as if they were UTC.

import { lang } from './i18n.js';

export function parse(text) {
  const m = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text ?? '');
  return m ? Date.UTC(m[1], m[2] - 1, m[3], m[4], m[5], m[6]) : NaN;
}

export const format = (ms) => (Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, 19).replace('T', ' ') : '');

export const dayOf = (text) => (text ?? '').slice(0, 10);
export const timeOf = (text) => (text ?? '').slice(11);

// span writes a duration in Go's notation, which the control API reads.
export function span(ms) {
  let left = Math.max(0, Math.ceil(ms / 1000));
  const parts = [];
  for (const [unit, size] of [['d', 86400], ['h', 3600], ['m', 60], ['s', 1]]) {
    const n = Math.floor(left / size);
    if (n) parts.push(`${n}${unit}`);
    left -= n * size;
  }
  return parts.join('') || '0s';
}

const units = { zh: { d: ' 天', h: ' 小时', m: ' 分钟', part: ' 分', s: ' 秒' }, en: { d: ' d', h: ' h', m: ' min', part: ' min', s: ' s' } };

// gap writes a move of the clock to be read: "+1 h 30 min".
export const gap = (ms) => `+${spell(ms)}`;

// spell writes a duration to be read, as the server's texts do: hours, minutes and seconds; from two days on, days and hours.
// What is not known is nothing.
export function spell(ms) {
  if (!Number.isFinite(ms)) return '';
  const u = units[lang()];
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts = seconds < 2 * 86400
    ? [[Math.floor(seconds / 3600), u.h], [Math.floor((seconds % 3600) / 60), seconds < 3600 && seconds % 60 === 0 ? u.m : u.part], [seconds % 60, u.s]]
    : [[Math.floor(seconds / 86400), u.d], [Math.floor((seconds % 86400) / 3600), u.h]];
  return parts.filter(([n]) => n).map(([n, unit]) => `${n}${unit}`).join(' ') || `0${u.s}`;
}

// lasting writes a request's duration.
export function lasting(micros) {
  if (micros < 1000) return `${micros} µs`;
  if (micros < 1e6) return `${(micros / 1000).toFixed(micros < 1e4 ? 1 : 0)} ms`;
  return `${(micros / 1e6).toFixed(1)} s`;
}

// wall writes an instant of the real clock as the sandbox's times are written.
export function wall(text) {
  const ms = Date.parse(text);
  return Number.isFinite(ms) && /[TZ]/.test(text) ? format(ms + 8 * 3600_000) : text;
}
