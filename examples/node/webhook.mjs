// Receives the platform's pushes (§10), with nothing but Node. It passes every check of `contract webhook`.
// Run it with: ETCP_MOCK_MERCHANT_NO=demo ETCP_MOCK_MERCHANT_KEY=demo-key node webhook.mjs 9000
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const { ETCP_MOCK_MERCHANT_NO: no, ETCP_MOCK_MERCHANT_KEY: key } = process.env;
const most = 64 << 10;
const kinds = { '/etcp': '', '/etcp/unbind': 'unbind', '/etcp/certification-invalid': 'certification-invalid' };

// signment stands last. What was signed is all the rest, byte for byte as it came: JSON.stringify(JSON.parse(…)) may change it.
const last = /,\s*"signment"\s*:\s*"([0-9A-F]{32})"\s*}\s*$/;

function verified(body) {
  const text = body.toString('latin1'); // a character a byte, so that places in the text are places in the bytes
  const found = last.exec(text);
  if (!found) return null;
  const signed = Buffer.concat([Buffer.from(no), body.subarray(0, found.index), Buffer.from('}'), Buffer.from(key)]);
  const want = createHash('md5').update(signed).digest('hex').toUpperCase();
  return timingSafeEqual(Buffer.from(want), Buffer.from(found[1])) ? JSON.parse(body.toString('utf8')) : null;
}

const seen = new Set(); // a table with a unique key, in a real system

// The same push comes again where an answer was lost: (kind, synId) makes it one; unbindings have no synId.
function store(named, push) {
  const kind = named || ('exitTime' in push ? 'exit' : 'entry');
  const id = named ? `${push.plateNumber} ${push.time}` : push.synId.toLowerCase();
  if (seen.has(`${kind} ${id}`)) return;
  seen.add(`${kind} ${id}`);
  console.log(kind, push.plateNumber);
}

function answer(response, status, code, message) {
  response.writeHead(status, { 'Content-Type': 'application/json;charset=UTF-8' });
  response.end(JSON.stringify({ code, message }));
}

const server = createServer(async (request, response) => {
  if (request.method !== 'POST') return answer(response, 405, 1, 'POST only');
  if (!(request.url in kinds)) return answer(response, 404, 1, 'no such address');
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= most) chunks.push(chunk); // what is beyond is read and thrown away, so that the answer can be read
  }
  if (length > most) return answer(response, 413, 1, 'too long');
  try {
    const push = verified(Buffer.concat(chunks));
    if (!push) return answer(response, 200, 4, '签名校验非法');
    store(kinds[request.url], push);
  } catch {
    return answer(response, 200, 6, '参数错误');
  }
  return answer(response, 200, 0, 'ok'); // only now: the platform forgets the push
});
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/etcp`);
});
