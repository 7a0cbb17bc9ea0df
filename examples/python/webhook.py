"""Receives the platform's pushes (§10), verified by client/python. It passes every check of `contract webhook`.

Run it with: ETCP_MOCK_MERCHANT_NO=demo ETCP_MOCK_MERCHANT_KEY=demo-key python3 webhook.py 9000
"""

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from etcp_mock import ACCEPTED, PushError, PushVerifier

VERIFIER = PushVerifier(os.environ["ETCP_MOCK_MERCHANT_NO"], os.environ["ETCP_MOCK_MERCHANT_KEY"])
KINDS = {"/etcp": None, "/etcp/unbind": "unbind", "/etcp/certification-invalid": "certification-invalid"}
MOST = 64 << 10

seen = set()  # a table with a unique key, in a real system


class Webhook(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, MOST + 1))
        while len(body) > MOST and (rest := self.rfile.read(min(length - len(body), MOST))):
            length -= len(rest)  # read and thrown away, so that the answer can be read
        if self.path not in KINDS:
            return self.answer(404, PushError(1, "no such address").answer)
        try:
            push = VERIFIER.verify(body, self.headers.get("Content-Type", ""), KINDS[self.path])
        except PushError as e:
            return self.answer(e.http_status, e.answer)
        if push.key not in seen:  # the same push comes again where an answer was lost
            seen.add(push.key)
            print(push.kind, push.plate_number, flush=True)
        return self.answer(200, ACCEPTED)  # only now: the platform forgets the push

    def do_GET(self):
        self.answer(405, PushError(1, "POST only").answer)

    do_PUT = do_DELETE = do_HEAD = do_GET

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json;charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128


if __name__ == "__main__":
    server = Server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Webhook)
    print(f"listening on http://127.0.0.1:{server.server_port}/etcp", flush=True)
    server.serve_forever()
