// SMS: the codes that phones were sent, the newest first.

import { absent, all, of } from './api.js';
import { button, h, icon, keyed, put, setText } from './dom.js';
import { kept } from './drafts.js';
import { t } from './i18n.js';
import { doing, fail, say } from './notices.js';
import { send } from './sendagain.js';
import { copy, loading, missing, unread } from './show.js';
import { parse, spell } from './times.js';

const MOST = 200;

export function sms(app) {
  let alive = true;
  let items = [];
  let rows = [];
  const list = h('ul', { class: 'inbox' });
  const note = h('div', null, loading());
  const phone = kept('sms.phone', h('input', { class: 'mono', inputmode: 'tel', maxlength: 11, autocomplete: 'off', placeholder: '13800000001', 'aria-label': t('find.phone') }));

  function make(item) {
    const code = h('b', { class: 'sms-code' });
    const left = h('span', { class: 'status' });
    const sent = h('time', { class: 'muted' });
    const copyIt = button({ icon: 'copy', text: t('show.copy'), hint: t('sms.copyOf', { phone: item.phone }), act: (e) => copy(item.code, e.currentTarget) });
    copyIt.setAttribute('aria-label', t('sms.copyOf', { phone: item.phone }));
    const row = { element: h('li', { class: 'message' }, h('p', { class: 'message-phone' }, icon('sms'), h('a', { href: app.href('live', '', new URLSearchParams({ q: `phone:${item.phone}` })) }, item.phone), sent), h('p', { class: 'message-code' }, code, copyIt, left)) };
    row.tick = () => {
      const remains = parse(row.item.expiresAt) - app.clock.now();
      const state = row.item.used ? 'used' : row.older ? 'void' : remains <= 0 ? 'expired' : 'valid';
      left.className = `status status-${{ used: 'passed', expired: 'failed', void: 'failed', valid: 'pending' }[state]}`;
      setText(left, t(`sms.${state}`, { left: spell(remains) }));
      row.element.classList.toggle('is-over', state !== 'valid');
    };
    row.update = (now) => {
      row.item = now;
      row.older = now.older;
      setText(code, now.code);
      setText(sent, now.sentAt);
      row.tick();
      rows.push(row);
    };
    return row;
  }

  function draw() {
    rows = [];
    const newest = new Set();
    const shown = items.slice(0, MOST).map((item) => {
      const older = newest.has(item.phone); // a newer code voids the older (§9.1)
      newest.add(item.phone);
      return { ...item, older };
    });
    keyed(list, shown, (item) => `${item.phone} ${item.sentAt} ${item.code}`, make);
    put(note, !shown.length && h('p', { class: 'empty' }, t('sms.none')));
  }

  async function load() {
    try {
      items = await all(of(app.sandbox, 'sms'), MOST);
      if (alive) draw();
    } catch (error) {
      if (!alive) return;
      put(note, absent(error) ? missing(error, t('nav.sms')) : unread(error, load));
    }
  }

  const ask = doing(async (e) => {
    const near = e.currentTarget;
    const answer = await send('uservalidatecode', 'GET', app.merchants[0] ?? '', JSON.stringify({ mobilePhone: phone.value.trim() }));
    const { code, message } = JSON.parse(answer.text);
    if (code !== 0) say(`${code} ${message}${answer.reason ? ' · ' + answer.reason : ''}`, 'bad', near);
    await load();
  });

  const ticking = setInterval(() => { for (const row of rows) row.tick(); }, 500);
  let soon = 0;
  const off = app.feed.on((news) => {
    if (['request', 'clock', 'reset'].some((kind) => news.kinds?.has(kind))) soon ||= setTimeout(() => { soon = 0; if (alive) load().catch(fail); }, app.feed.pace(200));
  });
  load();
  return {
    element: h('div', { class: 'page' },
      h('div', { class: 'page-head' }, h('h1', null, t('nav.sms')), h('p', null, t('sms.about'))),
      h('section', { class: 'card' }, h('h2', { class: 'hidden' }, t('nav.sms')), h('div', { class: 'form' }, phone, h('button', { type: 'button', class: 'button', on: { click: ask } }, icon('send'), h('span', null, t('sms.ask')))), note, list)),
    close: () => { alive = false; off(); clearInterval(ticking); clearTimeout(soon); },
  };
}
