'use strict';

const http = require('node:http');
const https = require('node:https');

const most = 64 << 20; // bytes of an answer

/** One exchange on a connection of its own: {status, headers, body}. The body is a Buffer. */
function exchange(url, { method = 'GET', headers = {}, body, timeout }) {
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    const send = target.protocol === 'https:' ? https.request : http.request;
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const request = send(target, { method, headers: { ...headers, ...length }, agent: false }, (answer) => {
      const chunks = [];
      let size = 0;
      answer.on('data', (chunk) => {
        size += chunk.length;
        if (size > most) request.destroy(new Error(`an answer longer than ${most} bytes`));
        chunks.push(chunk);
      });
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }));
      answer.on('aborted', () => reject(new Error('the answer was cut')));
      answer.on('error', reject);
    });
    const late = setTimeout(() => request.destroy(new Error(`no answer within ${timeout} ms`)), timeout);
    request.on('close', () => clearTimeout(late));
    request.on('error', reject);
    request.end(body);
  });
}

module.exports = { exchange };
