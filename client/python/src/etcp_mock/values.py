"""Money and times as the platform writes them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Union

#: Asia/Shanghai, in which the platform gives every time. China has had no summer time since 1991.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

_YUAN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")


def parse_yuan(value: Union[str, int, Decimal]) -> Decimal:
    """An amount in yuan: a plain decimal with at most two places that are not zero. A float is refused, for it is not exact."""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        instead = f'; write "{value}" or Decimal("{value}")' if isinstance(value, float) else ""
        raise TypeError(f"an amount is a str, an int or a Decimal, not {type(value).__name__}{instead}")
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    if not _YUAN.fullmatch(text):
        raise ValueError(f"amount {text!r}: not a plain decimal")
    amount = Decimal(text)
    if amount != amount.quantize(Decimal("0.01")):
        raise ValueError(f"amount {text!r}: more than two places")
    return amount


def format_yuan(amount: Union[str, int, Decimal]) -> str:
    """As the document prints it: at least one place, "8.0", "5.5", "10.34"."""
    text = format(parse_yuan(amount).quantize(Decimal("0.01")), "f")
    return text[:-1] if text.endswith("0") else text


def parse_time(text: str) -> datetime:
    """yyyy-MM-dd HH:mm:ss in Asia/Shanghai."""
    if not _TIME.fullmatch(text):
        raise ValueError(f"time {text!r}: not yyyy-MM-dd HH:mm:ss")
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)


def format_time(when: Union[str, datetime]) -> str:
    """yyyy-MM-dd HH:mm:ss in Asia/Shanghai. A datetime without a zone is taken to be there already; a str is checked."""
    if isinstance(when, str):
        when = parse_time(when)
    elif when.tzinfo is not None:
        when = when.astimezone(SHANGHAI)
    return when.strftime("%Y-%m-%d %H:%M:%S")
