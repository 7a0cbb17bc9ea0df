// Short news: one at a time, beside the control that caused them, in a live region; and banners that stay.

import { button, h, put } from './dom.js';
import { t } from './i18n.js';

const SHOWN = 3_000; // milliseconds; what went wrong stays until it is closed or something else is done

const box = h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' });
let timer = 0;

export const notices = box;

// say shows a text near a control, or at the foot of the page.
export function say(text, kind, near) {
  clearTimeout(timer);
  const home = document.querySelector('dialog[open]') ?? document.body;
  if (box.parentElement !== home) home.append(box);
  const bad = kind === 'bad';
  const toast = h('p', { class: `toast ${kind ?? ''}` }, h('span', null, text), bad && button({ icon: 'close', hint: t('show.close'), kind: 'quiet', act: hush }));
  put(box, toast);
  place(near?.isConnected ? near : null);
  if (!bad) timer = setTimeout(hush, SHOWN);
}

// hush takes the news away.
export function hush() {
  clearTimeout(timer);
  put(box);
}

// noisy says whether something stands there until it is closed.
export const noisy = () => box.querySelector('.bad') !== null;

function place(near) {
  box.classList.toggle('is-near', Boolean(near));
  if (!near) return;
  const at = near.getBoundingClientRect();
  const own = box.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left), Math.max(8, innerWidth - own.width - 8));
  const below = at.bottom + 6;
  const top = below + own.height > innerHeight - 4 ? Math.max(4, at.top - own.height - 6) : below;
  box.style.setProperty('--left', `${left}px`);
  box.style.setProperty('--top', `${top}px`);
}

// fail shows what went wrong.
export function fail(error, near) {
  if (error?.name === 'AbortError') return;
  say(error?.message || String(error), 'bad', near instanceof Element ? near : undefined);
}

// doing wraps an act of a control: it shows that it is busy, and what went wrong, beside it.
export function doing(act) {
  return async (e) => {
    const target = e?.currentTarget;
    if (target?.getAttribute('aria-busy') === 'true') return;
    target?.setAttribute('aria-busy', 'true');
    hush();
    try { await act(e); } catch (error) { fail(error, target); } finally { target?.removeAttribute('aria-busy'); }
  };
}

export const banners = h('div', { class: 'banners', role: 'alert' });

// banner shows what has happened to the whole page, until it is closed.
export function banner(text, ...more) {
  const bar = h('p', { class: 'banner' }, h('span', { class: 'grow' }, text), more, button({ icon: 'close', hint: t('show.close'), kind: 'quiet', act: () => bar.remove() }));
  put(banners, bar);
  return bar;
}
