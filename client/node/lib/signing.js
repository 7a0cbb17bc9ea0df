'use strict';

const { createHash, timingSafeEqual } = require('node:crypto');

const md5 = (...parts) => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').toUpperCase();
};

/** UPPER(HEX(MD5(data + key + stamp))) over the text of data before it is URL-encoded (§6). */
function signRequest(data, key, stamp, whitespace = 'exact') {
  if (!['exact', 'strip', 'either'].includes(whitespace)) throw new RangeError(`whitespace is exact, strip or either, not ${whitespace}`);
  const text = data + key + stamp;
  return md5(whitespace === 'strip' ? text.replace(/[ \t\r\n]/g, '') : text);
}

/** UPPER(HEX(MD5(merchantNo + data + key))), where data is the body without signment (§10). */
const signPush = (merchantNo, data, key) => md5(merchantNo, data, key);

/** Compares in constant time. */
function same(want, got) {
  const a = Buffer.from(want);
  const b = Buffer.from(got);
  return a.length === b.length && timingSafeEqual(a, b);
}

module.exports = { signRequest, signPush, same };
