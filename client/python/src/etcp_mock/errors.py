"""What can go wrong: a refusal by the platform, an answer that is none, a push that is not right."""

from __future__ import annotations

import enum
import json


class Code(enum.IntEnum):
    """The codes of §11. Each has the platform's own message as its ``message``."""

    OK = (0, "成功")
    FAILED = (1, "失败")
    SERVER_ERROR = (2, "服务器异常")
    TIMESTAMP_EXPIRED = (3, "时间戳超时")
    BAD_SIGNATURE = (4, "签名校验非法")
    UNKNOWN_MERCHANT = (5, "没有找到商户密钥")
    BAD_PARAMETER = (6, "参数错误")
    ORDER_UPDATE_FAILED = (7, "更新订单失败")
    ORDER_CREATE_FAILED = (8, "生产订单失败")
    OPERATION_FAILED = (20100, "操作失败")
    INVALID_TOKEN = (20101, "无效 token")
    MISSING_PARAMETER = (20102, "缺少必要参数")
    BAD_PHONE = (20201, "手机号错误")
    SMS_FAILED = (20202, "获取验证码失败")
    WRONG_SMS_CODE = (20203, "手机验证码错误")
    WRONG_AMOUNT = (20206, "支付金额与应付金额不匹配")
    BOUND_BY_OTHER = (20802, "该车辆已被他人绑定")
    TOO_MANY_BOUND = (20803, "绑定数量超限")
    TOO_MANY_BOUND_IN_A_MONTH = (20804, "一月最多绑定 4 辆不同的车")

    message: str

    def __new__(cls, value: int, message: str) -> Code:
        member = int.__new__(cls, value)
        member._value_ = value
        member.message = message
        return member


class EtcpError(Exception):
    """The base of every error of this package."""


class PlatformError(EtcpError):
    """The platform refused a call: its code is not 0.

    ``code`` compares with :class:`Code`; ``message`` is the platform's. ``reason`` (a stable word such as
    ``plate-bound-by-other``) and ``request_id`` (of the journal's entry) come from the mock and are "" elsewhere.
    """

    def __init__(self, endpoint: str, code: int, message: str, reason: str = "", request_id: str = "") -> None:
        super().__init__(endpoint, code, message, reason, request_id)
        self.endpoint, self.code, self.message, self.reason, self.request_id = endpoint, code, message, reason, request_id

    def __str__(self) -> str:
        text = f"etcp {self.endpoint}: code {self.code} {self.message}"
        more = ", ".join(x for x in (self.reason, f"request {self.request_id}" if self.request_id else "") if x)
        return f"{text} ({more})" if more else text


class TransportError(EtcpError):
    """No answer came: not reached, cut, or too late. Whether the call was carried out is not known."""


class NotEnvelopeError(EtcpError):
    """An answer came that is not the platform's envelope (a gateway's page, a body cut short), or whose data is not
    what the document says. ``http_status`` and ``body`` have it as it came."""

    def __init__(self, endpoint: str, detail: str, http_status: int, body: bytes) -> None:
        super().__init__(f"etcp {endpoint}: HTTP {http_status}: {detail}: {body[:80]!r}")
        self.endpoint, self.http_status, self.body = endpoint, http_status, body


class PushError(EtcpError):
    """A push is not to be accepted. ``answer`` is the body to answer it with, ``http_status`` the status."""

    def __init__(self, code: int, message: str, http_status: int = 200) -> None:
        super().__init__(f"push refused: code {int(code)} {message}")
        self.code, self.message, self.http_status = code, message, http_status

    @property
    def answer(self) -> bytes:
        return json.dumps({"code": int(self.code), "message": self.message}, ensure_ascii=False).encode()
