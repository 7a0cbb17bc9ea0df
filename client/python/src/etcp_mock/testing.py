"""A mock of the platform for tests: a server, a sandbox for each test, cars, the clock, and an endpoint for the pushes.

    with Mock.start() as mock, mock.sandbox() as sandbox:
        token = sandbox.owner("13800000001", "渝ATX061")
        sandbox.enter("渝ATX061")
        sandbox.advance("1h30m")
        [owed] = sandbox.client.order_unpay(token, "渝ATX061")
        assert owed.remaining_fee == 10

With pytest the fixture ``etcp_sandbox`` does the first line (see :mod:`etcp_mock.pytest_plugin`).
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request
from decimal import Decimal
from typing import Any, Mapping, Optional, Sequence

from ._language import either, in_chinese
from ._wanted import nearest, plain, wanted
from .client import Client, opener_for
from .errors import EtcpError
from .receiver import Inbox

#: What the clock of a new sandbox shows, where it stands until the test moves it. Asia/Shanghai.
START = "2017-08-20 12:00:00"

_READY = 20.0  # seconds that a mock may take to start


class MockError(EtcpError):
    """The mock could not be started, or refused what a test asked of its control API. ``status`` is the HTTP status, or 0;
    ``reason`` a stable word by which refusals of one status are distinguished, such as "unknown-order", or ""."""

    def __init__(self, message: str, status: int = 0, reason: str = "") -> None:
        super().__init__(message)
        self.status, self.reason = status, reason


class Mock:
    """A server that plays the platform. Make one for a whole test run: tests keep apart by their sandboxes."""

    def __init__(self, url: str, token: str = "", process: Optional[subprocess.Popen[str]] = None) -> None:
        self.url = url.rstrip("/")
        self._token, self._process = token, process
        self._opener = opener_for(self.url)

    @classmethod
    def start(cls, binary: Optional[str] = None) -> Mock:
        """Uses the mock at $ETCP_MOCK_URL, where that is set (its token in $ETCP_MOCK_ADMIN_TOKEN); otherwise starts
        ``binary``, by default $ETCP_MOCK_BIN or ``etcp-mock`` of the PATH, on a free port of 127.0.0.1."""
        running = os.environ.get("ETCP_MOCK_URL")
        if running and binary is None:
            mock = cls(running, os.environ.get("ETCP_MOCK_ADMIN_TOKEN", ""))
            mock.admin("GET", "/version")
            return mock
        binary = binary or os.environ.get("ETCP_MOCK_BIN") or shutil.which("etcp-mock")
        if not binary:
            raise MockError(either("no etcp-mock: put it on the PATH, name it in ETCP_MOCK_BIN, or name a running one in ETCP_MOCK_URL",
                                   "找不到 etcp-mock：请把它放到 PATH 中，或用 ETCP_MOCK_BIN 指定它，或用 ETCP_MOCK_URL 指定正在运行的一个"))
        log = tempfile.TemporaryFile("w+")
        try:
            process = subprocess.Popen([binary, "serve", "--addr", "127.0.0.1:0", "--stop-with-stdin"], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8")
        except OSError as e:
            log.close()
            raise MockError(either(f"{binary} does not start: {e}", f"{binary} 无法启动：{e}")) from None
        try:
            return cls(_address(process, log), process=process)
        except BaseException:
            _end(process)
            raise
        finally:
            log.close()

    def __enter__(self) -> Mock:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the mock, if :meth:`start` has started it."""
        if self._process:
            _end(self._process)
            self._process = None

    def sandbox(self, fixture: Optional[Mapping[str, Any]] = None, *, scenario: Optional[str] = None, seed: int = 1,
                host: str = "127.0.0.1") -> Sandbox:
        """A sandbox of its own: without a fixture its clock stands at :data:`START`, with a merchant that nobody else has and a
        few car parks. In a fixture, leave out ``merchants``, or their ``no`` and ``key``: they are made up, so that one
        fixture serves tests that run at once. The same seed and the same calls give the same codes, ids and tokens.
        ``host`` is where the mock reaches this machine, for the inbox."""
        body: dict[str, Any] = {"seed": seed}
        if scenario is not None:
            body["scenario"] = scenario
        if fixture is not None:
            body["fixture"] = _with_merchant(fixture)
        made = self.admin("POST", "/sandboxes", body)
        sandbox = Sandbox(self, made["id"], made["merchants"], host)
        if fixture is None and scenario is None:
            sandbox.admin("PUT", "/clock", {"mode": "frozen"})
            sandbox.admin("PUT", "/clock", {"now": START})
        return sandbox

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """Calls the control API below /__admin and gives the answer's JSON, with decimals as Decimal; a refusal is a :class:`MockError`."""
        __tracebackhide__ = True
        raw = self._ask(method, path, body)
        return json.loads(raw, parse_float=Decimal) if raw else None

    def _ask(self, method: str, path: str, body: Any = None) -> bytes:
        __tracebackhide__ = True
        request = urllib.request.Request(
            f"{self.url}/__admin{path}", None if body is None else json.dumps(body, default=plain).encode(),
            {"Content-Type": "application/json", "Accept-Language": either("en", "zh")}, method=method)
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        try:
            with self._opener.open(request, timeout=120) as answer:
                return answer.read()
        except urllib.error.HTTPError as e:
            with e:
                detail, reason = _problem(e.read())
                raise MockError(f"{method} {path}: HTTP {e.code}: {detail}", e.code, reason) from None
        except OSError as e:
            raise MockError(f"{method} {path}: " + either(f"the mock at {self.url} cannot be reached: {e}", f"无法连接位于 {self.url} 的模拟平台：{e}")) from None


class Sandbox:
    """What one test has of a mock. As a context manager it prints what was refused when its block fails, and ends."""

    def __init__(self, mock: Mock, sandbox_id: str, merchants: Sequence[Mapping[str, str]], host: str) -> None:
        self.mock, self.id, self._host = mock, sandbox_id, host
        self.url = mock.url  #: of the platform
        self.merchant_no = merchants[0]["merchantNo"] if merchants else ""
        self.merchant_key = merchants[0]["merchantKey"] if merchants else ""
        self._inboxes: list[Inbox] = []
        self._push: dict[str, Any] = {}

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, failed: Optional[type], *_: object) -> None:
        if failed:
            print(self.report(), file=sys.stderr)
        self.close()

    def close(self) -> None:
        """Ends the sandbox and its inboxes."""
        for inbox in self._inboxes:
            inbox.close()
        try:
            self.admin("DELETE", "")
        except MockError as e:
            if e.status != 404:
                raise

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """Calls the control API below this sandbox, such as ``admin("GET", "/orders")``: whatever the other methods do not do."""
        __tracebackhide__ = True
        if path and path[0] not in "/?":
            path = "/" + path
        return self.mock.admin(method, f"/sandboxes/{urllib.parse.quote(self.id, safe='')}{path}", body)

    def recording(self) -> str:
        """What was done so far, as the text of a scenario file that does it again: ``etcp-mock scenario run`` takes it."""
        return self.mock._ask("GET", f"/sandboxes/{urllib.parse.quote(self.id, safe='')}/recording").decode()

    @property
    def client(self) -> Client:
        """A client of the platform as this sandbox's merchant."""
        return Client(self.url, self.merchant_no, self.merchant_key)

    # Owners, cars and time.

    def owner(self, phone: str, *plates: str) -> str:
        """Signs a user in, has it bind vehicles, and gives its token."""
        token = self.client.user_signin(phone, "etcp-mock")
        for plate in plates:
            self.client.bind_car(token, plate)
        return token

    def enter(self, plate: str, parking_id: Optional[str] = None, **more: Any) -> dict[str, Any]:
        """Has a car enter and gives the order. Without a car park it is the sandbox's first; ``more``: plateColor, at, userType, …"""
        if parking_id is None:
            parking_id = self.admin("GET", "/parkings?limit=1")["items"][0]["id"]
        return self.admin("POST", "/cars/enter", {"plateNumber": plate, "parkingId": parking_id, **more})

    def exit(self, plate: str, **more: Any) -> dict[str, Any]:
        """Has a car leave and gives the order; what it owes is paid in cash unless ``payment`` is "withhold" or "none"."""
        return self.admin("POST", "/cars/exit", {"plateNumber": plate, **more})

    def orders(self, plate: Optional[str] = None) -> list[dict[str, Any]]:
        """The stays of a plate, or of all, oldest first."""
        return self._items("/orders", plateNumber=plate)

    def sms(self, phone: str) -> str:
        """The newest code that was sent to a phone."""
        return self.admin("GET", f"/sms/{urllib.parse.quote(phone, safe='')}")["code"]

    def now(self) -> str:
        """What the clock shows: yyyy-MM-dd HH:mm:ss, Asia/Shanghai."""
        return self.admin("GET", "/clock")["now"]

    def advance(self, by: str) -> str:
        """Moves the clock by "45m", "1h30m" or "8d" and gives the time then. What falls due on the way happens first: pushes
        are sent, and sent again, and their answers awaited."""
        return self.admin("POST", "/clock/advance", {"by": by})["now"]

    def rules(self, **changes: Any) -> None:
        """Sets rules of the platform; a dot in a name is written as two underscores: ``rules(push__encoding="form")``."""
        self.admin("PATCH", "/rules", {name.replace("__", "."): value for name, value in changes.items()})

    # Faults.

    def fault(self, on: Mapping[str, Any], do: Mapping[str, Any], **more: Any) -> str:
        """Injects a fault and gives its id: ``fault({"endpoint": "orderpaid"}, {"cut": "after"}, times=1)``."""
        return self.admin("POST", "/faults", {"on": on, "do": do, **more})["id"]

    def clear_faults(self) -> None:
        """Takes all faults away."""
        self.admin("DELETE", "/faults")

    # Pushes.

    def inbox(self) -> Inbox:
        """An endpoint on a free port that receives and verifies this merchant's pushes, each kind at a URL of its own."""
        inbox = Inbox(self, self._host)
        self._inboxes.append(inbox)
        urls = {kind: f"{inbox.url}/{kind}" for kind in ("unbind", "certification-invalid")}
        self.push_to(inbox.url, urls)
        return inbox

    def push_to(self, url: str, urls: Optional[Mapping[str, str]] = None) -> None:
        """Has the merchant's pushes sent to a URL, and those of a kind in ``urls`` to that one."""
        push: dict[str, Any] = {"url": url}
        if urls:
            push["urls"] = dict(urls)
        path = f"/merchants/{urllib.parse.quote(self.merchant_no, safe='')}"
        self.admin("PUT", path, {"key": self.merchant_key, "push": push})

    def pushes(self) -> list[dict[str, Any]]:
        """All pushes with their attempts, oldest first."""
        return self._items("/pushes")

    def drain(self, timeout: str = "5s") -> None:
        """Waits until every push that is due has been answered."""
        self.admin("POST", "/pushes/drain", {"timeout": timeout})

    # What the mock was asked.

    def requests(self, endpoint: Optional[str] = None) -> list[dict[str, Any]]:
        """The journal, or an endpoint's part of it, oldest first."""
        return self._items("/requests", endpoint=endpoint)

    def saw(self, endpoint: str, data: Optional[Mapping[str, Any]] = None, **more: Any) -> None:
        """Asserts that the endpoint was called with this data (or more of it), numbers by value (10 is "10.0"), and waits a second for it.
        ``more``: code, count (3, or {"min": 2, "max": 5}), merchantNo, within, and byValue=False for data exactly as it was sent."""
        __tracebackhide__ = True
        want = wanted("saw", "endpoint", {"endpoint": endpoint, "data": data, "byValue": True, "within": "1s", **more})
        self._verify("/requests/verify", either(f"no {endpoint} like it came", f"没有收到符合条件的 {endpoint}"), want)

    def never_saw(self, endpoint: str, data: Optional[Mapping[str, Any]] = None, **more: Any) -> None:
        """Asserts that the endpoint was not called with this data (None: with any) until now."""
        __tracebackhide__ = True
        want = wanted("never_saw", "endpoint", {"endpoint": endpoint, "data": data, "byValue": True, "count": {"max": 0}, **more})
        self._verify("/requests/verify", either(f"a {endpoint} like it came", f"收到了符合条件的 {endpoint}"), want)

    def pushed(self, kind: str, body: Optional[Mapping[str, Any]] = None, **more: Any) -> None:
        """Asserts that a push of a kind with these fields (or more) was delivered, and waits a second for it."""
        __tracebackhide__ = True
        want = wanted("pushed", "kind", {"kind": kind, "body": body, "byValue": True, "status": "delivered", "within": "1s", **more})
        self._verify("/pushes/verify", either(f"no push {kind} like it was delivered", f"没有送达符合条件的 {kind} 推送"), want)

    def _verify(self, path: str, failure: str, want: Mapping[str, Any]) -> None:
        __tracebackhide__ = True
        found = self.admin("POST", path, want)
        if not found["ok"]:
            matched = either(f" ({found['matched']} matched)", f"（匹配 {found['matched']} 个）")
            near = "".join("\n  " + nearest(n) for n in found.get("nearest") or [])
            raise AssertionError(f"etcp-mock: {failure}{matched}{_hint(found)}{near}")

    def _why_none(self, kind: Optional[str]) -> str:
        """Why no push (of a kind) was made, behind a semicolon; "" where that is not known."""
        return _hint(self.admin("POST", "/pushes/verify", {"kind": kind} if kind else {}))

    def report(self) -> str:
        """What was refused in this sandbox and why, and which pushes were not delivered; "" where nothing was."""
        lines = []
        language = "Zh" if in_chinese() else ""
        for q in self._items("/requests"):
            if q.get("reason"):
                explanation = q.get("explanation" + language) or q.get("explanation", "")
                fix = q.get("fix" + language) or q.get("fix") or ""
                lines.append(f"{q['id']} {q['endpoint']}: code {q['code']}, {q['reason']}: {explanation}")
                if fix and fix not in explanation:
                    lines.append(f"    {fix}")
        try:
            self.drain("1s")  # an attempt may be in flight: a push may fail as the test does
        except MockError as error:
            if error.status != 504:
                raise
        for p in self._items("/pushes"):
            if p["status"] != "delivered" and p["attempts"]:
                last = p["attempts"][-1]
                why = last.get("error" + language) or last.get("error", "")
                if language:
                    lines.append(f"{p['id']} 推送 {p['kind']}（{p['plateNumber']}，{p['url']}）：{'失败' if p['status'] == 'failed' else '待投递'}：{why}{_answered(last)}")
                else:
                    lines.append(f"{p['id']} push {p['kind']} of {p['plateNumber']} to {p['url']} {'has failed' if p['status'] == 'failed' else 'is pending'}: {why}{_answered(last)}")
        if not lines:
            return ""
        title = either(f"etcp-mock refused or could not deliver ({self.id}):", f"etcp-mock 拒绝的请求和未送达的推送（{self.id}）：")
        return "\n".join([title, *("  " + line for line in lines)])

    def _items(self, path: str, **query: Optional[str]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        given = {name: value for name, value in query.items() if value is not None}
        given["limit"] = "1000"
        while True:
            page = self.admin("GET", f"{path}?{urllib.parse.urlencode(given)}")
            found += page["items"]
            if not page.get("next"):
                return found
            given["after"] = page["next"]


def _hint(found: Mapping[str, Any]) -> str:
    hint = (found.get("hintZh") if in_chinese() else None) or found.get("hint")
    return f"{either('; ', '；')}{hint}" if hint else ""


def _answered(attempt: Mapping[str, Any]) -> str:
    """What the endpoint itself answered, behind a semicolon; "" where it did not."""
    answer = " ".join((attempt.get("response") or "").split())
    if len(answer) > 300:
        answer = answer[:300] + "…"
    return either("; the answer was ", "；应答为 ") + answer if answer else ""


def _with_merchant(fixture: Mapping[str, Any]) -> dict[str, Any]:
    merchants = [dict(m) for m in fixture.get("merchants") or [{}]]
    for merchant in merchants:
        merchant.setdefault("no", "t" + secrets.token_hex(8))
        merchant.setdefault("key", secrets.token_hex(16))
    return {**fixture, "merchants": merchants}


def _address(process: subprocess.Popen[str], log: Any) -> str:
    """The address in the first line, `listening on http://…`; after _READY seconds without one the process is ended."""
    assert process.stdout
    late = threading.Timer(_READY, process.kill)
    late.start()
    try:
        line = process.stdout.readline()
    finally:
        late.cancel()
    if not line.startswith("listening on "):
        process.kill()
        process.wait()
        log.seek(0)
        raise MockError(either("etcp-mock serve did not start: ", "etcp-mock serve 没有启动：") + (line + log.read()).strip())
    threading.Thread(target=process.stdout.read, daemon=True).start()  # so that the pipe is never full
    return line[len("listening on "):].strip()


def _end(process: subprocess.Popen[str]) -> None:
    if process.stdin:
        process.stdin.close()  # the mock ends with it, also when this process is killed
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _problem(raw: bytes) -> tuple[str, str]:
    try:
        problem = json.loads(raw)
        return str(problem.get("detail") or problem.get("title")), str(problem.get("reason") or "")
    except (ValueError, AttributeError):
        return raw[:300].decode("utf-8", "replace"), ""
