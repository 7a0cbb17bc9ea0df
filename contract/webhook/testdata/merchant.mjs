// Merchants' endpoints for pushes, one for each path: /right, and one for each of the mistakes below. It prints its address and ends with its standard input.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const no = 'M1', key = 's3cret-of-the-merchant';
const hash = (text) => createHash('md5').update(no + text + key).digest('hex');
const cut = (text) => /^(.*),\s*"signment"\s*:\s*"([^"]*)"\s*\}$/s.exec(text);

// The text that was received, with signment cut out.
function raw(text) {
  const found = cut(text);
  return found !== null && hash(found[1] + '}').toUpperCase() === found[2];
}

// The mistake of writing the JSON anew before hashing it.
function stringify(text) {
  const { signment, ...rest } = JSON.parse(text);
  return hash(JSON.stringify(rest)).toUpperCase() === signment;
}

// The mistake of comparing in lower case.
function lower(text) {
  const found = cut(text);
  return found !== null && hash(found[1] + '}') === found[2];
}

// The mistake of comparing whatever the case.
function anyCase(text) {
  const found = cut(text);
  return found !== null && hash(found[1] + '}') === found[2].toLowerCase();
}

const known = new Set();
const nothing = () => {};
const ok = (code, message) => ({ code, message });

// path: how it verifies, what it does with a push, how it answers
const merchants = {
  '/right': [raw, nothing, ok],
  '/right-slow': [raw, () => new Promise((done) => setTimeout(done, 5)), ok],
  '/right-more': [raw, nothing, (code, message) => ({ success: code === 0, code, message, data: {} })],
  '/stringify': [stringify, nothing, ok],
  '/lower': [lower, nothing, ok],
  '/any-case': [anyCase, nothing, ok],
  '/text-code': [raw, nothing, (code, message) => ({ code: String(code), message })],
  '/hours': [raw, (push) => { if (push.entranceTime && !new Date(push.entranceTime.replace(' ', 'T')).getHours()) throw new Error('no hour'); }, ok],
  '/known-first': [(text) => known.has(JSON.parse(text).synId) || raw(text), (push) => { if (push.synId) known.add(push.synId); }, ok],
};

const server = createServer(async (request, response) => {
  const [verify, store, form] = merchants[request.url];
  const answer = (status, code, message) => {
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(form(code, message)));
  };
  const chunks = [];
  let length = 0;
  for await (const chunk of request) if ((length += chunk.length) <= 1 << 16) chunks.push(chunk);
  if (request.method !== 'POST') return answer(405, 1, 'POST');
  const text = Buffer.concat(chunks).toString();
  let push;
  try {
    push = JSON.parse(text);
    if (!push.plateNumber || !verify(text)) return answer(200, 4, '签名校验非法');
  } catch {
    return answer(200, 6, '参数错误');
  }
  try {
    await store(push);
  } catch (e) {
    return answer(500, 2, String(e));
  }
  answer(200, 0, 'ok');
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.resume();
process.stdin.on('end', () => process.exit());
