// A merchant's client in Node. Its one argument says which mistake it makes: raw, swapped, length, object; none for none.
import { createHash } from 'node:crypto';
import { request } from 'node:http';

const wrong = process.argv[2];
const d = { token: 'd970cff4', plateNumber: '渝ATX061', note: 'a+b' };
const stamp = new Date(Date.now() + 8 * 3600e3).toISOString().replace(/\D/g, '').slice(0, 14);
const data = JSON.stringify(d);
const text = wrong === 'swapped' ? data + stamp + process.env.KEY : data + process.env.KEY + stamp;
const hash = createHash('md5').update(text).digest('hex');
const sign = wrong === 'swapped' ? hash : hash.toUpperCase();
const value = wrong === 'raw' || wrong === 'length' ? data : encodeURIComponent(wrong === 'object' ? d : data);
const body = `merchant_no=M1&time_stamp=${stamp}&sign=${sign}&data=${value.replace(wrong === 'length' ? '+' : /^$/, '%2B')}`;
const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': wrong === 'length' ? body.length : Buffer.byteLength(body), Connection: 'close' };
request(process.env.BASE + 'bindcar', { method: 'POST', headers }, (r) => r.pipe(process.stdout)).on('error', () => {}).end(body);
