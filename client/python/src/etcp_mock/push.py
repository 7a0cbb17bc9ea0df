"""The platform's pushes (§10): verified over the body as it came, and read into values."""

from __future__ import annotations

import hmac
import itertools
import re
import urllib.parse
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Mapping, Optional, Union

from .errors import Code, PushError
from .flatjson import Member, compact, members, without
from .signing import sign_push
from .values import parse_time, parse_yuan

#: What a push is answered with once it is stored; only then the platform forgets it.
ACCEPTED = b'{"code":0,"message":"ok"}'

_MOST = 64 << 10  # bytes of a push; an honest one stays under 1 KiB
_NUMBERS = ("parkId", "stayedTime", "receivableFee")  # those that a form does not tell from text
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


@dataclass(frozen=True)
class EntryPush:
    """A car has entered (§10.1). ``fields`` has every field as text, without signment."""

    kind: ClassVar[str] = "entry"
    syn_id: str  # the order's id
    plate_number: str  # masked (渝****61), unless the vehicle is certified for the merchant
    park_name: str
    park_id: str
    entrance_time: datetime
    user_type: str  # "76" long-term, "77" temporary
    push_time: Optional[datetime]
    fix_parking_id: str
    remaining_days: str
    fields: Mapping[str, str] = field(repr=False, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """The same for every delivery of the same push: store it under a unique key."""
        return (self.kind, self.syn_id.upper())


@dataclass(frozen=True)
class ExitPush(EntryPush):
    """A car has left (§10.2)."""

    kind: ClassVar[str] = "exit"
    exit_time: datetime
    stayed: timedelta
    receivable_fee: Decimal  # yuan, the whole fee, whatever was paid before


@dataclass(frozen=True)
class UnbindPush:
    """A vehicle was unbound (§10.3)."""

    kind: ClassVar[str] = "unbind"
    plate_number: str  # not masked
    time: datetime
    fields: Mapping[str, str] = field(repr=False, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """The same for every delivery of the same push: store it under a unique key."""
        return (self.kind, f"{self.plate_number} {self.fields['time']}")


@dataclass(frozen=True)
class CertificationInvalidPush(UnbindPush):
    """A vehicle was certified elsewhere, so that this merchant's pushes are masked again (§10.4)."""

    kind: ClassVar[str] = "certification-invalid"


Push = Union[EntryPush, ExitPush, UnbindPush, CertificationInvalidPush]


class PushVerifier:
    """Verifies the pushes of one merchant. Safe for several threads.

    A JSON body is verified over its own text, byte for byte as it came with signment cut out; where that does not fit, over
    what it means, written compactly, so that a body that was indented on its way verifies too. ``sign_data`` is the
    platform's rule push.sign_data: ``json`` (default), ``values`` or ``query``.
    """

    def __init__(self, merchant_no: str, key: str, sign_data: str = "json") -> None:
        if not merchant_no or not key:
            raise ValueError("a merchant's number and key are needed")
        if sign_data not in ("json", "values", "query"):
            raise ValueError(f"sign_data is json, values or query, not {sign_data!r}")
        self.merchant_no, self._key, self._sign_data = merchant_no, key, sign_data

    def __repr__(self) -> str:
        return f"PushVerifier({self.merchant_no!r})"

    def verify(self, body: bytes, content_type: str = "application/json", kind: Optional[str] = None) -> Push:
        """The push, or :class:`PushError`, whose ``answer`` and ``http_status`` are what to answer.

        ``body`` is the raw body, before anything has decoded it. ``kind`` is what the URL is for: unbind and
        certification-invalid have the same fields, so each needs a URL of its own. Entry and exit need none.
        """
        if not isinstance(body, (bytes, bytearray)):
            raise TypeError(f"verify takes the raw body as bytes, before anything has decoded it, but got {type(body).__name__}: "
                            "hand over request.get_data() of Flask, request.body of Django, or await request.body() of FastAPI")
        signed = self._fields(body, content_type)
        return _push({m.name: m.text for m in signed if m.quoted or m.text != "null"}, kind)

    def _fields(self, body: bytes, content_type: str) -> list[Member]:
        if len(body) > _MOST:
            raise PushError(Code.FAILED, "longer than 64 KiB", 413)
        media = content_type.split(";")[0].strip().lower()
        try:
            text = body.decode("utf-8")
            if media == "application/json":
                return self._json(text)
            if media != "application/x-www-form-urlencoded":
                raise PushError(Code.FAILED, "neither application/json nor application/x-www-form-urlencoded", 415)
            pairs = _form(text)
        except ValueError as e:
            raise PushError(Code.BAD_PARAMETER, f"{Code.BAD_PARAMETER.message}: {e}") from None
        if [m.name for m in pairs] == ["data"]:
            try:
                return self._json(pairs[0].text)
            except ValueError as e:
                raise PushError(Code.BAD_PARAMETER, f"{Code.BAD_PARAMETER.message}: {e}") from None
        return self._pairs(pairs)

    def _json(self, text: str) -> list[Member]:
        given = members(text)
        signed, signment = _apart(given)
        if self._sign_data == "json" and self._fits(without(text, given, "signment"), signment):
            return signed
        if self._fits(self._text(signed), signment):
            return signed
        raise PushError(Code.BAD_SIGNATURE, Code.BAD_SIGNATURE.message)

    def _pairs(self, pairs: list[Member]) -> list[Member]:
        signed, signment = _apart(pairs)
        numbers = [i for i, m in enumerate(signed) if m.name in _NUMBERS and _NUMBER.fullmatch(m.text)]
        if self._sign_data != "json":
            numbers = []
        # Under json the signed text had numbers, and a form does not say which: each way is tried.
        for ways in itertools.product((True, False), repeat=len(numbers)):
            tried = list(signed)
            for i, quoted in zip(numbers, ways):
                tried[i] = tried[i]._replace(quoted=quoted)
            if self._fits(self._text(tried), signment):
                return signed
        raise PushError(Code.BAD_SIGNATURE, Code.BAD_SIGNATURE.message)

    def _text(self, signed: list[Member]) -> str:
        if self._sign_data == "values":
            return "".join(m.text for m in signed)
        if self._sign_data == "query":
            return "&".join(f"{m.name}={m.text}" for m in signed)
        return compact(signed)

    def _fits(self, data: str, signment: str) -> bool:
        want = sign_push(self.merchant_no, data.encode(), self._key)
        return hmac.compare_digest(want.encode(), signment.encode())


def _apart(given: list[Member]) -> tuple[list[Member], str]:
    signment = [m for m in given if m.name == "signment" and m.quoted and m.text]
    if not signment:
        raise PushError(Code.MISSING_PARAMETER, f"{Code.MISSING_PARAMETER.message}: signment")
    return [m for m in given if m.name != "signment"], signment[0].text


def _form(text: str) -> list[Member]:
    found: list[Member] = []
    for pair in text.split("&"):
        if not pair:
            continue
        name, _, value = (urllib.parse.unquote_to_bytes(part.replace("+", " ")).decode("utf-8") for part in (pair.partition("=")))
        if any(m.name == name for m in found):
            raise ValueError(f"{name!r} twice")
        found.append(Member(name, value, True, 0, 0))
    return found


_KINDS = ("entry", "exit", "unbind", "certification-invalid")


def check_kind(kind: Optional[str]) -> None:
    """Refuses a kind that does not exist: it would never come."""
    if kind is not None and kind not in _KINDS:
        raise ValueError(f"no push is of the kind {kind!r}; there are {', '.join(_KINDS)}")


def _push(fields: Mapping[str, str], kind: Optional[str]) -> Push:
    seen = "exit" if "exitTime" in fields else "entry" if "synId" in fields else None
    check_kind(kind)
    if kind and seen and kind != seen:
        raise PushError(Code.BAD_PARAMETER, f"this is a push of kind {seen}, and the URL is for {kind}")
    kind = kind or seen
    if kind is None:
        raise PushError(Code.BAD_PARAMETER, "unbind and certification-invalid look alike: give each a URL of its own")

    def text(name: str) -> str:
        if not fields.get(name):
            raise PushError(Code.MISSING_PARAMETER, f"{Code.MISSING_PARAMETER.message}: {name}")
        return fields[name]

    try:
        if kind in ("unbind", "certification-invalid"):
            notice = UnbindPush if kind == "unbind" else CertificationInvalidPush
            return notice(plate_number=text("plateNumber"), time=parse_time(text("time")), fields=fields)
        entry = dict(
            syn_id=text("synId"), plate_number=text("plateNumber"), park_name=text("parkName"), park_id=text("parkId"),
            entrance_time=parse_time(text("entranceTime")), user_type=fields.get("userType", ""),
            push_time=parse_time(fields["pushTime"]) if fields.get("pushTime") else None,
            fix_parking_id=fields.get("fixParkingId", ""), remaining_days=fields.get("remainingDays", ""), fields=fields)
        if kind == "entry":
            return EntryPush(**entry)
        if not re.fullmatch("[0-9]{1,10}", text("stayedTime")):
            raise ValueError("stayedTime is no number of seconds")
        return ExitPush(exit_time=parse_time(text("exitTime")), stayed=timedelta(seconds=int(fields["stayedTime"])),
                        receivable_fee=parse_yuan(text("receivableFee")), **entry)
    except ValueError as e:
        raise PushError(Code.BAD_PARAMETER, f"{Code.BAD_PARAMETER.message}: {e}") from None
