'use strict';

const { isAnyArrayBuffer, isUint8Array } = require('node:util').types;

const { Code, messages, PushError } = require('./errors.js');
const { members, without, compact } = require('./flatjson.js');
const { signPush, same } = require('./signing.js');
const { parseTime, yuan } = require('./values.js');

/** What a push is answered with once it is stored; only then the platform forgets it. */
const ACCEPTED = '{"code":0,"message":"ok"}';

const most = 64 << 10; // bytes of a push; an honest one stays under 1 KiB
const numbers = ['parkId', 'stayedTime', 'receivableFee']; // those that a form does not tell from text
const number = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const refuse = (code, detail) => new PushError(code, detail ? `${messages[code]}: ${detail}` : messages[code]);

class PushVerifier {
  #merchantNo;
  #key;
  #signData;

  constructor(merchantNo, key, { signData = 'json' } = {}) {
    if (!merchantNo || !key) throw new TypeError("a merchant's number and key are needed");
    if (!['json', 'values', 'query'].includes(signData)) throw new RangeError(`signData is json, values or query, not ${signData}`);
    this.#merchantNo = merchantNo;
    this.#key = key;
    this.#signData = signData;
  }

  verify(body, contentType = 'application/json', kind = undefined) {
    if (typeof body !== 'string' && !isUint8Array(body) && !isAnyArrayBuffer(body)) {
      throw new TypeError(`verify takes the raw body, a Buffer or a text, as it came, but got ${body === undefined || body === null ? body : 'what a parser made of it'}: hand over the raw body (with express, express.raw({ type: '*/*' }) in place of express.json())`);
    }
    let signed;
    try {
      signed = this.#fields(Buffer.from(body), contentType);
    } catch (e) {
      if (e instanceof PushError) throw e;
      throw refuse(Code.BAD_PARAMETER, e.message);
    }
    const present = signed.filter((m) => m.quoted || m.text !== 'null');
    return read(Object.fromEntries(present.map((m) => [m.name, m.text])), kind);
  }

  #fields(body, contentType) {
    if (body.length > most) throw new PushError(Code.FAILED, 'longer than 64 KiB', 413);
    const media = contentType.split(';')[0].trim().toLowerCase();
    if (media !== 'application/json' && media !== 'application/x-www-form-urlencoded') {
      throw new PushError(Code.FAILED, 'neither application/json nor application/x-www-form-urlencoded', 415);
    }
    const text = utf8.decode(body);
    if (media === 'application/json') return this.#json(text);
    const pairs = form(text);
    return pairs.length === 1 && pairs[0].name === 'data' ? this.#json(pairs[0].text) : this.#pairs(pairs);
  }

  #json(text) {
    const given = members(text);
    const { signed, signment } = apart(given);
    if (this.#signData === 'json' && this.#fits(without(text, given, 'signment'), signment)) return signed;
    if (this.#fits(this.#text(signed), signment)) return signed;
    throw refuse(Code.BAD_SIGNATURE);
  }

  // Under json the signed text had numbers, and a form does not say which: each way is tried.
  #pairs(pairs) {
    const { signed, signment } = apart(pairs);
    const open = this.#signData === 'json' ? signed.filter((m) => numbers.includes(m.name) && number.test(m.text)) : [];
    for (let ways = 0; ways < 1 << open.length; ways += 1) {
      const bare = open.filter((_, bit) => ways & (1 << bit));
      const tried = signed.map((m) => (bare.includes(m) ? { ...m, quoted: false } : m));
      if (this.#fits(this.#text(tried), signment)) return signed;
    }
    throw refuse(Code.BAD_SIGNATURE);
  }

  #text(signed) {
    switch (this.#signData) {
      case 'values': return signed.map((m) => m.text).join('');
      case 'query': return signed.map((m) => `${m.name}=${m.text}`).join('&');
      default: return compact(signed);
    }
  }

  #fits(data, signment) {
    return same(signPush(this.#merchantNo, data, this.#key), signment);
  }
}

function apart(given) {
  const signment = given.find((m) => m.name === 'signment' && m.quoted && m.text);
  if (!signment) throw refuse(Code.MISSING_PARAMETER, 'signment');
  return { signed: given.filter((m) => m.name !== 'signment'), signment: signment.text };
}

function form(text) {
  const found = [];
  for (const pair of text.split('&').filter(Boolean)) {
    const at = pair.indexOf('=');
    const decode = (part) => decodeURIComponent(part.replace(/\+/g, ' ')); // URIError: not UTF-8
    const name = decode(at < 0 ? pair : pair.slice(0, at));
    if (found.some((m) => m.name === name)) throw new SyntaxError(`${JSON.stringify(name)} twice`);
    found.push({ name, text: at < 0 ? '' : decode(pair.slice(at + 1)), quoted: true });
  }
  return found;
}

const kinds = ['entry', 'exit', 'unbind', 'certification-invalid'];

/** A kind that does not exist would never come. */
function checkKind(kind) {
  if (kind && !kinds.includes(kind)) throw new RangeError(`no push is of the kind ${kind}; there are ${kinds.join(', ')}`);
}

function read(fields, given) {
  const seen = 'exitTime' in fields ? 'exit' : 'synId' in fields ? 'entry' : undefined;
  checkKind(given);
  if (given && seen && given !== seen) throw new PushError(Code.BAD_PARAMETER, `this is a push of kind ${seen}, and the URL is for ${given}`);
  const kind = given ?? seen;
  if (!kind) throw new PushError(Code.BAD_PARAMETER, 'unbind and certification-invalid look alike: give each a URL of its own');
  const text = (name) => fields[name] || missing(name);
  const time = (name) => checked(name, text(name), parseTime) && fields[name];
  if (kind === 'unbind' || kind === 'certification-invalid') {
    const notice = { kind, plateNumber: text('plateNumber'), time: time('time'), fields };
    return { ...notice, key: `${kind} ${notice.plateNumber} ${notice.time}` };
  }
  const entry = {
    kind,
    synId: text('synId'),
    plateNumber: text('plateNumber'),
    parkName: text('parkName'),
    parkId: text('parkId'),
    entranceTime: time('entranceTime'),
    userType: fields.userType ?? '',
    pushTime: fields.pushTime ? time('pushTime') : '',
    fixParkingId: fields.fixParkingId ?? '',
    remainingDays: fields.remainingDays ?? '',
    fields,
    key: `${kind} ${text('synId').toUpperCase()}`,
  };
  if (kind === 'entry') return entry;
  if (!/^[0-9]{1,10}$/.test(text('stayedTime'))) throw refuse(Code.BAD_PARAMETER, 'stayedTime is no number of seconds');
  return {
    ...entry, exitTime: time('exitTime'), stayedTime: Number(fields.stayedTime), receivableFee: checked('receivableFee', text('receivableFee'), yuan),
  };
}

function missing(name) {
  throw refuse(Code.MISSING_PARAMETER, name);
}

function checked(name, text, parse) {
  try {
    return parse(text);
  } catch (e) {
    throw refuse(Code.BAD_PARAMETER, `${name}: ${e.message}`);
  }
}

module.exports = { ACCEPTED, PushVerifier, checkKind };
