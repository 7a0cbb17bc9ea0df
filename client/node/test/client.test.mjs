// The twelve calls against a mock, and the harness that drives it.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { Client, Code, NotEnvelopeError, PlatformError, TransportError } from '../lib/index.mjs';
import { Mock, MockError, START, sharedMock, withSandbox } from '../lib/testing/index.mjs';

const facts = JSON.parse(readFileSync(process.env.ETCP_MOCK_FACTS, 'utf8'));
const [phone, plateNumber, vin] = ['13800000001', '渝ATX061', 'LVSHBFDC7RF414158'];
const testing = JSON.stringify(createRequire(import.meta.url).resolve('../lib/testing/index.js'));

test('the twelve calls', withSandbox(async (s) => {
  const c = s.client;
  const inbox = await s.inbox();
  await c.userValidateCode(phone);
  const token = await c.userLogin({ mobilePhone: phone, code: await s.sms(phone), appId: 'my-app' });
  assert.notEqual(token, await c.userSignin({ mobilePhone: phone, appId: 'other-app' }));
  await c.bindCar({ token, plateNumber });
  assert.equal(await c.carNum(token), 1);

  const { orderId } = await s.enter(plateNumber);
  const entry = await inbox.next();
  assert.deepEqual([entry.kind, entry.synId, entry.plateNumber], ['entry', orderId, '渝****61']);
  await c.carRetrieve({ token, plateNumber, carFrameNum: vin, carEngineNum: 'DA01991' });
  assert.equal(await s.advance('1h30m'), '2017-08-20 13:30:00');
  const [owed] = await c.orderUnpay({ token, plateNumber });
  assert.deepEqual([owed.orderId, owed.remainingFee, owed.entranceTime], [orderId, '10.0', START]);

  const pay = { token, orderId, externalOrderId: 'E1', payTime: new Date('2017-08-20T05:30:00Z'), verificationInfo: owed.verificationInfo };
  const e = await c.orderPaid({ ...pay, payment: 9 }).catch((refusal) => refusal);
  assert.ok(e instanceof PlatformError);
  assert.deepEqual([e.code, e.reason, e.platformMessage], [Code.WRONG_AMOUNT, 'payment-mismatch', '支付金额与应付金额不匹配']);
  assert.match(e.message, /^etcp orderpaid: code 20206 .*\(payment-mismatch, request r\d+\)$/);
  assert.equal((await s.requests('orderpaid')).at(-1).id, e.requestId);
  const receipt = await c.orderPaid({ ...pay, payment: owed.remainingFee });
  assert.deepEqual([receipt.payment, receipt.externalOrderId, receipt.payTime], ['10.0', 'E1', '2017-08-20 13:30:00']);
  assert.deepEqual(await c.orderPaid({ ...pay, payment: 10 }), receipt);

  assert.equal((await s.exit(plateNumber)).state, 'left');
  const left = await inbox.next('exit');
  assert.deepEqual([left.plateNumber, left.stayedTime, left.receivableFee], [plateNumber, 5400, '10.0']);
  const [stay] = await c.orderHistory(token);
  assert.deepEqual([stay.orderId, stay.parkingFee, stay.actual], [orderId, '10.0', '0.0']);

  const page = await c.surroundingParking({ lat: '29.563', lon: '106.551', radius: '5000' });
  assert.match(page.list[0].distance, /m$/);
  const ids = [];
  for await (const parking of c.parkings({ city: '重庆市' })) ids.push(parking.id);
  assert.ok(ids.length > 0 && new Set(ids).size === ids.length);
  assert.match((await c.parkingStatus(page.list[0].id)).status, /^(充足|紧张|已满)$/);

  await c.unbindCar({ token, plateNumber });
  assert.equal((await inbox.next()).kind, 'unbind');
  await inbox.empty();
  assert.deepEqual(new Set((await s.requests()).map((q) => q.endpoint)), new Set(facts.endpoints));
  for (const payment of [10, '10', '10.0', '10.00']) await s.saw('orderpaid', { payment }, { code: 0 });
  await assert.rejects(s.saw('orderpaid', { payment: 10 }, { byValue: false, within: '0s' }), /payment: want 10, got "10.0" \(a string\)/);
  await s.neverSaw('orderpaid', { payment: 10.01 });
  await s.pushed('exit', { stayedTime: 5400 });
  await assert.rejects(s.neverSaw('unbindcar'), /a unbindcar like it came/);
}));

test('what JSON cannot say is refused before anything is sent, and its field is named', withSandbox(async (s) => {
  await s.client.userSignin({ mobilePhone: phone, appId: 'my-app' });
  const [self, wrong] = [{}, (pattern) => (e) => e instanceof TypeError && pattern.test(e.message)];
  self.self = self;
  for (const method of ['saw', 'neverSaw']) {
    for (const [value, pattern] of [
      [undefined, /: data\.payment is undefined/], [() => 1, /: data\.payment is a function/], [Symbol('x'), /: data\.payment is a symbol/],
      [{ a: [1, undefined] }, /: data\.payment\.a\[1\] is undefined/], [NaN, /: data\.payment is NaN/], [new Map([['a', 1]]), /: data\.payment is a Map/],
      [Promise.resolve(10), /: data\.payment is a Promise/], [/1/, /: data\.payment is a RegExp/], [self, /: data\.payment\.self is a part of itself/],
    ]) {
      await assert.rejects(s[method]('orderpaid', { payment: value }), wrong(pattern), `${method} ${pattern}`);
    }
    await assert.rejects(s[method](), wrong(/: endpoint is missing/));
    await assert.rejects(s[method]('usersigin', undefined, { code: () => 0 }), wrong(/: code is a function/));
    await assert.rejects(s[method]('usersigin', undefined, { payment: undefined }), (e) => e instanceof MockError && e.status === 422 && /payment/.test(e.message));
  }
  await assert.rejects(s.pushed(), wrong(/: kind is missing/));
  await assert.rejects(s.pushed('exit', { stayedTime: undefined }), wrong(/: body\.stayedTime is undefined/));
  await assert.rejects(s.admin('PATCH', '/rules', { 'bind.max': 10n }), wrong(/BigInt/));
  await s.saw('usersigin', { mobilePhone: BigInt(phone) }, { code: undefined, count: undefined });
  await assert.rejects(s.saw('usersigin', { mobilePhone: BigInt(phone) }, { byValue: false, within: '0s' }), /want 13800000001, got "13800000001" \(a string\)/);
  await assert.rejects(s.saw('usersigin', { mobilePhone: 10n ** 20n }), wrong(/: data\.mobilePhone is 100000000000000000000n, longer than a number can be/));
  await assert.rejects(s.saw('usersigin', undefined, { plateNumber: undefined }), /unknown field "plateNumber"/);
}));

test('texts in place of an object, and an object in place of a text, are refused before anything is sent', withSandbox(async (s) => {
  const byText = { uservalidatecode: ['userValidateCode', 'mobilePhone'], orderhistory: ['orderHistory', 'token'], parkingstatus: ['parkingStatus', 'parkingId'], carnum: ['carNum', 'token'] };
  for (const endpoint of facts.endpoints) {
    const method = Object.getOwnPropertyNames(Client.prototype).find((name) => name.toLowerCase() === endpoint.replace('usersigin', 'usersignin'));
    const wrong = endpoint in byText ? [{ [byText[endpoint][1]]: 'secret' }, undefined] : ['secret', null, 7];
    for (const given of wrong) {
      await assert.rejects(s.client[method](given, plateNumber), (e) => e instanceof TypeError
        && e.message.includes(endpoint in byText ? ` ${method}(${byText[endpoint][1]})` : ` ${method}({ `)
        && !e.message.includes('secret'), `${method} ${given}`);
    }
  }
  await assert.rejects(s.client.bindCar('token', plateNumber), { message: 'bindCar takes one object, bindCar({ token, plateNumber }), but got a text' });
  await assert.rejects(s.client.carNum({ token: 't' }), { message: 'carNum takes a text, carNum(token), but got an object' });
  await assert.rejects(s.client.parkings('重庆市').next(), /parkings takes one object/);
  assert.deepEqual(await s.requests(), []);
}));

test('failures of the network', withSandbox(async (s) => {
  await s.fault({ endpoint: 'carnum' }, { cut: 'before' });
  await s.fault({ endpoint: 'orderhistory' }, { httpStatus: 502, body: '<html>bad gateway</html>' });
  await s.fault({ endpoint: 'parkingstatus' }, { code: 0 });
  await assert.rejects(s.client.carNum('secret-token'), (e) => e instanceof TransportError && !e.message.includes('secret-token'));
  await assert.rejects(s.client.orderHistory('t'), (e) => e instanceof NotEnvelopeError && e.httpStatus === 502 && e.body.includes('bad gateway'));
  await assert.rejects(s.client.parkingStatus('1'), /unexpected data/);
  await s.clearFaults();
  await s.fault({ endpoint: 'carnum' }, { delay: '2s' });
  await assert.rejects(new Client(s.url, s.merchantNo, s.merchantKey, { timeout: 50 }).carNum('t'), /no answer within 50 ms/);
  await assert.rejects(new Client(s.url, 'nobody', 'k').carNum('t'), { code: Code.UNKNOWN_MERCHANT });
  await assert.rejects(new Client('http://user:secret@127.0.0.1:9', 'M', 'k').carNum('t'), (e) => e instanceof TransportError && /carnum: no answer from http:\/\/127.0.0.1:9: /.test(e.message));
  assert.throws(() => new Client('127.0.0.1:8787', 'M', 'k'), /baseUrl: want http:\/\/ or https:\/\/ .*, got "127.0.0.1:8787"/);
}));

test('a code that is no number is no envelope', async (t) => {
  const server = createServer((_, response) => response.end('{"code":"0"}')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  await assert.rejects(new Client(`http://127.0.0.1:${server.address().port}`, 'M', 'k').carNum('t'), NotEnvelopeError);
});

test('what a test has done is a scenario that does it again', withSandbox(async (s) => {
  await s.owner(phone, plateNumber);
  await s.enter(plateNumber);
  await s.advance('90m');
  const text = await s.recording();
  for (const step of ['call: usersigin', 'call: bindcar', 'enter: ', 'advance: 1h30m']) assert.ok(text.includes(step), text);
  assert.ok(!text.includes(s.merchantKey));
  const file = join(mkdtempSync(join(tmpdir(), 'etcp-')), 'checkout.yaml');
  writeFileSync(file, text);
  const run = spawnSync(process.env.ETCP_MOCK_BIN, ['scenario', 'run', file], { encoding: 'utf8' });
  rmSync(join(file, '..'), { recursive: true });
  assert.equal(run.status, 0, run.stdout + run.stderr);
}));

test('sandboxes keep apart', withSandbox(async (s) => {
  const other = await s.mock.sandbox();
  await s.enter(plateNumber);
  assert.deepEqual([(await other.orders()).length, (await s.orders(plateNumber)).length], [0, 1]);
  assert.notEqual(other.merchantNo, s.merchantNo);
  await other.close();
  await assert.rejects(other.orders(), { status: 404 });
}));

const leap = { clock: '2020-02-29 08:00:00', parkings: [{ id: '7', name: 'P7', city: '重庆市', lat: '29.5', lon: '106.5' }] };
test('a fixture', withSandbox({ fixture: leap, seed: 7 }, async (s, context) => {
  assert.equal(await s.now(), '2020-02-29 08:00:00');
  assert.equal((await s.enter(plateNumber)).parkingId, '7');
  assert.equal(context.name, 'a fixture'); // the runner's own context comes second
}));

for (const encoding of ['json', 'form', 'form-data-param']) {
  for (const signData of ['json', 'values', 'query']) {
    test(`the inbox under ${encoding} and ${signData}`, withSandbox(async (s) => {
      await s.rules({ 'push.encoding': encoding, 'push.sign_data': signData });
      const inbox = await s.inbox();
      inbox.failNext();
      await s.owner(phone, plateNumber);
      await s.enter(plateNumber);
      await s.advance('1m');
      assert.equal((await inbox.next()).kind, 'entry');
      assert.deepEqual((await s.pushes())[0].attempts.map((a) => a.httpStatus), [200, 200]);
    }));
  }
}

test('the inbox refuses what is not signed right', withSandbox(async (s) => {
  const inbox = await s.inbox();
  await s.owner(phone, plateNumber);
  await s.fault({ push: 'entry' }, { corruptSign: true });
  await s.enter(plateNumber);
  await assert.rejects(inbox.next(), /not right: push refused: code 4/);
  await assert.rejects(inbox.next('exit', { timeout: 100 }), /no push exit came within 100 ms/);
  await assert.rejects(inbox.next('enter'), /no push is of the kind enter; there are entry, exit/);
}));

test('a push that did not come says why', withSandbox(async (s) => {
  await s.owner(phone, plateNumber);
  await assert.rejects(s.pushed('entry', undefined, { within: '0s' }), /was delivered \(0 matched\); merchant .* has no push URL for it/);
  const inbox = await s.inbox();
  await s.enter('京A12345');
  await assert.rejects(inbox.next('entry', { timeout: 100 }), /no push entry came within 100 ms; 京A12345 has entered or left, but nobody has bound it/);
  await s.enter(plateNumber);
  await s.drain();
  await assert.rejects(inbox.next('exit', { timeout: 100 }), /no push exit came within 100 ms.*; others came: entry/);
  assert.equal((await inbox.next('entry')).kind, 'entry', 'it kept its place');
  assert.deepEqual(await s.admin('GET', 'orders'), await s.admin('GET', '/orders'));
  await s.saw('bindcar', undefined, { count: 1 });
  await assert.rejects(s.saw('bindcar', undefined, { count: 2, within: '0s' }), /1 matched/);
  await assert.rejects(s.neverSaw('bindcar'), /; these are r/);
}));

test('an option that is misspelt is refused', async () => {
  assert.throws(() => withSandbox({ fixtur: {} }, async () => {}), /no option fixtur; there are fixture/);
});

test('what is wrong is named', withSandbox(async (s, t) => {
  await assert.rejects(s.mock.sandbox({ fixture: { clok: 'now' } }), /clok/);
  await assert.rejects(s.exit(plateNumber), (e) => e instanceof MockError && e.status === 409 && e.reason === '');
  await assert.rejects(s.admin('GET', '/pushes/p999'), (e) => e instanceof MockError && e.status === 404 && e.reason === 'unknown-push');
  await assert.rejects(Mock.start('/nowhere/etcp-mock'), /no \/nowhere\/etcp-mock: put etcp-mock on the PATH/);
  const dir = mkdtempSync(join(tmpdir(), 'etcp-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const broken = join(dir, 'broken');
  writeFileSync(broken, '#!/bin/sh\necho no port left >&2\nexit 1\n');
  chmodSync(broken, 0o755);
  await assert.rejects(Mock.start(broken), /no port left/);
}));

test('a mock that runs is used and left running', async (t) => {
  const mock = await sharedMock();
  process.env.ETCP_MOCK_URL = mock.url;
  t.after(() => delete process.env.ETCP_MOCK_URL);
  const same = await Mock.start();
  assert.equal(same.url, mock.url);
  await same.close();
  assert.ok((await mock.admin('GET', '/version')).version);
});

// gone holds that nobody listens at a URL any more.
async function gone(url) {
  for (let i = 0; i < 200; i += 1) {
    if (!(await new Mock(url).admin('GET', '/version').catch(() => undefined))) return;
    await delay(50);
  }
  assert.fail(`${url} still answers`);
}

test('a mock ends with the process that started it, however that ends', async () => {
  const starts = `require(${testing}).Mock.start(process.env.ETCP_MOCK_BIN).then((m) => console.log(m.url))`;
  const { stdout } = spawnSync(process.execPath, ['-e', starts], { encoding: 'utf8' }); // it ends by itself: the mock does not hold it
  await gone(stdout.trim());
  const killed = spawn(process.execPath, ['-e', `${starts}; setInterval(() => {}, 1000)`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(killed.stdout.setEncoding('utf8'), 'data');
  assert.ok((await new Mock(line.trim()).admin('GET', '/version')).version);
  killed.kill('SIGKILL');
  await gone(line.trim());
});

test('what the webhook answered is in the report, and all is in one language', withSandbox(async (s) => {
  const answer = '{"code":6,"message":"unbind and certification-invalid look alike: give each a URL of its own"}';
  const server = createServer((_, response) => response.end(answer)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const before = process.env.ETCP_MOCK_LANG;
  try {
    await s.pushTo(`http://127.0.0.1:${server.address().port}/etcp`);
    await s.owner('13800000001', '渝ATX061');
    await s.enter('渝ATX061');
    await s.drain();
    process.env.ETCP_MOCK_LANG = 'en';
    assert.ok((await s.report()).includes(`is pending: code is 6, not 0; the answer was ${answer}`), await s.report());
    process.env.ETCP_MOCK_LANG = 'zh';
    assert.ok((await s.report()).includes(`code 为 6，应为 0；应答为 ${answer}`), await s.report());
    assert.ok((await s.report()).includes(`（${s.id}）：`), await s.report());
    await assert.rejects(s.pushed('entry'), /没有送达符合条件的 entry 推送（匹配 0 个）[^]*最接近的 p1：status：应为 .*delivered.*，实际为 .*pending/);
    await assert.rejects(s.saw('usersigin', { carNumber: '渝ATX061' }, { within: '0s' }), /：data\.carNumber：应为 "渝ATX061"，实际为无$/m);
    await assert.rejects(s.saw('usersigin', { mobilePhone: 13800000001 }, { byValue: false, within: '0s' }), /：应为 13800000001，实际为 "13800000001"（字符串）$/m);
    await assert.rejects(s.saw('usersigin', { mobilePhone: undefined }), /data\.mobilePhone 为 undefined，无法比较/);
    await assert.rejects(s.exit('渝ATX062'), /HTTP 409: [^]*渝ATX062[^]*[没不未]/);
  } finally {
    if (before === undefined) delete process.env.ETCP_MOCK_LANG;
    else process.env.ETCP_MOCK_LANG = before;
    server.close();
  }
}));

test('a failing test prints what was refused', async () => {
  const mock = await sharedMock();
  const file = join(mkdtempSync(join(tmpdir(), 'etcp-')), 'fails.test.cjs');
  writeFileSync(file, `
    const { test } = require('node:test');
    const { withSandbox } = require(${testing});
    test('bind', withSandbox(async (s) => {
      await s.pushTo('http://127.0.0.1:9/etcp');
      await s.owner('13800000001', '渝ATX061');
      await s.enter('渝ATX061');
      await s.drain();
      await s.owner('13900000002', '渝ATX061');
    }));`);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env; // else the inner run speaks to the outer one
  const run = spawn(process.execPath, ['--test', file], { env: { ...env, ETCP_MOCK_URL: mock.url, LC_ALL: 'C' } });
  let out = '';
  run.stdout.setEncoding('utf8').on('data', (text) => { out += text; });
  const [code] = await once(run, 'close');
  rmSync(join(file, '..'), { recursive: true });
  assert.equal(code, 1);
  assert.match(out, /etcp bindcar: code 20802 .*plate-bound-by-other, request r\d+/);
  assert.match(out, /bindcar: code 20802, plate-bound-by-other: .*is bound by 13800000001/);
  assert.match(out, /push entry of 渝ATX061 to http:\/\/127\.0\.0\.1:9\/etcp is pending: /);
});
