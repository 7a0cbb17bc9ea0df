// Ways to do a request again: curl lines and a step of a scenario.

import { server } from './api.js';
import { tables } from './tables.js';

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

// step is a request as a step of a scenario: JSON is YAML, too.
export function step(r, merchants) {
  const object = r.data && typeof r.data === 'object' && !Array.isArray(r.data);
  const lines = [`- call: ${r.endpoint}`];
  if (merchants.length && r.merchantNo !== merchants[0]) lines.push(`  as: ${JSON.stringify(r.merchantNo)}`);
  if (object) lines.push(`  data: ${JSON.stringify(r.data)}`);
  else lines.push(`  request: {rawData: ${JSON.stringify(dataText(r))}}`);
  if (r.code !== 0) lines.push(`  expect: {code: ${r.code}}`);
  return lines.join('\n') + '\n';
}
