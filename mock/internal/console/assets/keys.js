// Keys that work on every page, and the list of them.

import { h } from './dom.js';
import { t } from './i18n.js';
import { hush, noisy } from './notices.js';
import { openPalette } from './palette.js';
import { dialog } from './show.js';

const rows = [['Ctrl K', 'find'], ['/', 'slash'], ['j k', 'rows'], ['Enter', 'open'], ['Esc', 'close'], ['c', 'curl'], ['g l', 'go'], ['?', 'help']];

// helpDialog lists them.
export function helpDialog() {
  dialog(t('keys.title'), h('table', { class: 'keys' }, h('tbody', null, rows.map(([keys, name]) => h('tr', null,
    h('th', { scope: 'row' }, keys.split(' ').map((key) => h('kbd', null, key))), h('td', null, t(`keys.${name}`)))))));
}

const typing = (target) => target.closest?.('input, textarea, select, [contenteditable]');
const pageOf = { o: 'orders', s: 'sms', c: 'city', t: 'time', f: 'faults', r: 'scenarios', b: 'sandboxes', l: 'live', i: 'log', h: 'charts' };

// submit presses the button of the form, or of the dialog, in whose field Enter was pressed; while a word is composed Enter ends it.
function submit(e) {
  if (e.key !== 'Enter' || e.isComposing || e.defaultPrevented) return;
  const control = e.target.closest?.('input:not([type=search], [type=checkbox], [type=file], [role=combobox])');
  const act = control && (control.closest('.form')?.querySelector('.button:not(.square)') ?? control.closest('.fault-form, dialog')?.querySelector('.button.primary'));
  if (!act) return;
  e.preventDefault();
  act.click();
}

// goingFor is how long after g a key names a page, in milliseconds.
const goingFor = 3000;

// listenForKeys acts on them; current gives the shown page, which may have keys of its own.
export function listenForKeys(app, current) {
  let going = -Infinity; // when g was pressed, by the events' own clock: no timer of an earlier g can end a later one
  document.addEventListener('keydown', submit);
  document.addEventListener('keydown', (e) => {
    if ((e.ctrlKey || e.metaKey) && !e.altKey && e.key.toLowerCase() === 'k') {
      e.preventDefault();
      openPalette(app);
      return;
    }
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || document.querySelector('dialog[open]')) return;
    if (e.key === 'Escape') {
      const first = noisy();
      hush();
      if (!first) current()?.key?.(e);
      return;
    }
    if (typing(e.target)) return;
    if (e.timeStamp - going < goingFor) {
      going = -Infinity;
      if (pageOf[e.key]) { e.preventDefault(); location.hash = app.href(pageOf[e.key]); }
      return;
    }
    if (e.key === 'g') { going = e.timeStamp; return; }
    if (e.key === '?') { e.preventDefault(); helpDialog(); return; }
    if (e.key === '/') { e.preventDefault(); if (!current()?.search?.()) openPalette(app); return; }
    current()?.key?.(e);
  });
}
