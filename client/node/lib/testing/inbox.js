'use strict';

const assert = require('node:assert');
const { once } = require('node:events');
const { createServer } = require('node:http');

const { Code, messages, PushError } = require('../errors.js');
const { ACCEPTED, PushVerifier, checkKind } = require('../push.js');
const { either } = require('./language.js');

class Inbox {
  #sandbox;
  #verifier;
  #server;
  #came = []; // pushes and PushErrors that next has not given
  #waiting = new Set();
  #fail = 0;

  static async open(sandbox, host) {
    const rules = await sandbox.admin('GET', '/rules');
    const inbox = new Inbox();
    inbox.#sandbox = sandbox;
    inbox.#verifier = new PushVerifier(sandbox.merchantNo, sandbox.merchantKey, { signData: rules['push.sign_data']?.value });
    inbox.#server = createServer((request, response) => inbox.#receive(request, response));
    inbox.#server.listen(0, host);
    await once(inbox.#server, 'listening');
    inbox.#server.unref();
    inbox.url = `http://${host}:${inbox.#server.address().port}/etcp`;
    return inbox;
  }

  async #receive(request, response) {
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return; // the mock has given up
    }
    const [status, answer] = this.#answer(request, Buffer.concat(chunks));
    response.writeHead(status, { 'Content-Type': 'application/json;charset=UTF-8', Connection: 'close' });
    response.end(answer);
  }

  #answer(request, body) {
    const kind = /\/(unbind|certification-invalid)$/.exec(request.url)?.[1];
    try {
      const push = this.#verifier.verify(body, request.headers['content-type'], kind);
      if (this.#fail > 0) {
        this.#fail -= 1;
        return [200, JSON.stringify({ code: Code.FAILED, message: messages[Code.FAILED] })];
      }
      this.#add(push);
      return [200, ACCEPTED];
    } catch (e) {
      if (!(e instanceof PushError)) throw e;
      this.#add(e);
      return [e.httpStatus, e.answer];
    }
  }

  #add(push) {
    this.#came.push(push);
    for (const look of this.#waiting) look();
  }

  failNext(n = 1) {
    this.#fail = n;
  }

  async next(kind = undefined, { timeout = 5000 } = {}) {
    checkKind(kind);
    const found = () => this.#came.findIndex((push) => push instanceof PushError || !kind || push.kind === kind);
    if (found() < 0) {
      await new Promise((resolve) => {
        const done = () => {
          clearTimeout(late);
          this.#waiting.delete(look);
          resolve();
        };
        const look = () => found() >= 0 && done();
        const late = setTimeout(done, timeout);
        this.#waiting.add(look);
      });
    }
    const at = found();
    if (at < 0) {
      const others = this.#came.map((push) => push.kind).join(', ');
      const why = await this.#sandbox.whyNone(kind) + (others && either(`; others came: ${others}`, `；收到的是：${others}`));
      assert.fail(either(`etcp-mock: no push${kind ? ` ${kind}` : ''} came within ${timeout} ms${why}`,
        `etcp-mock: ${timeout} 毫秒内没有收到${kind ? ` ${kind} ` : ''}推送${why}`));
    }
    const [push] = this.#came.splice(at, 1);
    if (push instanceof PushError) assert.fail(either('etcp-mock: a push came that is not right: ', 'etcp-mock: 收到的推送不正确：') + push.message);
    return push;
  }

  async empty() {
    await this.#sandbox.drain();
    if (this.#came.length) assert.fail(either('etcp-mock: a push came: ', 'etcp-mock: 收到了推送：') + (this.#came[0].message ?? JSON.stringify(this.#came[0])));
  }

  async close() {
    this.#server.closeAllConnections?.();
    if (this.#server.listening) await new Promise((resolve) => { this.#server.close(resolve); });
  }
}

module.exports = { Inbox };
