'use strict';

const { PlatformError, TransportError, NotEnvelopeError } = require('./errors.js');
const { exchange } = require('./http.js');
const { signRequest } = require('./signing.js');
const { yuan, formatTime } = require('./values.js');

const byGet = ['uservalidatecode', 'orderhistory', 'orderunpay', 'carnum'];

class Client {
  #key;
  #timeout;
  #clock;
  #whitespace;

  constructor(baseUrl, merchantNo, key, { timeout = 30_000, clock = () => new Date(), whitespace = 'exact' } = {}) {
    if (!/^https?:\/\/./i.test(baseUrl)) throw new TypeError(`baseUrl: want http:// or https:// and a host, such as http://127.0.0.1:8787, got ${JSON.stringify(baseUrl)}`);
    this.baseUrl = baseUrl.replace(/\/+$/, '');
    this.merchantNo = merchantNo;
    this.#key = key;
    this.#timeout = timeout;
    this.#clock = clock;
    this.#whitespace = whitespace;
  }

  async call(endpoint, data) {
    const text = typeof data === 'string' ? data : JSON.stringify(data); // undefined is left out
    const stamp = formatTime(this.#clock()).replace(/\D/g, '');
    const form = new URLSearchParams({
      merchant_no: this.merchantNo, time_stamp: stamp, data: text, sign: signRequest(text, this.#key, stamp, this.#whitespace),
    }).toString();
    const url = `${this.baseUrl}/merchant/open/1.0.0/openapi/${encodeURIComponent(endpoint)}`;
    let answer;
    try {
      answer = byGet.includes(endpoint)
        ? await exchange(`${url}?${form}`, { timeout: this.#timeout })
        : await exchange(url, { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded;charset=utf-8' }, body: form, timeout: this.#timeout });
    } catch (e) {
      throw new TransportError(endpoint, `no answer from ${new URL(this.baseUrl).origin}: ${e.message || e.code || String(e)}`, e); // an address refused on two families has no message
    }
    const { status, headers } = answer;
    const body = answer.body.toString('utf8');
    let envelope;
    try {
      envelope = JSON.parse(body);
    } catch {
      throw new NotEnvelopeError(endpoint, 'not JSON', status, body);
    }
    if (!Number.isInteger(envelope?.code)) throw new NotEnvelopeError(endpoint, 'no code', status, body);
    return {
      code: envelope.code,
      message: String(envelope.message ?? ''),
      data: envelope.data ?? undefined,
      httpStatus: status,
      reason: headers['x-mock-reason'] ?? '',
      requestId: headers['x-mock-request-id'] ?? '',
    };
  }

  async #data(endpoint, data, read) {
    const answer = await this.call(endpoint, data);
    if (answer.code !== 0) throw new PlatformError({ endpoint, ...answer });
    try {
      return read(answer.data);
    } catch (e) {
      throw new NotEnvelopeError(endpoint, `unexpected data (${e.message})`, answer.httpStatus, JSON.stringify(answer.data ?? null));
    }
  }

  async userValidateCode(mobilePhone) {
    wantText('userValidateCode', 'mobilePhone', mobilePhone);
    await this.#data('uservalidatecode', { mobilePhone }, nothing);
  }

  async userLogin(login) {
    const { mobilePhone, code, appId } = wantObject('userLogin', '{ mobilePhone, code, appId }', login);
    return this.#data('userlogin', { mobilePhone, code, appId }, token);
  }

  async userSignin(signin) {
    const { mobilePhone, appId, carNumber } = wantObject('userSignin', '{ mobilePhone, appId }', signin);
    return this.#data('usersigin', { mobilePhone, appId, carNumber }, token);
  }

  async bindCar(binding) {
    const { token, plateNumber, plateColor } = wantObject('bindCar', '{ token, plateNumber }', binding);
    await this.#data('bindcar', { token, plateNumber, plateColor }, nothing);
  }

  async unbindCar(binding) {
    const { token, plateNumber } = wantObject('unbindCar', '{ token, plateNumber }', binding);
    await this.#data('unbindcar', { token, plateNumber }, nothing);
  }

  async orderHistory(token) {
    wantText('orderHistory', 'token', token);
    return this.#data('orderhistory', { token }, (list) => list.map((x) => ({
      ...stay(x), parkingFee: yuan(x.parkingFee), actual: yuan(x.actual),
    })));
  }

  async orderUnpay(query) {
    const { token, plateNumber, appId } = wantObject('orderUnpay', '{ token, plateNumber }', query);
    return this.#data('orderunpay', { token, plateNumber, appId }, (list) => list.map((x) => ({
      ...stay(x), parkingFee: yuan(x.parkingFee), remainingFee: yuan(x.remainingFee), verificationInfo: text(x.verificationInfo),
    })));
  }

  async orderPaid(paid) {
    const { token, orderId, externalOrderId, payment, payTime, verificationInfo, appId } = wantObject('orderPaid',
      '{ token, orderId, externalOrderId, payment, payTime, verificationInfo }', paid);
    return this.#data('orderpaid', {
      token, orderId, externalOrderId, payment: yuan(payment), payTime: formatTime(payTime), verificationInfo, appId,
    }, (x) => ({
      orderId: text(x.orderId), externalOrderId: text(x.externalOrderId), payOrderId: text(x.payOrderId), payment: yuan(x.payment), payTime: formatTime(x.payTime),
    }));
  }

  async carRetrieve(vehicle) {
    const { token, plateNumber, carFrameNum, carEngineNum, plateColor } = wantObject('carRetrieve', '{ token, plateNumber, carFrameNum, carEngineNum }', vehicle);
    await this.#data('carretrieve', { token, plateNumber, carFrameNum, carEngineNum, plateColor }, nothing);
  }

  async surroundingParking(query = {}) {
    const { lat, lon, radius, city, payType, scrollId } = wantObject('surroundingParking', '{ lat, lon, radius }', query);
    return this.#data('surroundingparking', { lat, lon, radius, city, payType, scrollId }, (x) => ({
      list: x.list.map(parking), scrollId: text(x.scrollId),
    }));
  }

  async* parkings(query = {}) {
    let { scrollId } = wantObject('parkings', '{ lat, lon, radius }', query);
    for (;;) {
      const page = await this.surroundingParking({ ...query, scrollId });
      yield* page.list;
      if (page.list.length === 0 || !page.scrollId) return;
      scrollId = page.scrollId;
    }
  }

  async parkingStatus(parkingId) {
    wantText('parkingStatus', 'parkingId', parkingId);
    return this.#data('parkingstatus', { parkingId }, (x) => ({ totalSpace: scalar(x.totalSpace), time: formatTime(x.time), status: text(x.status) }));
  }

  async carNum(token) {
    wantText('carNum', 'token', token);
    return this.#data('carnum', { token }, (x) => (Number.isInteger(Number(scalar(x.number))) ? Number(x.number) : fail('number')));
  }
}

/** Texts in place of an object would be a request without parameters, an object in place of a text one with an object in it. */
function wantObject(method, fields, given) {
  if (typeof given !== 'object' || given === null) throw new TypeError(`${method} takes one object, ${method}(${fields}), but got ${kindOf(given)}`);
  return given;
}

function wantText(method, name, given) {
  if (typeof given !== 'string' && typeof given !== 'number') throw new TypeError(`${method} takes a text, ${method}(${name}), but got ${kindOf(given)}`);
}

/** What was given, but for its value: it may be a token. */
function kindOf(given) {
  if (given === undefined || given === null) return String(given);
  return { string: 'a text', object: 'an object' }[typeof given] ?? `a ${typeof given}`;
}

const nothing = () => undefined;
const token = (data) => text(data.token) || fail('token');
const text = (value) => (typeof value === 'string' ? value : fail('a text'));
const scalar = (value) => (['string', 'number'].includes(typeof value) ? String(value) : fail('a text or number'));

function fail(what) {
  throw new TypeError(`${what} is missing`);
}

const stay = (x) => ({
  orderId: text(x.orderId),
  carNumber: text(x.carNumber),
  parkingId: scalar(x.parkingId),
  parkingName: text(x.parkingName),
  entranceTime: formatTime(x.entranceTime),
  exitTime: formatTime(x.exitTime),
});

const parking = (x) => ({
  id: scalar(x.id),
  parkingName: text(x.parkingName),
  type: text(x.type),
  minFreeTime: scalar(x.minFreeTime),
  avgCostPrecise: scalar(x.avgCostPrecise),
  parkingType: scalar(x.parkingType),
  distance: text(x.distance),
  lon: scalar(x.lon),
  lat: scalar(x.lat),
});

module.exports = { Client };
