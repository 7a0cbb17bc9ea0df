// A stay from sign-in to exit, with nothing but Node: requests signed (§6), pushes received and verified (§10).
// Run it with: etcp-mock exec -- node --test park.test.mjs
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';

const { ETCP_MOCK_URL: url, ETCP_MOCK_ADMIN: adminURL, ETCP_MOCK_MERCHANT_NO: no, ETCP_MOCK_MERCHANT_KEY: key } = process.env;

const md5 = (text) => createHash('md5').update(text, 'utf8').digest('hex').toUpperCase();

// yyyyMMddHHmmss in Asia/Shanghai, whatever zone this machine is in (§3.2).
const stamp = () => new Date(Date.now() + 8 * 3600e3).toISOString().replace(/\D/g, '').slice(0, 14);

// A signed request. The text that is signed is the text that is sent.
async function call(method, endpoint, fields) {
  const data = JSON.stringify(fields);
  const time = stamp();
  const form = new URLSearchParams({ merchant_no: no, time_stamp: time, data, sign: md5(data + key + time) });
  const path = `${url}/merchant/open/1.0.0/openapi/${endpoint}`;
  const answer = method === 'GET' ? await fetch(`${path}?${form}`) : await fetch(path, { method, body: form });
  return { ...(await answer.json()), reason: answer.headers.get('X-Mock-Reason') };
}

// The mock's control API, which the real platform does not have.
async function admin(method, path, body) {
  const answer = await fetch(`${adminURL}/sandboxes/default${path}`, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

// A webhook: verifies signment, answers code 0, hands the push on.
async function webhook(t) {
  const waiting = [];
  const received = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const { signment, ...push } = JSON.parse(body); // keeps the fields' order
    const right = signment === md5(no + JSON.stringify(push) + key);
    response.setHeader('Content-Type', 'application/json;charset=UTF-8');
    response.end(JSON.stringify(right ? { code: 0, message: 'ok' } : { code: 4, message: 'wrong signment' }));
    if (!right) return;
    if (waiting.length) waiting.shift()(push);
    else received.push(push);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => { server.closeAllConnections(); server.close(); });
  return {
    url: `http://127.0.0.1:${server.address().port}/etcp`,
    next: () => (received.length ? Promise.resolve(received.shift()) : new Promise((resolve) => waiting.push(resolve))),
  };
}

test('a car parks and its owner pays', { timeout: 20_000 }, async (t) => {
  const plate = '渝ATX061';
  const merchant = await webhook(t);
  await admin('PUT', '/clock', { mode: 'frozen' }); // time moves when this test says so
  await admin('PUT', `/merchants/${no}`, { key, push: { url: merchant.url } });

  const { token } = (await call('POST', 'usersigin', { mobilePhone: '13800000001', appId: 'ETCP' })).data;
  assert.equal((await call('POST', 'bindcar', { token, plateNumber: plate })).code, 0);

  const { orderId } = await admin('POST', '/cars/enter', { plateNumber: plate, parkingId: '1' });
  const entry = await merchant.next();
  assert.equal(entry.synId, orderId);
  assert.equal(entry.plateNumber, '渝****61');

  await admin('POST', '/clock/advance', { by: '1h30m' });
  const [due] = (await call('GET', 'orderunpay', { token, plateNumber: plate })).data;
  assert.equal(due.remainingFee, 10);

  const pay = { token, orderId, externalOrderId: 'E1', payTime: '2017-08-20 13:30:00', verificationInfo: due.verificationInfo };
  const wrong = await call('POST', 'orderpaid', { ...pay, payment: '9' });
  assert.equal(wrong.code, 20206);
  assert.equal(wrong.reason, 'payment-mismatch');
  assert.equal((await call('POST', 'orderpaid', { ...pay, payment: '10' })).code, 0);

  await admin('POST', '/cars/exit', { plateNumber: plate });
  assert.equal((await merchant.next()).stayedTime, 5400);
});
