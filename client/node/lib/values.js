'use strict';

const amount = /^(-?)([0-9]+)(?:\.([0-9]+))?$/;
const time = /^([0-9]{4})-([0-9]{2})-([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})$/;
const shanghai = 8 * 3600e3; // China has had no summer time since 1991

/** An amount of yuan as the document prints it, at least one place: '8.0', '5.5', '10.34'. */
function yuan(value) {
  const [, sign, whole, places = ''] = amount.exec(String(value)) ?? fail(`amount ${JSON.stringify(value)}: not a plain decimal`);
  const kept = places.replace(/0+$/, '');
  if (kept.length > 2) fail(`amount ${JSON.stringify(value)}: more than two places`);
  return `${sign}${whole.replace(/^0+(?=[0-9])/, '')}.${kept || '0'}`;
}

/** An amount of yuan in fen, as an integer, to calculate with. */
function toFen(value) {
  const [whole, places] = yuan(value).split('.');
  const fen = Number(whole + places.padEnd(2, '0'));
  if (!Number.isSafeInteger(fen)) fail(`amount ${JSON.stringify(value)}: out of range`);
  return fen;
}

/** fen, an integer, as an amount of yuan. */
function fromFen(fen) {
  if (!Number.isSafeInteger(fen)) fail(`${fen} is no whole number of fen`);
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return yuan(`${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`);
}

/** yyyy-MM-dd HH:mm:ss in Asia/Shanghai as a Date. */
function parseTime(text) {
  const [, ...parts] = time.exec(text) ?? fail(`time ${JSON.stringify(text)}: not yyyy-MM-dd HH:mm:ss`);
  const [year, month, day, hour, minute, second] = parts.map(Number);
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second) - shanghai);
  if (formatTime(date) !== text) fail(`time ${JSON.stringify(text)}: no such time`);
  return date;
}

/** A Date, or a text that is checked, as yyyy-MM-dd HH:mm:ss in Asia/Shanghai, whatever zone this machine is in. */
function formatTime(when) {
  if (typeof when === 'string') return formatTime(parseTime(when));
  return new Date(when.getTime() + shanghai).toISOString().slice(0, 19).replace('T', ' ');
}

function fail(message) {
  throw new RangeError(message);
}

module.exports = { yuan, toFen, fromFen, parseTime, formatTime };
