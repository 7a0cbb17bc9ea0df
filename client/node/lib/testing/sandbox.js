'use strict';

const assert = require('node:assert');

const { Client } = require('../client.js');
const { Inbox } = require('./inbox.js');
const { sharedMock } = require('./mock.js');

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
    return this.mock.admin(method, `/sandboxes/${enc(this.id)}${path}`, body);
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

  saw(endpoint, data, more = {}) {
    return this.#verify('/requests/verify', `no ${endpoint} like it came`, { endpoint, data, within: '1s', ...more });
  }

  neverSaw(endpoint, data, more = {}) {
    return this.#verify('/requests/verify', `a ${endpoint} like it came`, { endpoint, data, count: { max: 0 }, ...more });
  }

  pushed(kind, body, more = {}) {
    return this.#verify('/pushes/verify', `no push ${kind} like it was delivered`, { kind, body, status: 'delivered', within: '1s', ...more });
  }

  async #verify(path, failure, want) {
    const { ok, matched, nearest } = await this.admin('POST', path, want);
    if (ok) return;
    const near = (nearest ?? []).map((n) => `\n  nearest ${n.id}: ${n.differs.join('; ')}`).join('');
    assert.fail(`etcp-mock: ${failure} (${matched} matched)${near}`);
  }

  async report() {
    const chinese = /^zh/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '');
    const said = (x, name) => (chinese && x[`${name}Zh`]) || x[name] || '';
    const lines = [];
    for (const q of await this.requests()) {
      if (!q.reason) continue;
      const [explanation, fix] = [said(q, 'explanation'), said(q, 'fix')];
      lines.push(`${q.id} ${q.endpoint}: code ${q.code}, ${q.reason}: ${explanation}`);
      if (fix && !explanation.includes(fix)) lines.push(`    ${fix}`);
    }
    for (const p of await this.pushes()) {
      if (p.status === 'delivered' || !p.attempts.length) continue;
      lines.push(`${p.id} push ${p.kind} of ${p.plateNumber} to ${p.url} is ${p.status}: ${p.attempts.at(-1).error ?? ''}`);
    }
    if (!lines.length) return '';
    const title = chinese ? 'etcp-mock 拒绝的请求和未送达的推送：' : 'etcp-mock refused or could not deliver:';
    return [`${title} (${this.id})`, ...lines.map((line) => `  ${line}`)].join('\n');
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

/**
 * A test function that has a sandbox of its own: `test('…', withSandbox(async (sandbox) => { … }))`, in node:test, Jest and Vitest
 * alike. When it fails, what the mock refused and why is printed, and stands in the error's message.
 */
function withSandbox(options, run = options) {
  const given = run === options ? {} : options;
  return async (...context) => { // no named parameter: Jest would take one for its callback
    const sandbox = await (await (given.mock ?? sharedMock())).sandbox(given);
    try {
      return await run(sandbox, ...context);
    } catch (failure) {
      throw explained(failure, await sandbox.report().catch((e) => e.message));
    } finally {
      await sandbox.close();
    }
  };
}

/** The same error with the report behind its message; the stack, which runners print, has a copy of the message. */
function explained(failure, report) {
  if (!report || !(failure instanceof Error)) {
    if (report) console.error(report);
    return failure;
  }
  const { message, stack } = failure;
  failure.message = `${message}\n\n${report}\n`;
  if (stack) failure.stack = message && stack.includes(message) ? stack.replace(message, () => failure.message) : `${failure.message}\n${stack}`;
  return failure;
}

module.exports = { Sandbox, START, withSandbox };
