// The control API, as the page speaks it.

import { lang, t } from './i18n.js';
import { localized, wrong } from './problems.js';

const root = new URL('../__admin/', document.baseURI);
export const server = new URL('..', root.href + 'x').origin;

// Problem is what the server refused, in RFC 9457's shape.
export class Problem extends Error {
  constructor(status, body) {
    const errors = body?.errors?.map(wrong).join('\n');
    super(localized(status, errors || body?.detail || ''));
    this.detail = errors || body?.detail || '';
    this.status = status;
    this.errors = body?.errors ?? [];
    this.body = body;
  }
}

// Unreachable is that the server did not answer at all.
export class Unreachable extends Error {
  constructor() {
    super(t('app.unreachable'));
    this.status = 0;
  }
}

// absent says whether this server lacks a call.
export const absent = (error) => error?.status === 404 || error?.status === 405;

let askForToken = null;
// onUnauthorized is how the page gets a token from its user: it resolves when
// there is a session.
export function onUnauthorized(ask) { askForToken = ask; }

let asking = null;

async function send(method, path, body, options) {
  const headers = { 'Accept-Language': lang() === 'zh' ? 'zh-CN' : 'en' };
  if (body !== undefined) headers['Content-Type'] = options.type ?? 'application/json';
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  try {
    return await fetch(new URL(path, root), { method, headers, body: text, credentials: 'same-origin', cache: 'no-store', signal: options.signal });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Unreachable();
  }
}

// call asks the control API; its answer is JSON, or text where options.text is set.
export async function call(method, path, body, options = {}) {
  let answer = await send(method, path, body, options);
  if (answer.status === 401 && askForToken && !options.signingIn) {
    asking ??= askForToken().finally(() => { asking = null; });
    await asking;
    answer = await send(method, path, body, options);
  }
  const text = await answer.text();
  if (!answer.ok) {
    let problem = null;
    try { problem = JSON.parse(text); } catch { /* not JSON: the status says it */ }
    throw new Problem(answer.status, problem);
  }
  if (options.text) return text;
  return text ? JSON.parse(text) : null;
}

export const get = (path, options) => call('GET', path, undefined, options);
export const post = (path, body, options) => call('POST', path, body ?? {}, options);
export const putTo = (path, body, options) => call('PUT', path, body, options);
export const patch = (path, body) => call('PATCH', path, body);
export const del = (path) => call('DELETE', path);

// of is a path below a sandbox.
export const of = (sandbox, path) => `sandboxes/${encodeURIComponent(sandbox)}${path ? '/' + path : ''}`;

// signIn trades the admin token for a session cookie.
export const signIn = (token) => call('POST', 'session', { token }, { signingIn: true });

// all reads a whole listing, page by page, up to a bound.
export async function all(path, most = 5000) {
  const items = [];
  let after = '';
  do {
    const join = path.includes('?') ? '&' : '?';
    const page = await get(`${path}${join}limit=1000${after && '&after=' + encodeURIComponent(after)}`);
    items.push(...page.items);
    after = page.next ?? '';
  } while (after && items.length < most);
  return items;
}

// eventsURL is where a sandbox's events are, thinned to what a person can look at; after is the id of the last one seen.
export const eventsURL = (sandbox, after) => new URL(of(sandbox, `events?digest=true${after ? '&after=' + encodeURIComponent(after) : ''}`), root).href;
