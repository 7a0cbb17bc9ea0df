'use strict';

const assert = require('node:assert');

const { Client } = require('../client.js');
const { Inbox } = require('./inbox.js');
const { either, inChinese } = require('./language.js');
const { nearest, wanted } = require('./wanted.js');

/** What the clock of a new sandbox shows, where it stands until the test moves it. Asia/Shanghai. */
const START = '2017-08-20 12:00:00';

const enc = encodeURIComponent;

class Sandbox {
  #host;
  #inboxes = [];

  constructor(mock, { id, merchants }, host) {
    this.mock = mock;
    this.id = id;
    this.url = mock.url;
    this.merchantNo = merchants[0]?.merchantNo ?? '';
    this.merchantKey = merchants[0]?.merchantKey ?? '';
    this.client = new Client(this.url, this.merchantNo, this.merchantKey);
    this.#host = host;
  }

  async close() {
    await Promise.all(this.#inboxes.map((inbox) => inbox.close()));
    await this.admin('DELETE', '').catch((e) => {
      if (e.status !== 404) throw e;
    });
  }

  admin(method, path, body) {
    return this.mock.admin(method, `/sandboxes/${enc(this.id)}${path && !/^[/?]/.test(path) ? '/' : ''}${path}`, body);
  }

  recording() {
    return this.mock.text('GET', `/sandboxes/${enc(this.id)}/recording`);
  }

  // Owners, cars and time.

  async owner(phone, ...plates) {
    const token = await this.client.userSignin({ mobilePhone: phone, appId: 'etcp-mock' });
    for (const plateNumber of plates) await this.client.bindCar({ token, plateNumber });
    return token;
  }

  async enter(plateNumber, { parkingId, ...more } = {}) {
    const into = parkingId ?? (await this.admin('GET', '/parkings?limit=1')).items[0].id;
    return this.admin('POST', '/cars/enter', { plateNumber, parkingId: into, ...more });
  }

  exit(plateNumber, more = {}) {
    return this.admin('POST', '/cars/exit', { plateNumber, ...more });
  }

  orders(plateNumber) {
    return this.#items('/orders', { plateNumber });
  }

  async sms(phone) {
    return (await this.admin('GET', `/sms/${enc(phone)}`)).code;
  }

  async now() {
    return (await this.admin('GET', '/clock')).now;
  }

  async advance(by) {
    return (await this.admin('POST', '/clock/advance', { by })).now;
  }

  async rules(changes) {
    await this.admin('PATCH', '/rules', changes);
  }

  // Faults.

  async fault(on, effect, more = {}) {
    return (await this.admin('POST', '/faults', { on, do: effect, ...more })).id;
  }

  async clearFaults() {
    await this.admin('DELETE', '/faults');
  }

  // Pushes.

  async inbox() {
    const inbox = await Inbox.open(this, this.#host);
    this.#inboxes.push(inbox);
    await this.pushTo(inbox.url, Object.fromEntries(['unbind', 'certification-invalid'].map((kind) => [kind, `${inbox.url}/${kind}`])));
    return inbox;
  }

  async pushTo(url, urls = undefined) {
    await this.admin('PUT', `/merchants/${enc(this.merchantNo)}`, { key: this.merchantKey, push: { url, urls } });
  }

  pushes() {
    return this.#items('/pushes', {});
  }

  async drain(timeout = '5s') {
    await this.admin('POST', '/pushes/drain', { timeout });
  }

  // What the mock was asked.

  requests(endpoint) {
    return this.#items('/requests', { endpoint });
  }

  async saw(endpoint, data, more = {}) {
    const want = wanted('saw', 'endpoint', { endpoint, data, byValue: true, within: '1s', ...more });
    await this.#verify('/requests/verify', either(`no ${endpoint} like it came`, `没有收到符合条件的 ${endpoint}`), want);
  }

  async neverSaw(endpoint, data, more = {}) {
    const want = wanted('neverSaw', 'endpoint', { endpoint, data, byValue: true, count: { max: 0 }, ...more });
    await this.#verify('/requests/verify', either(`a ${endpoint} like it came`, `收到了符合条件的 ${endpoint}`), want);
  }

  async pushed(kind, body, more = {}) {
    const want = wanted('pushed', 'kind', { kind, body, byValue: true, status: 'delivered', within: '1s', ...more });
    await this.#verify('/pushes/verify', either(`no push ${kind} like it was delivered`, `没有送达符合条件的 ${kind} 推送`), want);
  }

  async #verify(path, failure, want) {
    const { count } = want;
    const found = await this.admin('POST', path, typeof count === 'number' ? { ...want, count: { min: count, max: count } } : want);
    if (found.ok) return;
    const near = (found.nearest ?? []).map((n) => `\n  ${nearest(n)}`).join('');
    const matched = either(` (${found.matched} matched)`, `（匹配 ${found.matched} 个）`);
    assert.fail(`etcp-mock: ${failure}${matched}${hint(found)}${near}`);
  }

  /** Why no push (of a kind) was made, behind a semicolon; '' where that is not known. */
  async whyNone(kind) {
    return hint(await this.admin('POST', '/pushes/verify', { kind }));
  }

  async report() {
    const chinese = inChinese();
    const said = (x, name) => (chinese && x[`${name}Zh`]) || x[name] || '';
    const lines = [];
    for (const q of await this.requests()) {
      if (!q.reason) continue;
      const [explanation, fix] = [said(q, 'explanation'), said(q, 'fix')];
      lines.push(`${q.id} ${q.endpoint}: code ${q.code}, ${q.reason}: ${explanation}`);
      if (fix && !explanation.includes(fix)) lines.push(`    ${fix}`);
    }
    await this.drain('1s').catch((e) => { // an attempt may be in flight: a push may fail as the test does
      if (e.status !== 504) throw e;
    });
    for (const p of await this.pushes()) {
      if (p.status === 'delivered' || !p.attempts.length) continue;
      const why = said(p.attempts.at(-1), 'error') + answered(p.attempts.at(-1));
      lines.push(chinese
        ? `${p.id} 推送 ${p.kind}（${p.plateNumber}，${p.url}）：${p.status === 'failed' ? '失败' : '待投递'}：${why}`
        : `${p.id} push ${p.kind} of ${p.plateNumber} to ${p.url} ${p.status === 'failed' ? 'has failed' : 'is pending'}: ${why}`);
    }
    if (!lines.length) return '';
    const title = either(`etcp-mock refused or could not deliver (${this.id}):`, `etcp-mock 拒绝的请求和未送达的推送（${this.id}）：`);
    return [title, ...lines.map((line) => `  ${line}`)].join('\n');
  }

  async #items(path, query) {
    const given = new URLSearchParams({ limit: '1000' });
    for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, value);
    const found = [];
    for (;;) {
      const page = await this.admin('GET', `${path}?${given}`);
      found.push(...page.items);
      if (!page.next) return found;
      given.set('after', page.next);
    }
  }
}

function hint(found) {
  const said = (inChinese() && found.hintZh) || found.hint;
  return said ? either('; ', '；') + said : '';
}

/** What the endpoint itself answered, behind a semicolon; '' where it did not. */
function answered(attempt) {
  const answer = (attempt.response ?? '').trim().replace(/\s+/g, ' ');
  if (!answer) return '';
  return either('; the answer was ', '；应答为 ') + (answer.length > 300 ? `${answer.slice(0, 300)}…` : answer);
}

module.exports = { Sandbox, START };
