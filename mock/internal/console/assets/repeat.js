// Ways to do a request again: curl lines and a step of a scenario.

import { server } from './api.js';
import { methodOf } from './codes.js';
import { tables } from './tables.js';
import { parse, wall } from './times.js';

export const PATH = tables.path;

const quoted = (text) => `'${String(text).replaceAll("'", `'\\''`)}'`;

// dataText is data as it was hashed.
export function dataText(r) {
  if (r.dataText !== undefined) return r.dataText;
  return typeof r.data === 'string' ? r.data : JSON.stringify(r.data);
}

export const signedText = (r) => `${dataText(r)}•••${r.timeStamp}`;

const target = (r) => `${r.method === 'GET' ? '-G ' : ''}${quoted(server + PATH + r.endpoint)}`;

export function curl(r) {
  const form = [['merchant_no', r.merchantNo], ['time_stamp', r.timeStamp], ['data', dataText(r)], ['sign', r.sign]];
  return [`curl -sS ${target(r)}`, ...form.map(([k, v]) => `  --data-urlencode ${quoted(`${k}=${v}`)}`)].join(' \\\n');
}

export function curlAfresh(r) {
  return [
    `data=${quoted(dataText(r))}`,
    'stamp=$(TZ=Asia/Shanghai date +%Y%m%d%H%M%S)',
    'sign=$(printf %s "$data$ETCP_KEY$stamp" | md5sum | cut -c1-32 | tr a-f A-F)',
    `curl -sS ${target(r)} \\`,
    `  --data-urlencode ${quoted(`merchant_no=${r.merchantNo}`)} --data-urlencode "time_stamp=$stamp" \\`,
    '  --data-urlencode "data=$data" --data-urlencode "sign=$sign"',
  ].join('\n');
}

const ENVELOPE = ['merchant_no', 'time_stamp', 'data', 'sign'];

// offset is how far a stamp was from the real clock, as a step writes it.
function offset(r) {
  const stamp = r.timeStamp.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3 $4:$5:$6');
  const off = parse(stamp) - parse(wall(r.wallAt));
  return Number.isFinite(off) ? `${off < 0 ? '-' : '+'}${goSpan(Math.abs(off))}` : r.timeStamp;
}

// goSpan has no days: a step's offset takes none.
const goSpan = (ms) => { const s = Math.round(ms / 1000); return `${Math.floor(s / 3600)}h${Math.floor((s % 3600) / 60)}m${s % 60}s`; };

// overrides are what was wrong with the envelope: the runner sends it right otherwise.
function overrides(r) {
  const [reason, param] = (r.reason ?? '').split(': ');
  const out = {};
  if (reason === 'unknown-merchant') out.merchantNo = r.merchantNo;
  if (reason === 'timestamp-malformed') out.timeStamp = r.timeStamp;
  if (reason === 'timestamp-expired') out.timeStamp = offset(r);
  if (reason === 'sign-mismatch') out.sign = r.sign;
  if (reason === 'missing-parameter' && ENVELOPE.includes(param)) out.omit = [param];
  if (r.method !== methodOf.get(r.endpoint)) out.method = r.method;
  return out;
}

// sendable tells whether a step can send such a request: one of an endpoint there is, whose form could be read.
const sendable = (r) => methodOf.has(r.endpoint) && !/^(unknown-path|body-)/.test(r.reason ?? '');

// step is a request as a step of a scenario, with what makes it fail: JSON is YAML, too.
export function step(r, merchants) {
  if (!sendable(r)) return '';
  const object = r.dataText === undefined && r.data && typeof r.data === 'object' && !Array.isArray(r.data);
  const lines = [`- call: ${r.endpoint}`];
  const request = { ...(!object && dataText(r) !== '' && { rawData: dataText(r) }), ...overrides(r) };
  if (merchants.length && r.merchantNo && r.merchantNo !== merchants[0] && !request.merchantNo) lines.push(`  as: ${JSON.stringify(r.merchantNo)}`);
  if (object) lines.push(`  data: ${template(r.data)}`);
  if (Object.keys(request).length) lines.push(`  request: ${template(request)}`);
  const expect = { ...(r.httpStatus !== 200 && { httpStatus: r.httpStatus }), ...(r.code !== 0 && { code: r.code }) };
  if (Object.keys(expect).length) lines.push(`  expect: ${JSON.stringify(expect)}`);
  return lines.join('\n') + '\n';
}

// template is a value in which nothing is taken for a variable.
const template = (value) => JSON.stringify(value).replaceAll('${', () => '$${');
