// Merchants of a sandbox: where their pushes go, and whether they take one.

import { all, del, get, of, post, putTo } from './api.js';
import { button, choice, field, h, put } from './dom.js';
import { t } from './i18n.js';
import { copyButton, dialog, doing, fail, jsonText, statusChip, sure } from './show.js';

const kinds = ['entry', 'exit', 'unbind', 'certification-invalid'];
const LOOKS = 60; // how often the outcome of a test push is asked for, each WAIT apart
const WAIT = 150;

export function merchants(app) {
  const at = (path) => of(app.sandbox, path);
  const body = h('tbody');

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
      h('details', null, h('summary', null, t('shop.perKind')), urls.map(([kind, e]) => field(t(`kind.${kind}`), e))),
      h('fieldset', null, h('legend', null, t('shop.kinds')), h('div', { class: 'form' }, wants.map(([kind, e]) => h('label', { class: 'tick' }, e, ' ', t(`kind.${kind}`))))), wrong,
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
    const kind = choice(kinds.map((k) => [k, t(`kind.${k}`)]), 'entry');
    const send = doing(async () => { await testPush(app, m, kind.value, out); });
    const look = doing(async () => { await examine(app, m, out); });
    const d = dialog(t('test.title', { no: m.no }), [
      h('div', { class: 'form' }, field(t('live.what'), kind), button({ text: t('test.send'), icon: 'send', kind: 'primary', act: send }), button({ text: t('test.examine'), icon: 'scenarios', act: look })), out,
    ]);
    d.box.classList.add('wide');
  };

  function draw(items) {
    put(body, items.map((m) => h('tr', null,
      h('td', null, h('b', null, m.no)), h('td', null, m.name ?? ''),
      h('td', null, h('span', { class: 'secret' }, h('code', null, '••••••••'), copyButton(m.key))),
      h('td', { class: 'mono' }, m.push?.url || (m.push?.urls ? t('shop.perKind') : h('span', { class: 'muted' }, t('shop.noURL')))),
      h('td', null, h('div', { class: 'actions' },
        button({ text: t('test.button'), icon: 'send', disabled: !m.push, act: test(m) }), button({ text: t('shop.change'), kind: 'quiet', act: edit(m) }),
        button({ icon: 'trash', hint: `${t('show.delete')} ${m.no}`, kind: 'quiet', act: remove(m) }))))));
  }

  async function load() { draw(await all(at('merchants'))); }
  load().catch(fail);
  const element = h('div', null,
    h('header', { class: 'part-head' }, h('h3', null, t('shop.title')), button({ text: t('shop.new'), icon: 'plus', kind: 'quiet', act: edit(null) })),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('shop.title') }, h('table', null,
      h('thead', null, h('tr', null, [t('shop.no'), t('shop.name'), t('shop.key'), t('shop.url'), ''].map((c) => h('th', null, c || h('span', { class: 'hidden' }, t('shop.change')))))), body)));
  return { element, load };
}

// testPush sends one push and shows what the merchant made of it.
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
    !good && h('p', { class: 'bad-text' }, a.error), !good && h('p', { class: 'note' }, t('test.rule')),
    h('h4', null, t('push.answer')), jsonText(a.response), h('h4', null, t('push.body')), jsonText(p.body),
    h('p', null, h('a', { href: `#/live?row=push-${encodeURIComponent(p.id)}${app.sandbox === 'default' ? '' : '&s=' + encodeURIComponent(app.sandbox)}`, on: { click: () => out.closest('dialog')?.close() } }, t('test.more'))));
}

function examined(c) {
  return h('li', { class: `step-line is-${c.status}` }, statusChip(c.status), h('div', null,
    h('p', null, h('b', null, c.level), ` ${c.title} `, h('span', { class: 'muted' }, c.section)),
    c.reason && h('p', { class: 'note' }, c.reason),
    c.failures?.slice(0, 3).map((f) => h('p', { class: 'bad-text' }, f.message)),
    c.status !== 'passed' && c.fix && h('p', { class: 'note' }, c.fix)));
}

// examine asks for what `contract webhook` does, and shows it in brief.
async function examine(app, m, out) {
  put(out, h('p', { class: 'muted' }, t('test.examining')));
  try {
    const report = await post(of(app.sandbox, `merchants/${encodeURIComponent(m.no)}/examine`));
    const bad = report.cases.filter((c) => c.status === 'failed');
    put(out,
      report.outage
        ? h('p', { class: 'verdict bad' }, h('b', null, t('test.outage')), ` ${report.outage.kind}: ${report.outage.detail}`)
        : h('p', { class: bad.length ? 'verdict bad' : 'verdict good' }, h('b', null, t('test.report', { n: report.cases.length, bad: bad.length }))),
      h('ul', { class: 'step-list' }, report.cases.filter((c) => c.status !== 'passed').map(examined)),
      h('details', null, h('summary', null, t('test.passed', { n: report.cases.filter((c) => c.status === 'passed').length })),
        h('ul', { class: 'step-list' }, report.cases.filter((c) => c.status === 'passed').map(examined))));
  } catch (error) {
    if (error.status !== 404 && error.status !== 405) throw error;
    put(out, h('p', null, t('test.examine.missing')), jsonText(`contract webhook '${m.push?.url ?? 'URL'}' --merchant-no ${m.no}`));
  }
}

