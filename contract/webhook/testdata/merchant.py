"""Merchants' endpoints for pushes, one for each path: /right, and one for each of the mistakes below. It prints its address and ends with its standard input."""

import hashlib
import json
import re
import sys
import threading
import time
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NO, KEY = "M1", "s3cret-of-the-merchant"
SIGNMENT = re.compile(r',\s*"signment"\s*:\s*"([^"]*)"\s*\}$')


def md5(text):
    return hashlib.md5((NO + text + KEY).encode()).hexdigest().upper()


def raw(body):
    """The text that was received, with signment cut out."""
    text = body.decode()
    found = SIGNMENT.search(text)
    return found is not None and md5(text[: found.start()] + "}") == found.group(1)


def dumps(body):
    """The mistake of writing the JSON anew before hashing it."""
    push = json.loads(body)
    signment = push.pop("signment", None)
    return md5(json.dumps(push, ensure_ascii=False, separators=(",", ":"))) == signment


def ascii_dumps(body):
    """The mistake of json.dumps as it is: escapes, and a space behind each comma and colon."""
    push = json.loads(body)
    signment = push.pop("signment", None)
    return md5(json.dumps(push)) == signment


def twelve_hours(push):
    if "entranceTime" in push:
        datetime.strptime(push["entranceTime"], "%Y-%m-%d %I:%M:%S")


def narrow_plate(push):
    assert re.fullmatch("[\u4e00-\u9fa5][A-Z][A-Z0-9]{5}", push["plateNumber"])


def days(push):
    if "synId" in push:
        int(push["remainingDays"])


def falsy(push):
    assert "exitTime" not in push or push["stayedTime"]


def nothing(push):
    pass


def slowly(push):
    time.sleep(0.005)


# path: how it verifies, what it does with a push, what it adds to an answer
MERCHANTS = {
    "/right": (raw, nothing, {}),
    "/right-slow": (raw, slowly, {}),
    "/right-more": (raw, nothing, {"data": None, "traceId": "x-1", "timestamp": 1.5e9}),
    "/dumps": (dumps, nothing, {}),
    "/ascii-dumps": (ascii_dumps, nothing, {}),
    "/twelve-hours": (raw, twelve_hours, {}),
    "/narrow-plate": (raw, narrow_plate, {}),
    "/days": (raw, days, {}),
    "/falsy": (raw, falsy, {}),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = b""
        while length > 0:
            chunk = self.rfile.read(min(length, 1 << 16))
            length -= len(chunk)
            body = (body + chunk)[: 1 << 16]
        verify, store, more = MERCHANTS[self.path]
        try:
            push = json.loads(body)
            push["plateNumber"]
            if not verify(body):
                return self.answer(200, {"code": 4, "message": "签名校验非法"})
        except (ValueError, KeyError, TypeError, RecursionError):
            return self.answer(200, {"code": 6, "message": "参数错误"})
        try:
            store(push)
        except Exception as e:
            return self.answer(500, {"code": 2, "message": repr(e)})
        self.answer(200, {"code": 0, "message": "ok"} | more)

    def do_GET(self):
        self.answer(405, {"code": 1, "message": "POST"})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


server = Server(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
