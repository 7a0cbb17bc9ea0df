// The page's two languages, from one catalogue.

import { catalogue } from './catalogue.js';

const KEY = 'etcp-mock.language';
const order = ['zh', 'en'];

function initial() {
  const kept = localStorage.getItem(KEY);
  if (order.includes(kept)) return kept;
  for (const tag of navigator.languages ?? [navigator.language]) {
    if (/^zh\b/i.test(tag)) return 'zh';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

let language = initial();

export const lang = () => language;

export function setLang(to) {
  language = to;
  localStorage.setItem(KEY, to);
  document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en';
}

// t is the text of a key; {name} in it becomes a parameter, and {n order|orders} a number with its noun.
export function t(key, params) {
  const row = catalogue[key];
  if (!row) {
    console.error(`no text ${key}`);
    return key;
  }
  const text = row[order.indexOf(language)];
  return params ? text.replace(/\{(\w+)(?: ([^|}]+)\|([^}]+))?\}/g, (all, name, one, many) => filled(params[name], one, many) ?? all) : text;
}

const filled = (value, one, many) => (one === undefined || value === undefined ? value : `${value} ${Number(value) === 1 ? one : many}`);

// own is a text that the server gives in both languages, in the page's.
export const own = (item, key) => (language === 'zh' && item[`${key}Zh`]) || item[key];

// listed writes several things one after the other.
export const listed = (items) => items.join(language === 'zh' ? '、' : ', ');

// known says whether there is a text for a key.
export const known = (key) => key in catalogue;
