// What codes, endpoints and pushes are called, read off the tables.

import { lang, known, t } from './i18n.js';
import { tables } from './tables.js';

const byCode = new Map(tables.codes.map((row) => [row.code, row]));
const titles = new Map(tables.endpoints.map((row) => [row.name, row.title]));
const pushTitles = new Map(tables.pushes.map((row) => [row.kind, row.title]));

// codeName is what a code means, in the page's language.
export function codeName(code) {
  const row = byCode.get(code);
  if (!row) return '';
  return lang() === 'zh' ? row.message : row.name;
}

export const codeRows = tables.codes;
export const endpointNames = tables.endpoints.map((row) => row.name);
export const pushKinds = tables.pushes.map((row) => row.kind);
export const methodOf = new Map(tables.endpoints.map((row) => [row.name, row.method]));
export const endpointTitle = (name) => (lang() === 'zh' ? titles.get(name) ?? '' : '');

// kindName is a push's name; a kind that has no text yet has the document's.
export const kindName = (kind) => (known(`kind.${kind}`) ? t(`kind.${kind}`) : pushTitles.get(kind) ?? kind);
