// A request once more: its data as it was or changed, signed anew with what the server says the sign should be.

import { get, of, post, server } from './api.js';
import { endpointNames, endpointTitle, methodOf } from './codes.js';
import { button, choice, field, h, put } from './dom.js';
import { kept, recall, remember } from './drafts.js';
import { t } from './i18n.js';
import { doing } from './notices.js';
import { dataText, PATH } from './repeat.js';
import { tables } from './tables.js';
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

// example is data for a first request of an endpoint, with what the sandbox's own calls have given: phone, code, token, plate, quote.
async function example(app, endpoint) {
  const needed = tables.endpoints.find((row) => row.name === endpoint)?.params ?? [];
  const { rows, links } = app.feed;
  const newest = (name) => rows.findLast((row) => row[name])?.[name];
  const messages = needed.includes('code') ? (await get(`${of(app.sandbox, 'sms')}?limit=1`)).items : [];
  const order = needed.includes('orderId') || needed.includes('payment') ? (await get(`${of(app.sandbox, 'orders')}?order=newest&limit=1`)).items[0] : undefined;
  let quote;
  try { [quote] = JSON.parse(rows.findLast((row) => row.item.endpoint === 'orderunpay' && row.item.code === 0)?.item.response ?? '').data; } catch { /* none was asked for */ }
  const known = {
    token: [...links.phoneOfToken.keys()].at(-1) ?? '', mobilePhone: messages[0]?.phone ?? newest('phone') ?? '13800000001', code: messages[0]?.code ?? '', appId: 'ETCP',
    plateNumber: newest('plate') ?? '渝ATX061', carNumber: newest('plate') ?? '渝ATX061', plateColor: '1', parkingId: order?.parkingId ?? '1', city: '重庆市',
    orderId: order?.orderId ?? '', externalOrderId: `e${Date.now()}`, payment: quote?.remainingFee ?? quote?.payment ?? order?.remainingFee ?? '', payTime: app.clock.text(), verificationInfo: quote?.verificationInfo ?? '',
  };
  return JSON.stringify(Object.fromEntries(needed.map((name) => [name, known[name] ?? ''])), null, 2);
}

// sendNew opens the editor of a request that is made here.
export async function sendNew(app) {
  const endpoint = recall('new.endpoint', 'uservalidatecode');
  const data = await example(app, endpoint);
  sendAgain(app, { id: `new.${endpoint}`, endpoint, method: 'POST', merchantNo: app.merchants[0] ?? '', data, dataText: data }, true);
}

// sendAgain opens the editor of a request; of a new one the endpoint may be chosen.
export function sendAgain(app, r, anew = false) {
  const start = typeof r.data === 'object' && r.data ? JSON.stringify(r.data, null, 2) : dataText(r);
  const draft = `again.${app.sandbox}.${r.id}`;
  const data = kept(draft, h('textarea', { rows: 8, spellcheck: 'false', value: start }));
  const merchant = h('input', { class: 'mono', value: r.merchantNo, autocomplete: 'off' });
  const out = h('div', { 'aria-live': 'polite' });
  const pick = anew && choice(endpointNames.map((name) => [name, [name, endpointTitle(name)].filter(Boolean).join(' ')]), r.endpoint, async (name) => {
    r.endpoint = name;
    remember('new.endpoint', name);
    remember(draft, null);
    put(out);
    try { data.value = await example(app, name); } catch (error) { put(out, h('p', { class: 'bad-text' }, error.message)); }
  });
  const act = doing(async () => {
    const text = data.value === start ? dataText(r) : data.value;
    const answer = await send(r.endpoint, methodOf.get(r.endpoint) ?? r.method, merchant.value.trim(), text);
    remember(draft, null);
    put(out, h('h3', null, t('req.answer')), h('p', { class: 'note' }, `HTTP ${answer.status} ${answer.reason ?? ''}`), jsonText(answer.text),
      answer.id && h('p', null, h('a', { href: app.href('live', '', `row=request-${answer.id}`), on: { click: () => d.close() } }, t('req.again.show', { id: answer.id }))));
  });
  const d = dialog(anew ? t('req.new') : t('req.again.title', { endpoint: r.endpoint }), [h('p', { class: 'note' }, t('req.again.note')), anew && field(t('live.endpoint'), pick), field(t('live.merchant'), merchant), field(t('req.data'), data), out],
    [button({ text: t('show.close'), act: () => d.close() }), button({ text: t('req.again.send'), icon: 'send', kind: 'primary', act })]);
  d.box.classList.add('wide');
}
