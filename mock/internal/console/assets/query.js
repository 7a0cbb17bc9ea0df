// The filter of Live as text: tokens such as is:failing, code:20206 and plate:渝A12345, and words that are looked for
// anywhere. It is what the address holds.

import { textOf } from './feed.js';

// IS are the values of is:, each with what it holds for.
export const IS = {
  failing: failing,
  request: (row) => row.what === 'request',
  push: (row) => row.what === 'push',
  car: (row) => row.what === 'car',
  clock: (row) => row.what === 'clock' || row.what === 'reset',
  fault: (row) => row.what === 'fault' || row.item.faults?.length > 0,
  retried: (row) => retried(row.item),
  delivered: (row) => row.item.status === 'delivered',
  pending: (row) => row.item.status === 'pending',
  failed: (row) => row.item.status === 'failed' || row.item.code > 0,
  linted: (row) => row.item.lints?.length > 0,
};

// KINDS are those of which a row is one; of them any may hold, of the others all must.
const KINDS = ['request', 'push', 'car', 'clock', 'fault'];

export const KEYS = ['is', 'code', 'reason', 'endpoint', 'kind', 'merchant', 'plate', 'phone', 'order', 'id'];

// retried says whether a push has failed and will be tried again.
export const retried = (item) => item.status === 'pending' && item.attempts?.length > 0;

export function failing(row) {
  const { what, item } = row;
  if (what === 'request') return item.code > 0 || item.httpStatus >= 400 || Boolean(item.cut);
  return what === 'push' && (item.status === 'failed' || retried(item));
}

// parse takes a filter apart; what is in double quotes is one word.
export function parse(text) {
  const tokens = [];
  for (const [, key, quoted, plain, words, word] of text.matchAll(/([a-z]+):(?:"([^"]*)"|(\S*))|"([^"]*)"|(\S+)/gi)) {
    const name = key?.toLowerCase();
    if (name && KEYS.includes(name)) tokens.push({ key: name, value: quoted ?? plain });
    else tokens.push({ key: '', value: words ?? word ?? `${key}:${quoted ?? plain}` });
  }
  return tokens.filter((token) => token.value !== '');
}

const written = ({ key, value }) => {
  const text = /[\s"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value;
  return key ? `${key}:${text}` : text;
};

export const format = (tokens) => tokens.map(written).join(' ');

// withToken is a filter with one value of a key, or none.
export function withToken(text, key, value) {
  const tokens = parse(text).filter((token) => token.key !== key);
  if (value) tokens.unshift({ key, value });
  return format(tokens);
}

// toggled is a filter with a token added, or taken away where it is there.
export function toggled(text, key, value) {
  const tokens = parse(text);
  const rest = tokens.filter((token) => token.key !== key || token.value !== value);
  return format(rest.length < tokens.length ? rest : [{ key, value }, ...rest]);
}

export const valueOf = (text, key) => parse(text).find((token) => token.key === key)?.value ?? '';
export const valuesOf = (text, key) => parse(text).filter((token) => token.key === key).map((token) => token.value);

const tests = {
  is: (value) => IS[value.toLowerCase()] ?? (() => false),
  code: (value) => (row) => row.what === 'request' && String(row.item.code) === value,
  reason: (value) => (row) => row.item.reason?.startsWith(value),
  endpoint: (value) => (row) => row.item.endpoint === value || row.item.kind === value,
  kind: (value) => (row) => row.item.kind === value,
  merchant: (value) => (row) => row.item.merchantNo === value,
  phone: (value) => (row) => row.phone.includes(value),
  order: (value) => (row) => row.order.toUpperCase().includes(value.toUpperCase()),
  id: (value) => (row) => row.item.id === value,
};

// unknown are the tokens of a filter that can hold for nothing: a key that there is none of, a value that nobody knows.
export function unknown(text, values) {
  const out = [];
  for (const { key, value } of parse(text)) {
    const all = key === 'is' ? Object.keys(IS) : values[key];
    if (all && !all.includes(key === 'is' ? value.toLowerCase() : value)) out.push({ token: written({ key, value }), key, all });
    if (!key && /^[a-z]+:[^/]/i.test(value) && !text.includes(`"${value}"`)) out.push({ token: value, key, all: KEYS });
  }
  return out;
}

// matcher says whether a row passes: of one key any value, of all keys each.
export function matcher(text, links) {
  const byKey = new Map();
  const words = [];
  for (const { key, value } of parse(text)) {
    if (!key) words.push(value.toLowerCase());
    else if (key === 'is') add(byKey, KINDS.includes(value.toLowerCase()) ? 'is' : `is:${value}`, tests.is(value));
    else if (key === 'plate') add(byKey, key, ((plate) => (row) => links.about(row, plate))(value.replaceAll(/\s/g, '').toUpperCase()));
    else add(byKey, key, tests[key](value));
  }
  const all = [...byKey.values()];
  return (row) => all.every((any) => any.some((test) => test(row))) && words.every((word) => textOf(row).includes(word));
}

function add(map, key, test) {
  if (map.has(key)) map.get(key).push(test);
  else map.set(key, [test]);
}
