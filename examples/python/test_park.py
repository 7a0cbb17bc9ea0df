"""A stay from sign-in to exit, with Python's standard library only: requests signed (§6), pushes received and verified (§10).

Run it with: etcp-mock exec -- python3 test_park.py
"""

import hashlib
import json
import os
import queue
import threading
import unittest
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

URL = os.environ["ETCP_MOCK_URL"]
ADMIN = os.environ["ETCP_MOCK_ADMIN"] + "/sandboxes/default"  # the mock's control API, of its default world
NO = os.environ["ETCP_MOCK_MERCHANT_NO"]
KEY = os.environ["ETCP_MOCK_MERCHANT_KEY"]
SHANGHAI = timezone(timedelta(hours=8))


def md5(text):
    return hashlib.md5(text.encode()).hexdigest().upper()


def call(method, endpoint, **fields):
    """A signed request. The text that is signed is the text that is sent."""
    data = json.dumps(fields, ensure_ascii=False)
    stamp = datetime.now(SHANGHAI).strftime("%Y%m%d%H%M%S")
    form = urllib.parse.urlencode({"merchant_no": NO, "time_stamp": stamp, "data": data, "sign": md5(data + KEY + stamp)})
    url = f"{URL}/merchant/open/1.0.0/openapi/{endpoint}"
    if method == "GET":
        request = urllib.request.Request(f"{url}?{form}")
    else:
        request = urllib.request.Request(url, form.encode(), {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"})
    with urllib.request.urlopen(request) as answer:
        envelope = json.load(answer)
        envelope["reason"] = answer.headers.get("X-Mock-Reason", "")  # the mock says why
        return envelope


def admin(method, path, body=None):
    request = urllib.request.Request(ADMIN + path, json.dumps(body).encode() if body else None, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


class Webhook(BaseHTTPRequestHandler):
    """Receives pushes: verifies signment, answers code 0, hands them on."""

    received = queue.Queue()

    def do_POST(self):
        push = json.loads(self.rfile.read(int(self.headers["Content-Length"])))  # keeps the fields' order
        signment = push.pop("signment", "")
        data = json.dumps(push, ensure_ascii=False, separators=(",", ":"))
        right = signment == md5(NO + data + KEY)
        answer = json.dumps({"code": 0, "message": "ok"} if right else {"code": 4, "message": "wrong signment"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json;charset=UTF-8")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        if right:
            self.received.put(push)

    def log_message(self, *_):
        pass


class Stay(unittest.TestCase):
    def setUp(self):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Webhook)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        admin("PUT", "/clock", {"mode": "frozen"})  # time moves when this test says so
        admin("PUT", f"/merchants/{NO}", {"key": KEY, "push": {"url": f"http://127.0.0.1:{server.server_port}/etcp"}})

    def test_a_car_parks_and_its_owner_pays(self):
        plate = "渝ATX061"
        token = call("POST", "usersigin", mobilePhone="13800000001", appId="ETCP")["data"]["token"]
        self.assertEqual(0, call("POST", "bindcar", token=token, plateNumber=plate)["code"])

        order = admin("POST", "/cars/enter", {"plateNumber": plate, "parkingId": "1"})["orderId"]
        entry = Webhook.received.get(timeout=5)
        self.assertEqual((order, "渝****61"), (entry["synId"], entry["plateNumber"]))

        admin("POST", "/clock/advance", {"by": "1h30m"})
        [due] = call("GET", "orderunpay", token=token, plateNumber=plate)["data"]
        self.assertEqual(10, due["remainingFee"])

        pay = {"token": token, "orderId": order, "externalOrderId": "E1", "payTime": "2017-08-20 13:30:00", "verificationInfo": due["verificationInfo"]}
        wrong = call("POST", "orderpaid", payment="9", **pay)
        self.assertEqual((20206, "payment-mismatch"), (wrong["code"], wrong["reason"]))
        self.assertEqual(0, call("POST", "orderpaid", payment="10", **pay)["code"])

        admin("POST", "/cars/exit", {"plateNumber": plate})
        self.assertEqual(5400, Webhook.received.get(timeout=5)["stayedTime"])


if __name__ == "__main__":
    unittest.main()
