'use strict';

const { either, inChinese } = require('./language.js');

// What may be left undefined, for then it is not asked for; any other name goes to the mock, which refuses it.
const both = ['count', 'merchantNo', 'within', 'byValue'];
const known = { endpoint: ['data', 'code', ...both], kind: ['body', 'plateNumber', 'status', ...both] };

/**
 * What an assertion wants, as JSON can say it. JSON leaves out what is undefined, a function or a symbol, and makes {} of a Map and null of NaN:
 * something else would be compared, or nothing. So these are refused, each by its name.
 */
function wanted(method, first, want) {
  if (typeof want[first] !== 'string' || !want[first]) {
    throw new TypeError(either(`${method}: ${first} is missing: say which`, `${method}：缺少 ${first}：请指明`));
  }
  const asked = {};
  for (const [name, value] of Object.entries(want)) {
    if (value !== undefined) asked[name] = plain(method, name, name, value, []);
    else if (!known[first].includes(name)) asked[name] = null;
  }
  return asked;
}

function plain(method, path, key, given, around) {
  const refuse = (what) => {
    throw new TypeError(either(`${method}: ${path} is ${what}, and cannot be compared: give a value, or leave it out`, `${method}：${path} 为 ${what}，无法比较：请给出值，或省略它`));
  };
  const value = typeof given?.toJSON === 'function' ? given.toJSON(key) : given;
  switch (typeof value) {
    case 'undefined': return refuse('undefined');
    case 'function': return refuse(either('a function', '函数'));
    case 'symbol': return refuse(either('a symbol', 'symbol'));
    case 'number': return Number.isFinite(value) ? value : refuse(String(value));
    case 'bigint': return Number.isSafeInteger(Number(value)) ? Number(value) : refuse(either(`${value}n, longer than a number can be`, `${value}n，超出数字能准确表示的范围`));
    case 'object': break;
    default: return value;
  }
  if (value === null) return value;
  if (around.includes(value)) return refuse(either('a part of itself', '自身的一部分'));
  const inner = (name, item, at) => plain(method, at, name, item, [...around, value]);
  if (Array.isArray(value)) return Array.from(value, (item, i) => inner(String(i), item, `${path}[${i}]`));
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (kind !== 'Object') return refuse(either(`a ${kind}`, kind));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inner(name, item, `${path}.${name}`)]));
}

/** What came nearest, and where it differs. */
function nearest({ id, differs }) {
  return inChinese() ? `最接近的 ${id}：${differs.map(inWords).join('；')}` : `nearest ${id}: ${differs.join('; ')}`;
}

const notes = { ' (a string)': '（字符串）', ' (a number)': '（数字）', ' (no string)': '（不是字符串）' };

/** A difference in Chinese, as the commands say it. */
function inWords(text) {
  const [, where, want, got, note] = /^(.*?): want (.*), got (.*?)( \(a string\)| \(a number\)| \(no string\))?$/s.exec(text) ?? [];
  if (where === undefined) return text;
  return `${where}：应为${want === 'an object' ? '对象' : ` ${want}`}，实际为${got === 'nothing' ? '无' : ` ${got}`}${notes[note] ?? ''}`;
}

module.exports = { wanted, nearest };
