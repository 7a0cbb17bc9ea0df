// Receives the platform's pushes (§10), verified by client/node. It passes every check of `contract webhook`.
// Run it with: ETCP_MOCK_MERCHANT_NO=demo ETCP_MOCK_MERCHANT_KEY=demo-key node webhook.mjs 9000
import { createServer } from 'node:http';

import { ACCEPTED, PushError, PushVerifier } from '@etcp-mock/client';

const verifier = new PushVerifier(process.env.ETCP_MOCK_MERCHANT_NO, process.env.ETCP_MOCK_MERCHANT_KEY);
const kinds = { '/etcp': undefined, '/etcp/unbind': 'unbind', '/etcp/certification-invalid': 'certification-invalid' };
const most = 64 << 10;

const seen = new Set(); // a table with a unique key, in a real system

async function receive(request) {
  if (request.method !== 'POST') throw new PushError(1, 'POST only', 405);
  if (!(request.url in kinds)) throw new PushError(1, 'no such address', 404);
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= most + chunk.length) chunks.push(chunk); // what is beyond is read and thrown away, so that the answer can be read
  }
  const push = verifier.verify(Buffer.concat(chunks), request.headers['content-type'] ?? '', kinds[request.url]);
  if (seen.has(push.key)) return; // the same push comes again where an answer was lost
  seen.add(push.key);
  console.log(push.kind, push.plateNumber);
}

const server = createServer(async (request, response) => {
  let [status, answer] = [200, ACCEPTED]; // only when it is stored: the platform forgets the push
  try {
    await receive(request);
  } catch (e) {
    [status, answer] = e instanceof PushError ? [e.httpStatus, e.answer] : [200, new PushError(2, '服务器异常').answer];
  }
  response.writeHead(status, { 'Content-Type': 'application/json;charset=UTF-8' });
  response.end(answer);
});
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/etcp`);
});
