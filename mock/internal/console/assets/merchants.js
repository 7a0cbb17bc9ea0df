// Merchants of a sandbox: where their pushes go, and whether they accept one.

import { all, del, get, of, post, putTo } from './api.js';
import { kindName, pushKinds as kinds } from './codes.js';
import { button, choice, field, h, keyed, put, setText } from './dom.js';
import { own, t } from './i18n.js';
import { examine } from './examination.js';
import { doing } from './notices.js';
import { copyButton, dialog, jsonText, loading, statusChip, sure, unread } from './show.js';

const LOOKS = 60; // how often the outcome of a test push is asked for, each WAIT apart
const WAIT = 150;

export function merchants(app) {
  const at = (path) => of(app.sandbox, path);
  const body = h('tbody');
  const note = h('div', null, loading());

  const edit = (m) => async () => {
    const no = h('input', { value: m?.no ?? '', autocomplete: 'off', class: 'mono', readonly: Boolean(m) });
    const name = h('input', { value: m?.name ?? '', autocomplete: 'off' });
    const key = h('input', { value: m?.key ?? '', autocomplete: 'off', class: 'mono' });
    const url = h('input', { value: m?.push?.url ?? '', autocomplete: 'off', class: 'mono', type: 'url', placeholder: 'http://127.0.0.1:9000/etcp' });
    const urls = kinds.map((kind) => [kind, h('input', { value: m?.push?.urls?.[kind] ?? '', autocomplete: 'off', class: 'mono', type: 'url' })]);
    const wants = kinds.map((kind) => [kind, h('input', { type: 'checkbox', checked: !m?.push?.kinds?.length || m.push.kinds.includes(kind) })]);
    const wrong = h('p', { class: 'bad-text', role: 'alert' });
    const save = async () => {
      const own = Object.fromEntries(urls.map(([kind, e]) => [kind, e.value.trim()]).filter(([, v]) => v));
      const chosen = wants.filter(([, e]) => e.checked).map(([kind]) => kind);
      const push = url.value.trim() || Object.keys(own).length
        ? { url: url.value.trim() || undefined, urls: Object.keys(own).length ? own : undefined, kinds: chosen.length === kinds.length ? undefined : chosen } : undefined;
      try {
        await putTo(at(`merchants/${encodeURIComponent(no.value.trim())}`), JSON.parse(JSON.stringify({ key: key.value, name: name.value || undefined, push })));
        d.close();
        await load();
        await app.refresh();
      } catch (error) { wrong.textContent = error.message; }
    };
    const d = dialog(m ? t('shop.edit', { no: m.no }) : t('shop.new'), [
      h('div', { class: 'form' }, field(t('shop.no'), no), field(t('shop.name'), name)), field(t('shop.key'), key), field(t('shop.url'), url, t('shop.url.note')),
      h('details', null, h('summary', null, t('shop.perKind')), urls.map(([kind, e]) => field(kindName(kind), e))),
      h('fieldset', null, h('legend', null, t('shop.kinds')), h('div', { class: 'form' }, wants.map(([kind, e]) => h('label', { class: 'tick' }, e, ' ', kindName(kind))))), wrong,
    ], [button({ text: t('show.cancel'), act: () => d.close() }), button({ text: t('shop.save'), kind: 'primary', act: save })]);
  };

  const remove = (m) => doing(async () => {
    if (!await sure(t('shop.delete.sure', { no: m.no }), t('show.delete'))) return;
    await del(at(`merchants/${encodeURIComponent(m.no)}`));
    await load();
    await app.refresh();
  });

  const test = (m) => async () => {
    const out = h('div', { class: 'examined', 'aria-live': 'polite' }, h('p', { class: 'muted' }, t('test.pick')));
    const kind = choice(kinds.map((k) => [k, kindName(k)]), 'entry');
    const send = doing(async () => { await testPush(app, m, kind.value, out); });
    const look = doing(async () => { await examine(app, m, out); });
    const d = dialog(t('test.title', { no: m.no }), [
      h('div', { class: 'form' }, field(t('live.what'), kind), button({ text: t('test.send'), icon: 'send', kind: 'primary', act: send }), button({ text: t('test.examine'), icon: 'scenarios', act: look })), out,
    ]);
    d.box.classList.add('wide');
  };

  function make(first) {
    const row = { m: first };
    const [name, url] = [h('td', { class: 'clip' }), h('td', { class: 'mono clip' })];
    const testIt = button({ text: t('test.button'), icon: 'send', hint: t('test.title', { no: first.no }), act: () => test(row.m)() });
    const change = button({ text: t('shop.change'), kind: 'quiet', hint: t('shop.edit', { no: first.no }), act: () => edit(row.m)() });
    row.element = h('tr', null, h('td', null, h('b', null, first.no)), name,
      h('td', null, h('span', { class: 'secret' }, h('code', null, '••••••••'), copyButton(() => row.m.key, t('shop.keyOf', { no: first.no })))), url,
      h('td', { class: 'right' }, h('div', { class: 'actions' }, testIt, change, button({ icon: 'trash', hint: `${t('show.delete')} ${first.no}`, kind: 'quiet', act: (e) => remove(row.m)(e) }))));
    row.update = (m) => {
      row.m = m;
      setText(name, m.name ?? '');
      name.title = m.name ?? '';
      const to = m.push?.url || (m.push?.urls ? t('shop.perKind') : '');
      setText(url, to || t('shop.noURL'));
      url.title = to;
      url.classList.toggle('muted', !to);
      testIt.disabled = !m.push;
    };
    return row;
  }

  async function load() {
    try {
      keyed(body, await all(at('merchants')), (m) => m.no, make);
      put(note);
    } catch (error) { put(note, unread(error, load)); }
  }
  load();
  const element = h('div', null,
    h('header', { class: 'part-head' }, h('h3', null, t('shop.title')), button({ text: t('shop.new'), icon: 'plus', kind: 'quiet', act: edit(null) })), note,
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('shop.title') }, h('table', null,
      h('thead', null, h('tr', null, [t('shop.no'), t('shop.name'), t('shop.key'), t('shop.url'), ''].map((c) => h('th', null, c || h('span', { class: 'hidden' }, t('shop.change')))))), body)));
  return { element, load };
}

// testPush sends one push and shows what the merchant answered.
async function testPush(app, m, kind, out) {
  put(out, h('p', { class: 'muted' }, t('test.waiting')));
  let p = await post(of(app.sandbox, 'pushes'), { merchantNo: m.no, kind });
  for (let n = 0; n < LOOKS && !p.attempts.length; n++) {
    await new Promise((resolve) => setTimeout(resolve, WAIT));
    p = await get(of(app.sandbox, `pushes/${encodeURIComponent(p.id)}`));
  }
  const a = p.attempts.at(-1);
  if (!a) {
    put(out, h('p', { class: 'warn-text' }, t('test.noAnswer')));
    return;
  }
  const good = !a.error;
  put(out,
    h('p', { class: good ? 'verdict good' : 'verdict bad' }, h('b', null, good ? t('test.good') : t('test.bad')), ' ', statusChip(p.status), h('span', null, ` HTTP ${a.httpStatus || '–'} · ${a.durationMs} ms`)),
    !good && h('p', { class: 'bad-text' }, own(a, 'error')), !good && h('p', { class: 'note' }, t('test.rule')),
    h('h4', null, t('push.answer')), jsonText(a.response), h('h4', null, t('push.body')), jsonText(p.body),
    h('p', null, h('a', { href: `#/live?row=push-${encodeURIComponent(p.id)}${app.sandbox === 'default' ? '' : '&s=' + encodeURIComponent(app.sandbox)}`, on: { click: () => out.closest('dialog')?.close() } }, t('test.more'))));
}
