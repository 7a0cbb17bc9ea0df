// What an empty sandbox shows: three ways to make something happen.

import { all, get, of, post, server } from './api.js';
import { button, h, icon, put } from './dom.js';
import { t } from './i18n.js';
import { doing } from './notices.js';
import { curlAfresh } from './repeat.js';
import { copyButton } from './show.js';

const BUSY = 'a-busy-day';
const POLL = 300;

// curlCard is a call that works as it is: the key of the first merchant stands in it.
async function curlCard(app, pre) {
  const [[merchant], [parking]] = await Promise.all([all(of(app.sandbox, 'merchants')), all(of(app.sandbox, 'parkings'))]);
  if (!merchant) { put(pre, t('first.noMerchant')); return; }
  const text = curlAfresh({ method: 'POST', endpoint: 'parkingstatus', merchantNo: merchant.no, data: { parkingId: parking?.id ?? '1' } });
  put(pre, `ETCP_KEY='${merchant.key.replaceAll("'", `'\\''`)}'\n${text}`);
}

// ran waits for a run and gives the sandbox that it kept.
async function ran(id) {
  for (;;) {
    const run = await get(`runs/${encodeURIComponent(id)}`);
    if (run.status !== 'running') return run.result?.cases?.[0]?.sandbox;
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
}

export function welcome(app) {
  const pre = h('pre', { class: 'plain', tabindex: 0 }, t('show.loading'));
  curlCard(app, pre).catch((error) => put(pre, error.message));
  const live = doing(async () => {
    const run = await post('scenarios/run', { name: BUSY, keep: true });
    const made = await ran(run.id);
    if (made) await app.choose(made);
    await app.refresh();
  });
  const card = (drawing, name, ...rest) => h('section', { class: 'card' }, h('h2', null, icon(drawing), ' ', t(`first.${name}`)), h('p', { class: 'muted' }, t(`first.${name}.note`, { url: server })), rest);
  return [
    h('p', { class: 'first-lead' }, t('first.lead')),
    h('div', { class: 'first-cards' },
      card('send', 'call', pre, h('p', { class: 'actions' }, copyButton(() => pre.textContent, undefined, t('show.copy')))),
      card('city', 'day', h('p', { class: 'actions' }, button({ text: t('first.day.do'), icon: 'play', kind: 'primary', act: live }))),
      card('scenarios', 'scenario', h('p', { class: 'actions' }, h('a', { class: 'button', href: app.href('scenarios') }, icon('scenarios'), h('span', null, t('first.scenario.do')))))),
  ];
}
