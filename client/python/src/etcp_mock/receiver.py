"""An endpoint that receives pushes for a test."""

from __future__ import annotations

import queue
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Optional, Protocol

from ._language import either
from .errors import Code, PushError
from .push import ACCEPTED, Push, PushVerifier, check_kind


class Merchant(Protocol):
    """What an inbox needs of the sandbox whose merchant it receives for."""

    merchant_no: str
    merchant_key: str

    def admin(self, method: str, path: str, body: Any = None) -> Any: ...

    def drain(self, timeout: str = "5s") -> None: ...

    def _why_none(self, kind: Optional[str]) -> str: ...


class Inbox:
    """The pushes of one sandbox's merchant, verified, in the order they came.

    One that is not signed right is answered with code 4 and makes the next :meth:`next` or :meth:`empty` fail.
    """

    def __init__(self, sandbox: Merchant, host: str = "127.0.0.1") -> None:
        self._sandbox = sandbox
        self._came: queue.Queue[Any] = queue.Queue()  # Push or PushError
        self._later: list[Push] = []
        self._lock = threading.Lock()
        self._fail = 0
        rule = sandbox.admin("GET", "/rules").get("push.sign_data", {})
        self._sign_data = rule.get("value", "json") if isinstance(rule, dict) else "json"
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, answer = inbox._receive(self.path, self.headers.get("Content-Type", ""), body)
                self.send_response(status)
                self.send_header("Content-Type", "application/json;charset=UTF-8")
                self.send_header("Content-Length", str(len(answer)))
                self.send_header("Connection", "close")
                self.close_connection = True
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 128
            daemon_threads = True

        self._server = Server((host, 0), Handler)
        self.url = f"http://{host}:{self._server.server_port}/etcp"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def _receive(self, path: str, content_type: str, body: bytes) -> tuple[int, bytes]:
        kind = path.rpartition("/")[2]
        verifier = PushVerifier(self._sandbox.merchant_no, self._sandbox.merchant_key, self._sign_data)
        try:
            push = verifier.verify(body, content_type, kind if kind in ("unbind", "certification-invalid") else None)
        except PushError as e:
            self._came.put(e)
            return e.http_status, e.answer
        with self._lock:
            failing, self._fail = self._fail > 0, max(0, self._fail - 1)
        if failing:
            return 200, PushError(Code.FAILED, Code.FAILED.message).answer
        self._came.put(push)
        return 200, ACCEPTED

    def fail_next(self, n: int = 1) -> None:
        """Answers the next n pushes with code 1, so that they come again."""
        with self._lock:
            self._fail = n

    def next(self, kind: Optional[str] = None, timeout: float = 5.0) -> Push:
        """The next push (of a kind; others keep their place), waited for up to ``timeout`` seconds. A failure says why none came, where that is known."""
        __tracebackhide__ = True
        check_kind(kind)
        for push in self._later:
            if kind in (None, push.kind):
                self._later.remove(push)
                return push
        until = time.monotonic() + timeout
        while True:
            try:
                push = self._came.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                others = ", ".join(push.kind for push in self._later)
                why = self._sandbox._why_none(kind) + (either(f"; others came: {others}", f"；收到的是：{others}") if others else "")
                raise AssertionError(either(
                    f"etcp-mock: no push{' ' + kind if kind else ''} came within {timeout:g} s{why}",
                    f"etcp-mock: {timeout:g} 秒内没有收到{f' {kind} ' if kind else ''}推送{why}")) from None
            if isinstance(push, PushError):
                raise AssertionError(either(f"etcp-mock: a push came that is not right: {push}", f"etcp-mock: 收到的推送不正确：{push}"))
            if kind in (None, push.kind):
                return push
            self._later.append(push)

    def empty(self) -> None:
        """Asserts that no push has come that :meth:`next` has not given, once all that are due are answered."""
        __tracebackhide__ = True
        self._sandbox.drain()
        try:
            push = self._later[0] if self._later else self._came.get_nowait()
        except queue.Empty:
            return
        raise AssertionError(either(f"etcp-mock: a push came: {push}", f"etcp-mock: 收到了推送：{push}"))

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
