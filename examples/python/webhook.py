"""Receives the platform's pushes (§10), with Python's standard library only. It passes every check of `contract webhook`.

Run it with: ETCP_MOCK_MERCHANT_NO=demo ETCP_MOCK_MERCHANT_KEY=demo-key python3 webhook.py 9000
"""

import hashlib
import hmac
import json
import os
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NO = os.environ["ETCP_MOCK_MERCHANT_NO"].encode()
KEY = os.environ["ETCP_MOCK_MERCHANT_KEY"].encode()
MOST = 64 << 10
KINDS = {"/etcp": None, "/etcp/unbind": "unbind", "/etcp/certification-invalid": "certification-invalid"}

# signment stands last. What was signed is all the rest, byte for byte as it came: parsing and writing it again may change it.
SIGNMENT = re.compile(rb',\s*"signment"\s*:\s*"([0-9A-F]{32})"\s*}\s*$')

seen = set()  # a table with a unique key, in a real system


def verified(body):
    """The push, or None where it is not signed right."""
    found = SIGNMENT.search(body)
    if not found:
        return None
    signed = body[: found.start()] + b"}"
    want = hashlib.md5(NO + signed + KEY).hexdigest().upper().encode()
    return json.loads(body) if hmac.compare_digest(want, found[1]) else None


def store(kind, push):
    """The same push comes again where an answer was lost: (kind, synId) makes it one; unbindings have no synId."""
    kind = kind or ("exit" if "exitTime" in push else "entry")
    if kind in ("unbind", "certification-invalid"):
        key = (kind, push["plateNumber"], push["time"])
    else:
        key = (kind, push["synId"].lower())
    if key not in seen:
        seen.add(key)
        print(kind, push["plateNumber"], flush=True)


class Webhook(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST:
            while length > 0 and (got := self.rfile.read(min(length, MOST))):
                length -= len(got)  # read and thrown away, so that the answer can be read
            return self.answer(413, 1, "too long")
        body = self.rfile.read(length)
        if self.path not in KINDS:
            return self.answer(404, 1, "no such address")
        try:
            push = verified(body)
        except ValueError:
            return self.answer(200, 6, "参数错误")
        if push is None:
            return self.answer(200, 4, "签名校验非法")
        try:
            store(KINDS[self.path], push)
        except (KeyError, AttributeError):
            return self.answer(200, 6, "参数错误")
        return self.answer(200, 0, "ok")  # only now: the platform forgets the push

    def do_GET(self):
        self.answer(405, 1, "POST only")

    do_PUT = do_DELETE = do_HEAD = do_GET

    def answer(self, status, code, message):
        body = json.dumps({"code": code, "message": message}, ensure_ascii=False).encode()
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
