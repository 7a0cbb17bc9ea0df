// What the server refused, in the page's language, which it is asked for by Accept-Language.

import { known, t } from './i18n.js';

const byStatus = [400, 401, 403, 404, 409, 410, 413, 422, 503, 504];

// readJSON reads what was typed into a field; what is wrong with it is said in the page's language, with the place.
export function readJSON(text, field) {
  try {
    return JSON.parse(text);
  } catch (error) {
    const [, line, column] = /line (\d+) column (\d+)/.exec(error.message) ?? [];
    const [, token] = /Unexpected token '(.+?)'/.exec(error.message) ?? []; // of a short text the browser gives no place
    throw new Error(t(line ? 'problem.json' : token ? 'problem.json.token' : 'problem.json.end', { field, line, column, token }), { cause: error });
  }
}

// placeOf is where something is wrong, as people write it: a field in words where it has any, else a.b[0].
function placeOf(pointer) {
  const parts = pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = `problem.field.${parts[0]}`;
  if (parts.length === 1 && known(key)) return t(key);
  return parts.map((part, i) => (/^\d+$/.test(part) ? `[${part}]` : `${i ? '.' : ''}${part}`)).join('');
}

// wrong is one thing that is wrong with what was sent, and where.
export const wrong = ({ pointer, detail }) => (pointer ? t('problem.at', { place: placeOf(pointer), detail }) : detail);

// localized is a refusal's text: the server's own, or where it gives none what its status comes to.
export const localized = (status, detail) => detail || (byStatus.includes(status) ? t(`problem.${status}`) : t('problem.other', { status }));
