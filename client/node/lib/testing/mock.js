'use strict';

const { spawn } = require('node:child_process');
const { randomBytes } = require('node:crypto');
const { once } = require('node:events');

const { EtcpError } = require('../errors.js');
const { exchange } = require('../http.js');
const { either } = require('./language.js');
const { Sandbox, START } = require('./sandbox.js');

const ready = 20_000; // milliseconds that a mock may take to start

class MockError extends EtcpError {
  constructor(message, status = 0, reason = '') {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

class Mock {
  #token;
  #process;

  constructor(url, { token = '', process: child = undefined } = {}) {
    this.url = url.replace(/\/+$/, '');
    this.#token = token;
    this.#process = child;
  }

  static async start(binary = undefined) {
    const { ETCP_MOCK_URL: running, ETCP_MOCK_ADMIN_TOKEN: token, ETCP_MOCK_BIN: named } = process.env;
    if (running && binary === undefined) {
      const mock = new Mock(running, { token });
      await mock.admin('GET', '/version');
      return mock;
    }
    // The mock ends with its stdin, so also when this process is killed.
    const child = spawn(binary ?? (named || 'etcp-mock'), ['serve', '--addr', '127.0.0.1:0', '--stop-with-stdin'], { stdio: 'pipe' });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text) => { log = (log + text).slice(-10_000); });
    try {
      const url = await address(child, () => log);
      for (const each of [child, child.stdin, child.stdout, child.stderr]) each.unref(); // a test run ends without waiting for it
      return new Mock(url, { process: child });
    } catch (e) {
      child.kill('SIGKILL');
      throw e;
    }
  }

  async close() {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    const ended = once(child, 'exit');
    const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
    child.stdin.end();
    await ended;
    clearTimeout(late);
  }

  async sandbox(options = {}) {
    checkOptions(options);
    const { fixture, scenario, seed = 1, host = '127.0.0.1' } = options;
    const made = await this.admin('POST', '/sandboxes', { seed, scenario, fixture: fixture && withMerchant(fixture) });
    const sandbox = new Sandbox(this, made, host);
    if (!fixture && !scenario) {
      await sandbox.admin('PUT', '/clock', { mode: 'frozen' });
      await sandbox.admin('PUT', '/clock', { now: START });
    }
    return sandbox;
  }

  async admin(method, path, body = undefined) {
    const text = await this.text(method, path, body);
    return text ? JSON.parse(text) : undefined;
  }

  /** What admin reads: the answer's text. */
  async text(method, path, body = undefined) {
    const headers = { 'Content-Type': 'application/json', 'Accept-Language': either('en', 'zh'), ...(this.#token && { Authorization: `Bearer ${this.#token}` }) };
    const sent = body && JSON.stringify(body); // what cannot be written is no failure of the connection
    let answer;
    try {
      answer = await exchange(`${this.url}/__admin${path}`, { method, headers, body: sent, timeout: 120_000 });
    } catch (e) {
      throw new MockError(`${method} ${path}: ${either(`the mock at ${this.url} cannot be reached: `, `无法连接位于 ${this.url} 的模拟平台：`)}${e.message || e.code}`);
    }
    const text = answer.body.toString('utf8');
    if (answer.status >= 400) {
      const { detail, reason } = problem(text);
      throw new MockError(`${method} ${path}: HTTP ${answer.status}: ${detail}`, answer.status, reason);
    }
    return text;
  }
}

let shared;

/** A misspelt option would be a test that passes and has not checked what it says. */
function checkOptions(options) {
  const known = ['fixture', 'scenario', 'seed', 'host', 'mock'];
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown) throw new TypeError(`a sandbox has no option ${unknown}; there are ${known.join(', ')}`);
}

/** The mock that withSandbox uses: started at the first call, ended with this process. */
function sharedMock() {
  shared ??= Mock.start().catch((e) => {
    shared = undefined;
    throw e;
  });
  return shared;
}

/** The address in the first line, `listening on http://…`. */
function address(child, log) {
  return new Promise((resolve, reject) => {
    let said = '';
    const refuse = (why) => reject(new MockError(`${either('etcp-mock serve did not start: ', 'etcp-mock serve 没有启动：')}${[why, said, log()].join(' ').trim()}`));
    const late = setTimeout(() => refuse(either(`no address within ${ready / 1000} s`, `${ready / 1000} 秒内没有给出地址`)), ready);
    child.on('error', (e) => {
      clearTimeout(late);
      reject(new MockError(e.code === 'ENOENT'
        ? either(`no ${child.spawnfile}: put etcp-mock on the PATH, name it in ETCP_MOCK_BIN, or name a running one in ETCP_MOCK_URL`,
          `找不到 ${child.spawnfile}：请把 etcp-mock 放到 PATH 中，或用 ETCP_MOCK_BIN 指定它，或用 ETCP_MOCK_URL 指定正在运行的一个`)
        : either(`${child.spawnfile} does not start: ${e.message}`, `${child.spawnfile} 无法启动：${e.message}`)));
    });
    child.on('close', () => {
      clearTimeout(late);
      refuse('');
    });
    child.stdin.on('error', () => {}); // it has ended already
    child.stdout.setEncoding('utf8').on('data', (text) => {
      said = (said + text).slice(0, 10_000);
      const found = /^listening on (\S+)\r?\n/.exec(said);
      if (!found) return;
      clearTimeout(late);
      resolve(found[1]);
    });
  });
}

/** What a fixture's merchants lack is made up, so that one fixture serves tests that run at once. */
function withMerchant(fixture) {
  const merchants = fixture.merchants?.length ? fixture.merchants : [{}];
  return { ...fixture, merchants: merchants.map((m) => ({ no: `t${randomBytes(8).toString('hex')}`, key: randomBytes(16).toString('hex'), ...m })) };
}

function problem(text) {
  try {
    const { detail, title, reason } = JSON.parse(text);
    return { detail: detail || title, reason };
  } catch {
    return { detail: text.slice(0, 300) };
  }
}

module.exports = { Mock, MockError, checkOptions, sharedMock };
