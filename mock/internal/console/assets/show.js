// Small pictures of things: plates, codes, JSON, texts to copy.

import { add, button, h, uid } from './dom.js';
import { t } from './i18n.js';
import { say } from './notices.js';

const colors = { 1: 'blue', 2: 'black', 3: 'yellow', 4: 'white' };

// plateClass is how a plate looks: new-energy ones, of eight characters, are green.
export function plateClass(written, color) {
  const number = written.replaceAll(/\s/g, '');
  const green = number.length === 8 && (color === undefined || color === '' || String(color) === '1') && !number.includes('*');
  return `plate plate-${green ? 'green' : colors[color] ?? 'blue'}`;
}

// plate draws a number plate as it hangs on the car.
export const plate = (number, color) => h('span', { class: plateClass(number, color) }, number);

// stayOf is a plate that leads to its stay, where it has one.
export const stayOf = (app, order, number, color) => (order ? h('a', { href: app.href('stay', order), 'aria-label': t('orders.open', { plate: number, id: order }) }, plate(number, color)) : plate(number, color));

// codeChip is a code of §11 with its reason.
export function codeChip(code, reason) {
  return h('span', { class: `code ${code === 0 ? 'good' : 'bad'}` }, h('b', null, String(code)), reason ? ' ' + reason : '');
}

export const statusChip = (status) => h('span', { class: `status status-${status}` }, t(`status.${status}`));

// json draws a value with its keys and types told apart.
export function json(value) {
  const pre = h('pre', { class: 'json', tabindex: 0 });
  add(pre, lines(value, ''));
  return pre;
}

function lines(value, indent) {
  if (value === null || typeof value !== 'object') return [h('span', { class: `j-${value === null ? 'null' : typeof value}` }, JSON.stringify(value))];
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  const [open, close] = list ? '[]' : '{}';
  if (!entries.length) return [open + close];
  const inner = indent + '  ';
  return [open + '\n', entries.map(([k, v], i) => [
    inner, list ? null : [h('span', { class: 'j-key' }, JSON.stringify(k)), ': '], lines(v, inner), i < entries.length - 1 ? ',\n' : '\n',
  ]), indent + close];
}

// jsonText draws a text as JSON where it is that, else as it is.
export function jsonText(text) {
  if (text === '' || text === undefined || text === null) return h('p', { class: 'muted' }, t('show.empty'));
  if (typeof text !== 'string') return json(text);
  try { return json(JSON.parse(text)); } catch { return h('pre', { class: 'plain', tabindex: 0 }, text); }
}

export async function copy(text, near) {
  try {
    await navigator.clipboard.writeText(text);
    say(t('show.copied'), '', near);
  } catch { say(t('show.notCopied'), 'bad', near); }
}

// copyButton copies a text, or what a function gives; what names it for those who do not see where it stands.
export const copyButton = (text, what, label) => button({
  text: label, hint: what ? t('show.copyOf', { what }) : t('show.copy'), icon: 'copy', kind: 'quiet', act: (e) => copy(typeof text === 'function' ? text() : text, e.currentTarget),
});

// snippet is a text to take away.
export function snippet(title, text, note) {
  return h('section', { class: 'snippet' },
    h('header', null, h('h4', null, title), copyButton(text, title)),
    note && h('p', { class: 'note' }, note), h('pre', { class: 'plain', tabindex: 0 }, text));
}

// section is a titled part of a pane.
export const section = (title, ...children) => h('section', { class: 'part' }, h('h3', null, title), children);

// facts is a list of names and values.
export const facts = (pairs) => h('dl', { class: 'facts' }, pairs.filter((p) => p && p[1] !== undefined && p[1] !== null && p[1] !== '').map(([k, v]) => [h('dt', null, k), h('dd', null, v)]));

// dialog opens a modal; closed resolves when it closes, and the focus goes back to where it was.
export function dialog(title, body, actions = []) {
  const before = document.activeElement;
  const id = uid('dialog');
  const box = h('dialog', { class: 'dialog', 'aria-labelledby': id },
    h('header', null, h('h2', { id }, title), button({ icon: 'close', hint: t('show.close'), kind: 'quiet', act: () => box.close() })),
    h('div', { class: 'dialog-body' }, body), actions.length > 0 && h('footer', null, actions));
  document.body.append(box);
  const closed = new Promise((resolve) => box.addEventListener('close', () => {
    box.remove();
    if (before?.isConnected) before.focus();
    resolve();
  }));
  box.showModal();
  box.querySelector('.dialog-body :is(input, select, textarea):not([disabled])')?.focus(); // whoever opened a form writes next
  return { box, closed, close: () => box.close() };
}

// sure asks before something that cannot be undone.
export async function sure(question, verb) {
  let yes = false;
  const d = dialog(verb, h('p', null, question), [
    button({ text: t('show.cancel'), act: () => d.close() }),
    button({ text: verb, kind: 'danger', act: () => { yes = true; d.close(); } }),
  ]);
  await d.closed;
  return yes;
}

// loading stands where something is still being read.
export const loading = () => h('p', { class: 'empty loading', role: 'status' }, t('show.loading'));

// unread stands where something could not be read, with a way to try again.
export const unread = (error, again) => h('p', { class: 'empty unread', role: 'alert' }, error.message, ' ', button({ text: t('show.again'), icon: 'reset', act: again }));

// missing says that this server lacks a part of the control API.
export function missing(error, what) {
  if (error?.status !== 404 && error?.status !== 405) throw error;
  return h('p', { class: 'empty' }, t('show.missing', { what }));
}

