// A request once more: its data as it was or changed, signed anew with what the server says the sign should be.

import { post, server } from './api.js';
import { methodOf } from './codes.js';
import { button, field, h, put } from './dom.js';
import { kept, remember } from './drafts.js';
import { t } from './i18n.js';
import { doing } from './notices.js';
import { dataText, PATH } from './repeat.js';
import { dialog, jsonText } from './show.js';
import { format } from './times.js';

const stampNow = () => format(Date.now() + 8 * 3600_000).replaceAll(/\D/g, '');

// signedBy asks the server for the sign: the page computes none, and needs no key.
async function signedBy(merchantNo, data, timeStamp) {
  const answer = await post('sign/explain', { merchantNo, data, timeStamp, sign: '0'.repeat(32) });
  return answer.expected;
}

export async function send(endpoint, method, merchantNo, data) {
  const stamp = stampNow();
  const form = new URLSearchParams({ merchant_no: merchantNo, time_stamp: stamp, data, sign: await signedBy(merchantNo, data, stamp) });
  const url = server + PATH + endpoint;
  const answer = method === 'GET' ? await fetch(`${url}?${form}`, { cache: 'no-store' }) : await fetch(url, { method: 'POST', body: form });
  return { id: answer.headers.get('X-Mock-Request-Id'), reason: answer.headers.get('X-Mock-Reason'), status: answer.status, text: await answer.text() };
}

// sendAgain opens the editor of a request.
export function sendAgain(app, r) {
  const start = typeof r.data === 'object' && r.data ? JSON.stringify(r.data, null, 2) : dataText(r);
  const draft = `again.${app.sandbox}.${r.id}`;
  const data = kept(draft, h('textarea', { rows: 8, spellcheck: 'false', value: start }));
  const merchant = h('input', { class: 'mono', value: r.merchantNo, autocomplete: 'off' });
  const out = h('div', { 'aria-live': 'polite' });
  const act = doing(async () => {
    const text = data.value === start ? dataText(r) : data.value;
    const answer = await send(r.endpoint, methodOf.get(r.endpoint) ?? r.method, merchant.value.trim(), text);
    remember(draft, null);
    put(out, h('h3', null, t('req.answer')), h('p', { class: 'note' }, `HTTP ${answer.status} ${answer.reason ?? ''}`), jsonText(answer.text),
      answer.id && h('p', null, h('a', { href: app.href('live', '', `row=request-${answer.id}`), on: { click: () => d.close() } }, t('req.again.show', { id: answer.id }))));
  });
  const d = dialog(t('req.again.title', { endpoint: r.endpoint }), [h('p', { class: 'note' }, t('req.again.note')), field(t('live.merchant'), merchant), field(t('req.data'), data), out],
    [button({ text: t('show.close'), act: () => d.close() }), button({ text: t('req.again.send'), icon: 'send', kind: 'primary', act })]);
  d.box.classList.add('wide');
}
