// Mistakes made with Node 20 and axios 1: json, formdata, object, escape, length, params.
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import axios from 'axios';

const mode = process.argv[2];
const { KEY, STAMP, BASE } = process.env;
const d = { token: 'd970cff4-3811', plateNumber: '渝ATX061', plateColor: '1' };
const data = JSON.stringify(d);
const sign = createHash('md5').update(data + KEY + STAMP).digest('hex').toUpperCase();
const form = { merchant_no: 'M1', time_stamp: STAMP, data, sign };
const url = BASE + 'bindcar';
const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
if (mode === 'json') await axios.post(url, form); // an object: axios writes JSON
if (mode === 'object') await axios.post(url, new URLSearchParams({ ...form, data: d }).toString()); // [object Object]
if (mode === 'brackets') await axios.post(url, { ...form, data: d }, { headers: type }); // data[token]=…
if (mode === 'formdata') { const f = new FormData(); for (const k in form) f.append(k, form[k]); await fetch(url, { method: 'POST', body: f }); }
if (mode === 'escape') await fetch(url, { method: 'POST', headers: type, body: `merchant_no=M1&time_stamp=${STAMP}&data=${escape(data)}&sign=${sign}` });
if (mode === 'length') {
  const body = `merchant_no=M1&time_stamp=${STAMP}&sign=${sign}&data=${data}`;
  request(url, { method: 'POST', headers: { ...type, 'Content-Length': body.length, Connection: 'close' } }, (r) => r.resume()).on('error', () => {}).end(body);
}
