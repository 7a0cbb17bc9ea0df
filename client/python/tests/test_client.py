"""The twelve calls against a mock, and the harness that drives it."""

import inspect
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path

import pytest

import etcp_mock as etcp_mock_package
from etcp_mock import Client, Code, NotEnvelopeError, PlatformError, TransportError, format_time, format_yuan, parse_time, parse_yuan
from etcp_mock.testing import START, Mock, MockError

PHONE, PLATE, VIN = "13800000001", "渝ATX061", "LVSHBFDC7RF414158"


def test_the_twelve_calls(etcp_sandbox, facts):
    s, c = etcp_sandbox, etcp_sandbox.client
    inbox = s.inbox()
    c.user_validate_code(PHONE)
    token = c.user_login(PHONE, s.sms(PHONE), "my-app")
    assert token != c.user_signin(PHONE, "other-app")
    c.bind_car(token, PLATE)
    assert c.car_num(token) == 1

    order = s.enter(PLATE)
    entry = inbox.next()
    assert (entry.kind, entry.syn_id, entry.plate_number) == ("entry", order["orderId"], "渝****61")
    c.car_retrieve(token, PLATE, VIN, "DA01991")
    assert s.advance("1h30m") == "2017-08-20 13:30:00"
    [owed] = c.order_unpay(token, PLATE)
    assert (owed.order_id, owed.remaining_fee, owed.entrance_time) == (order["orderId"], Decimal(10), parse_time(START))

    pay = dict(token=token, order_id=owed.order_id, external_order_id="E1", pay_time=s.now(), verification_info=owed.verification_info)
    with pytest.raises(PlatformError) as e:
        c.order_paid(payment="9", **pay)
    assert (e.value.code, e.value.reason, e.value.message) == (Code.WRONG_AMOUNT, "payment-mismatch", Code.WRONG_AMOUNT.message)
    assert s.requests("orderpaid")[-1]["id"] == e.value.request_id
    receipt = c.order_paid(payment=owed.remaining_fee, **pay)
    assert (receipt.payment, receipt.external_order_id, receipt.pay_time) == (Decimal(10), "E1", parse_time("2017-08-20 13:30:00"))
    assert c.order_paid(payment=10, **pay) == receipt

    assert s.exit(PLATE)["state"] == "left"
    left = inbox.next("exit")
    assert (left.plate_number, left.stayed, left.receivable_fee) == (PLATE, timedelta(minutes=90), Decimal(10))
    [stay] = c.order_history(token)
    assert (stay.order_id, stay.parking_fee, stay.actual) == (order["orderId"], Decimal(10), Decimal(0))

    page = c.surrounding_parking(lat="29.563", lon="106.551", radius="5000")
    assert page.list[0].distance.endswith("m")
    everywhere = list(c.parkings(city="重庆市"))
    assert len({p.id for p in everywhere}) == len(everywhere) > 0
    assert c.parking_status(page.list[0].id).status in ("充足", "紧张", "已满")

    c.unbind_car(token, PLATE)
    assert inbox.next().kind == "unbind"
    inbox.empty()
    assert {q["endpoint"] for q in s.requests()} == set(facts["endpoints"])
    for payment in (10, Decimal("10.0"), Decimal("10.0").normalize(), "10", "10.0"):
        s.saw("orderpaid", {"payment": payment}, code=0)
    s.never_saw("orderpaid", {"payment": "10.01"})
    with pytest.raises(AssertionError, match=r'payment: want 10, got "10.0" \(a string\)'):
        s.saw("orderpaid", {"payment": 10}, byValue=False, within="0s")
    s.pushed("exit", {"stayedTime": 5400})
    with pytest.raises(AssertionError, match="a unbindcar like it came"):
        s.never_saw("unbindcar")



def test_what_json_cannot_say_is_refused_before_anything_is_sent_and_its_field_is_named(etcp_sandbox):
    s = etcp_sandbox
    s.client.user_signin(PHONE, "my-app")
    for method in (s.saw, s.never_saw):
        for wrong, error, named in (
                (Decimal("NaN"), ValueError, r"data\.payment is NaN"), (float("inf"), ValueError, r"data\.payment is inf"),
                ({"a": [1, Decimal("-Infinity")]}, ValueError, r"data\.payment\.a\[1\] is -Infinity"), (print, TypeError, r"data\.payment is a function")):
            with pytest.raises(error, match=f"^{method.__name__}: {named}"):
                method("orderpaid", {"payment": wrong})
        for value in (None, 10):
            with pytest.raises(MockError, match='unknown field "payment"'):
                method("usersigin", code=0, payment=value)
        with pytest.raises(MockError, match='unknown field "plateNumber"'):
            method("usersigin", plateNumber=None)
        with pytest.raises(TypeError, match="endpoint is missing"):
            method(None)
    with pytest.raises(ValueError, match=r"body\.receivableFee is NaN"):
        s.pushed("exit", {"receivableFee": Decimal("NaN")})
    s.saw("usersigin", {"mobilePhone": PHONE}, code=None, count=None)


def test_what_a_test_has_done_is_a_scenario_that_does_it_again(etcp_sandbox, tmp_path):
    s = etcp_sandbox
    s.owner(PHONE, PLATE)
    s.enter(PLATE)
    s.advance("90m")
    text = s.recording()
    for step in ("call: usersigin", "call: bindcar", "enter: ", "advance: 1h30m"):
        assert step in text
    assert s.merchant_key not in text
    (tmp_path / "checkout.yaml").write_text(text, "utf-8")
    subprocess.run([os.environ["ETCP_MOCK_BIN"], "scenario", "run", str(tmp_path / "checkout.yaml")], check=True)


def test_a_dict_in_place_of_a_text_is_refused_before_anything_is_sent(etcp_sandbox, facts):
    c = etcp_sandbox.client
    for endpoint in facts["endpoints"]:
        method = next(m for m in dir(c) if m.replace("_", "") == endpoint.replace("usersigin", "usersignin"))
        wanted = inspect.signature(getattr(c, method)).parameters
        for wrong in wanted:
            if wrong in ("payment", "pay_time"):
                continue  # an amount and a time have checks of their own
            right = {name: {"payment": 10, "pay_time": START}.get(name, "x") for name in wanted}
            with pytest.raises(TypeError) as e:
                getattr(c, method)(**{**right, wrong: {"token": "secret"}})
            assert str(e.value) == f"{method}({', '.join(name + '=…' for name in wanted)}): {wrong} is a str, not dict"
    assert etcp_sandbox.requests() == []


def test_failures_of_the_network(etcp_sandbox):
    etcp_sandbox.fault({"endpoint": "carnum"}, {"cut": "before"})
    etcp_sandbox.fault({"endpoint": "orderhistory"}, {"httpStatus": 502, "body": "<html>bad gateway</html>"})
    etcp_sandbox.fault({"endpoint": "parkingstatus"}, {"code": 0})
    with pytest.raises(TransportError) as e:
        etcp_sandbox.client.car_num("secret-token")
    assert "secret-token" not in str(e.value)
    with pytest.raises(NotEnvelopeError) as e:
        etcp_sandbox.client.order_history("t")
    assert e.value.http_status == 502 and b"bad gateway" in e.value.body
    with pytest.raises(NotEnvelopeError, match="unexpected data"):
        etcp_sandbox.client.parking_status("1")
    etcp_sandbox.clear_faults()
    with pytest.raises(PlatformError) as e:
        Client(etcp_sandbox.url, "nobody", "k").car_num("t")
    assert e.value.code == Code.UNKNOWN_MERCHANT
    with pytest.raises(TransportError, match="carnum: no answer from http://127.0.0.1:9: "):
        Client("http://user:secret@127.0.0.1:9", "M", "k", timeout=5).car_num("t")
    with pytest.raises(ValueError, match="base_url: want http:// or https:// .*, got '127.0.0.1:8787'"):
        Client("127.0.0.1:8787", "M", "k")


def test_sandboxes_keep_apart(etcp_mock, etcp_sandbox):
    with etcp_mock.sandbox() as other:
        etcp_sandbox.enter(PLATE)
        assert other.orders() == [] and len(etcp_sandbox.orders(PLATE)) == 1
        assert other.merchant_no != etcp_sandbox.merchant_no
    with pytest.raises(MockError) as e:
        other.orders()
    assert (e.value.status, e.value.reason) == (404, "unknown-sandbox")


@pytest.mark.etcp_mock(fixture={"clock": "2020-02-29 08:00:00", "parkings": [
    {"id": "7", "name": "P7", "city": "重庆市", "lat": "29.5", "lon": "106.5"}]}, seed=7)
def test_a_fixture(etcp_sandbox):
    assert etcp_sandbox.now() == "2020-02-29 08:00:00"
    assert etcp_sandbox.enter(PLATE)["parkingId"] == "7"


@pytest.mark.parametrize("encoding", ["json", "form", "form-data-param"])
@pytest.mark.parametrize("sign_data", ["json", "values", "query"])
def test_the_inbox_under_each_rule(etcp_sandbox, encoding, sign_data):
    etcp_sandbox.rules(push__encoding=encoding, push__sign_data=sign_data)
    inbox = etcp_sandbox.inbox()
    inbox.fail_next()
    etcp_sandbox.owner(PHONE, PLATE)
    etcp_sandbox.enter(PLATE)
    etcp_sandbox.advance("1m")
    assert inbox.next().kind == "entry"
    assert [a["httpStatus"] for a in etcp_sandbox.pushes()[0]["attempts"]] == [200, 200]


def test_the_inbox_refuses_what_is_not_signed_right(etcp_sandbox):
    inbox = etcp_sandbox.inbox()
    etcp_sandbox.owner(PHONE, PLATE)
    etcp_sandbox.fault({"push": "entry"}, {"corruptSign": True})
    etcp_sandbox.enter(PLATE)
    with pytest.raises(AssertionError, match="not right: push refused: code 4"):
        inbox.next()
    with pytest.raises(AssertionError, match="no push exit came within 0.1 s"):
        inbox.next("exit", timeout=0.1)
    with pytest.raises(ValueError, match="no push is of the kind 'enter'; there are entry, exit"):
        inbox.next("enter")


def test_a_push_that_did_not_come_says_why(etcp_sandbox):
    etcp_sandbox.owner(PHONE, PLATE)
    with pytest.raises(AssertionError, match="was delivered .0 matched.; merchant .* has no push URL for it"):
        etcp_sandbox.pushed("entry", within="0s")
    inbox = etcp_sandbox.inbox()
    etcp_sandbox.enter("京A12345")
    with pytest.raises(AssertionError, match="no push entry came within 0.1 s; 京A12345 has entered or left, but nobody has bound it"):
        inbox.next("entry", timeout=0.1)
    etcp_sandbox.enter(PLATE)
    etcp_sandbox.drain()
    with pytest.raises(AssertionError, match="no push exit came within 0.1 s.*; others came: entry"):
        inbox.next("exit", timeout=0.1)
    assert inbox.next("entry").kind == "entry", "it kept its place"
    assert etcp_sandbox.admin("GET", "orders") == etcp_sandbox.admin("GET", "/orders")
    etcp_sandbox.saw("bindcar", count=1)
    with pytest.raises(AssertionError, match="1 matched"):
        etcp_sandbox.saw("bindcar", count=2, within="0s")
    with pytest.raises(AssertionError, match="; these are r"):
        etcp_sandbox.never_saw("bindcar")


def test_what_is_wrong_is_named(etcp_mock, etcp_sandbox, monkeypatch, tmp_path):
    with pytest.raises(MockError, match="clok"):
        etcp_mock.sandbox({"clok": "now"})
    with pytest.raises(MockError, match="409"):
        etcp_sandbox.exit(PLATE)
    monkeypatch.delenv("ETCP_MOCK_URL", raising=False)
    with pytest.raises(MockError, match="does not start"):
        Mock.start(str(tmp_path / "nothing"))
    script = tmp_path / "broken"
    script.write_text("#!/bin/sh\necho no port left >&2\nexit 1\n")
    script.chmod(0o755)
    with pytest.raises(MockError, match="no port left"):
        Mock.start(str(script))


def test_a_mock_that_runs_is_used_and_left_running(etcp_mock, monkeypatch):
    monkeypatch.setenv("ETCP_MOCK_URL", etcp_mock.url)
    with Mock.start() as same:
        assert same.url == etcp_mock.url
    assert etcp_mock.admin("GET", "/version")["version"]


def test_a_mock_ends_with_the_process_that_started_it(etcp_mock):
    program = "from etcp_mock.testing import Mock; print(Mock.start().url, flush=True); input()"
    env = {name: value for name, value in os.environ.items() if name != "ETCP_MOCK_URL"}
    env["PYTHONPATH"] = str(Path(etcp_mock_package.__file__).parents[1])
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as killed:
        mock = Mock(killed.stdout.readline().strip())
        assert mock.admin("GET", "/version")
        killed.kill()
    for _ in range(200):
        try:
            mock.admin("GET", "/version")
        except MockError:
            return
        time.sleep(0.05)
    raise AssertionError(f"{mock.url} still answers")


def test_a_failing_test_prints_what_was_refused(pytester, etcp_mock, monkeypatch):
    monkeypatch.setenv("ETCP_MOCK_URL", etcp_mock.url)
    monkeypatch.setenv("LC_ALL", "C")
    pytester.makepyfile("""
        def test_bind(etcp_sandbox):
            etcp_sandbox.push_to("http://127.0.0.1:9/etcp")
            token = etcp_sandbox.owner("13800000001", "渝ATX061")
            etcp_sandbox.enter("渝ATX061")
            etcp_sandbox.drain()
            etcp_sandbox.owner("13900000002", "渝ATX061")
    """)
    monkeypatch.setenv("PYTHONPATH", str(Path(etcp_mock_package.__file__).parents[1]), prepend=os.pathsep)
    result = pytester.runpytest_subprocess("-p", "etcp_mock.pytest_plugin")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([
        "*PlatformError: etcp bindcar: code 20802 *plate-bound-by-other, request r*",
        "*- etcp-mock -*", "*refused or could not deliver (sb-*):*", "*bindcar: code 20802, plate-bound-by-other: *is bound by 13800000001*",
        "*push entry of 渝ATX061 to http://127.0.0.1:9/etcp is pending: *",
    ])


def test_what_the_webhook_answered_is_in_the_report_and_all_is_in_one_language(etcp_sandbox, monkeypatch):
    message = "unbind and certification-invalid look alike: give each a URL of its own"
    with refusing(message) as url:
        etcp_sandbox.push_to(url)
        etcp_sandbox.owner("13800000001", "渝ATX061")
        etcp_sandbox.enter("渝ATX061")
        monkeypatch.setenv("ETCP_MOCK_LANG", "en")
        etcp_sandbox.drain()
        assert f'is pending: code is 6, not 0; the answer was {{"code": 6, "message": "{message}"}}' in etcp_sandbox.report()
        monkeypatch.setenv("ETCP_MOCK_LANG", "zh")
        assert f'code 为 6，应为 0；应答为 {{"code": 6, "message": "{message}"}}' in etcp_sandbox.report()
        assert f"（{etcp_sandbox.id}）：" in etcp_sandbox.report()
    with pytest.raises(AssertionError, match="没有送达符合条件的 entry 推送（匹配 0 个）.*\n  最接近的 p1：status：应为 .*delivered.*，实际为 .*pending"):
        etcp_sandbox.pushed("entry")
    with pytest.raises(AssertionError, match='(?m)：data\\.carNumber：应为 "渝ATX061"，实际为无$'):
        etcp_sandbox.saw("usersigin", {"carNumber": "渝ATX061"}, within="0s")
    with pytest.raises(AssertionError, match='(?m)：应为 13800000001，实际为 "13800000001"（字符串）$'):
        etcp_sandbox.saw("usersigin", {"mobilePhone": 13800000001}, byValue=False, within="0s")
    with pytest.raises(MockError, match="HTTP 409: .*渝ATX062.*[没不未]"):
        etcp_sandbox.exit("渝ATX062")


@contextmanager
def refusing(message):
    """An endpoint that answers every push with code 6 and a message."""
    class Refusing(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps({"code": 6, "message": message}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/etcp"
    finally:
        server.shutdown()
        server.server_close()


def test_money_and_times_are_exact():
    assert [format_yuan(x) for x in ("8", 8, Decimal("5.50"), "10.34", "8.000", "-0.10")] == ["8.0", "8.0", "5.5", "10.34", "8.0", "-0.1"]
    for wrong in ("", "8.", ".5", "+8", "8e0", "1.234", "８"):
        with pytest.raises(ValueError):
            parse_yuan(wrong)
    with pytest.raises(TypeError, match=r'not float; write "\S+" or Decimal\("\S+"\)'):
        format_yuan(0.1)  # type: ignore[arg-type]
    assert format_time(datetime(2017, 8, 20, 4, tzinfo=timezone.utc)) == "2017-08-20 12:00:00"
    for wrong in ("2017-02-29 00:00:00", "2017-08-20T12:00:00", "2017-8-20 12:00:00"):
        with pytest.raises(ValueError):
            parse_time(wrong)


class Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"code":"0"}')

    def log_message(self, *_):
        pass


def test_a_code_that_is_no_number_is_no_envelope():
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        with pytest.raises(NotEnvelopeError):
            Client(f"http://127.0.0.1:{server.server_port}", "M", "k").car_num("t")
    finally:
        server.shutdown()
        server.server_close()
