// Pushes are verified over the body as it came (§10), under each encoding and each rule push.sign_data.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import { Code, PushError, PushVerifier, fromFen, formatTime, parseTime, signPush, signRequest, toFen, yuan } from '../lib/index.mjs';

const { messages } = createRequire(import.meta.url)('../lib/errors.js');
const facts = JSON.parse(readFileSync(process.env.ETCP_MOCK_FACTS, 'utf8'));
const [no, key] = ['M1', 'the-key-of-M1'];
const exit = '{"synId":"9e2f","plateNumber":"渝****61","parkName":"A&B <停车场>","parkId":1002559,"entranceTime":"2017-08-17 18:44:19",'
  + '"userType":"77","pushTime":"2017-08-19 12:07:20","exitTime":"2017-08-19 12:07:19","stayedTime":148980,"receivableFee":5.50,'
  + '"fixParkingId":"","remainingDays":""}';
const notice = '{"plateNumber":"渝ATX061","time":"2017-08-20 11:57:51"}';
const formType = 'application/x-www-form-urlencoded;charset=UTF-8';

const signed = (data, text = data) => Buffer.from(`${data.slice(0, -1)},"signment":"${signPush(no, text, key)}"}`);
const pairs = Object.entries(JSON.parse(exit.replace('5.50', '"5.50"')));
const form = (text) => new URLSearchParams([...pairs, ['signment', signPush(no, text, key)]]).toString();

function refused(body, code, { type, kind, signData, status = 200 } = {}) {
  assert.throws(() => new PushVerifier(no, key, { signData }).verify(body, type, kind), (e) => {
    assert.ok(e instanceof PushError, e.stack);
    assert.equal(e.code, code, e.message);
    assert.equal(e.httpStatus, status);
    assert.equal(JSON.parse(e.answer).code, code);
    return true;
  });
}

test('vectors', () => {
  for (const v of facts.vectors) {
    if (v.kind === 'request') {
      assert.equal(signRequest(v.data, v.key, v.time_stamp, v['sign.whitespace']), v.sign, v.name);
      continue;
    }
    const body = `${v.body.trimEnd().slice(0, -1)},"signment":"${v.sign}"}`;
    const verifier = new PushVerifier(v.merchant_no, v.key, { signData: v['push.sign_data'] });
    const kind = body.includes('synId') ? undefined : 'unbind';
    if (body.includes('plateNumber')) assert.ok(verifier.verify(body, undefined, kind).plateNumber, v.name);
    else assert.throws(() => verifier.verify(body, undefined, kind), { code: Code.MISSING_PARAMETER }, v.name); // signed right
    assert.throws(() => new PushVerifier(v.merchant_no, `${v.key}x`, { signData: v['push.sign_data'] }).verify(body, undefined, kind), { code: Code.BAD_SIGNATURE });
  }
});

test('codes', () => {
  assert.deepEqual(Object.values(Code).map((code) => ({ code, message: messages[code] })), facts.codes);
});

test('an exit is read', () => {
  const push = new PushVerifier(no, key).verify(signed(exit));
  assert.equal(push.kind, 'exit');
  assert.deepEqual([push.parkId, push.stayedTime, push.receivableFee, push.exitTime, push.key], ['1002559', 148980, '5.5', '2017-08-19 12:07:19', 'exit 9E2F']);
});

test('the text itself is signed', () => {
  for (const data of [exit, exit.replace('5.50', '150.0'), exit.replace('148980', '"148980"'), exit.replace('渝', '\\u6e1d').replace('停', '\\/'),
    exit.replaceAll(',', ' ,\n '), `{ "more" : true , ${exit.slice(1)}`, `${exit.slice(0, -1)}\n}`]) {
    assert.equal(new PushVerifier(no, key).verify(signed(data)).kind, 'exit', data);
  }
});

test('signment may stand anywhere', () => {
  const signment = `"signment":"${signPush(no, notice, key)}"`;
  const [first, last] = notice.slice(1, -1).split(',');
  for (const body of [[signment, first, last], [first, signment, last], [first, last, signment]]) {
    assert.equal(new PushVerifier(no, key).verify(`{${body}}`, undefined, 'unbind').plateNumber, '渝ATX061');
  }
});

test('a form does not say what is a number', () => {
  const values = { parkId: '1002559', stayedTime: '148980', receivableFee: '5.50' };
  for (let ways = 0; ways < 8; ways += 1) {
    let text = exit;
    Object.entries(values).forEach(([name, value], bit) => {
      if (ways & (1 << bit)) text = text.replace(`"${name}":${value}`, `"${name}":"${value}"`);
    });
    assert.equal(new PushVerifier(no, key).verify(form(text), formType).receivableFee, '5.5');
  }
});

test('encodings and what is signed', () => {
  const texts = { json: exit, values: pairs.map(([, v]) => v).join(''), query: pairs.map(([k, v]) => `${k}=${v}`).join('&') };
  for (const [signData, text] of Object.entries(texts)) {
    const verifier = new PushVerifier(no, key, { signData });
    assert.equal(verifier.verify(signed(exit, text)).kind, 'exit');
    assert.equal(verifier.verify(form(text), formType).kind, 'exit');
    assert.equal(verifier.verify(new URLSearchParams({ data: signed(exit, text).toString() }).toString(), formType).kind, 'exit');
  }
  refused(signed(exit), Code.BAD_SIGNATURE, { signData: 'values' });
});

test('what is refused', () => {
  const good = signed(exit).toString();
  for (const [body, code] of [
    [good.replace('148980', '148981'), Code.BAD_SIGNATURE],
    [good.toLowerCase(), Code.BAD_SIGNATURE],
    [good.replace('渝', '京'), Code.BAD_SIGNATURE],
    [`${good.slice(0, -10)}"}`, Code.BAD_SIGNATURE],
    [exit, Code.MISSING_PARAMETER],
    [`${exit.slice(0, -1)},"signment":""}`, Code.MISSING_PARAMETER],
    [`${exit.slice(0, -1)},"signment":5}`, Code.MISSING_PARAMETER],
    [`${good.slice(0, -1)},"synId":"other"}`, Code.BAD_PARAMETER],
    [good.slice(0, -1), Code.BAD_PARAMETER],
    [`${good}x`, Code.BAD_PARAMETER],
    [`\ufeff${good}`, Code.BAD_PARAMETER],
    [Buffer.from([0xff]), Code.BAD_PARAMETER],
    ['[]', Code.BAD_PARAMETER],
    ['', Code.BAD_PARAMETER],
    ['{"a":01}', Code.BAD_PARAMETER],
    ['{"a":1,}', Code.BAD_PARAMETER],
    [signed('{"a":{"b":1}}'), Code.BAD_PARAMETER],
    [signed(exit.replace('9e2f', '')), Code.MISSING_PARAMETER],
    [signed(exit.replace('2017-08-19 12:07:19', '2017-08-19T12:07:19')), Code.BAD_PARAMETER],
    [signed(exit.replace('148980', '-5')), Code.BAD_PARAMETER],
    [signed(notice), Code.BAD_PARAMETER],
  ]) refused(body, code);
  refused(signed(exit), Code.FAILED, { type: 'text/plain', status: 415 });
  refused(' '.repeat(65537), Code.FAILED, { status: 413 });
  refused('a=1&a=2', Code.BAD_PARAMETER, { type: formType });
  refused('a=%ff', Code.BAD_PARAMETER, { type: formType });
  refused(signed(exit), Code.BAD_PARAMETER, { kind: 'unbind' });
  assert.throws(() => new PushVerifier(no, ''), TypeError);
});

test('money and times are exact', () => {
  assert.deepEqual(['8', 8, '5.50', '10.34', '8.000', '-0.10'].map(yuan), ['8.0', '8.0', '5.5', '10.34', '8.0', '-0.1']);
  assert.deepEqual(['0.07', '5.5', '-0.1', 10].map(toFen), [7, 550, -10, 1000]);
  assert.deepEqual([7, 550, -10, 1000].map(fromFen), ['0.07', '5.5', '-0.1', '10.0']);
  for (const wrong of ['', '8.', '.5', '+8', '8e0', '1.234', '８', 0.1 + 0.2, NaN]) assert.throws(() => yuan(wrong), RangeError);
  assert.equal(formatTime(new Date('2017-08-20T04:00:00Z')), '2017-08-20 12:00:00');
  assert.equal(parseTime('2017-08-20 12:00:00').toISOString(), '2017-08-20T04:00:00.000Z');
  for (const wrong of ['2017-02-29 00:00:00', '2017-08-20T12:00:00', '2017-8-20 12:00:00']) assert.throws(() => parseTime(wrong), RangeError);
});

test('a body that was parsed is told to be handed over raw', () => {
  const [verifier, body] = [new PushVerifier(no, key), signed(exit)];
  for (const wrong of [JSON.parse(body), [...body], undefined, null, 7]) {
    assert.throws(() => verifier.verify(wrong), (e) => e instanceof TypeError && /hand over the raw body \(with express, express\.raw/.test(e.message), String(wrong));
  }
  for (const right of [body, body.toString(), new Uint8Array(body), new Uint8Array(body).buffer]) assert.equal(verifier.verify(right).kind, 'exit');
});
