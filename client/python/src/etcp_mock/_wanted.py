"""What the assertions of :mod:`etcp_mock.testing` want, as JSON can say it, and where what came differs."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any, Mapping

from ._language import either, in_chinese

# What may be None, for then it is not asked for; any other name goes to the mock, which refuses it.
_BOTH = ("count", "merchantNo", "within", "byValue")
_KNOWN = {"endpoint": ("data", "code", *_BOTH), "kind": ("body", "plateNumber", "status", *_BOTH)}


def wanted(method: str, first: str, want: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be sent of what is wanted; TypeError or ValueError where a part cannot be compared, by its name."""
    __tracebackhide__ = True
    if not isinstance(want[first], str) or not want[first]:
        raise TypeError(either(f"{method}: {first} is missing: say which", f"{method}：缺少 {first}：请指明"))
    asked = {name: value for name, value in want.items() if value is not None or name not in _KNOWN[first]}
    for name, value in asked.items():
        _check(method, name, value)
    count = asked.get("count")
    return {**asked, "count": {"min": count, "max": count}} if isinstance(count, int) else asked


def _check(method: str, path: str, value: Any) -> None:
    __tracebackhide__ = True
    if isinstance(value, Mapping):
        for name, item in value.items():
            _check(method, f"{path}.{name}", item)
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            _check(method, f"{path}[{i}]", item)
    elif isinstance(value, (float, Decimal)) and not (value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)):
        raise ValueError(either(f"{method}: {path} is {value}, which is no number to compare with", f"{method}：{path} 为 {value}，不是可以比较的数"))
    elif callable(value):
        raise TypeError(either(f"{method}: {path} is a function or a class, which cannot be compared", f"{method}：{path} 为函数或类，无法比较"))


def plain(value: Any) -> str:
    """What JSON does not know as a text: a Decimal without an exponent, as the platform writes amounts."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def nearest(near: Mapping[str, Any]) -> str:
    """What came nearest, and where it differs."""
    if in_chinese():
        return f"最接近的 {near['id']}：" + "；".join(map(_in_words, near["differs"]))
    return f"nearest {near['id']}: {'; '.join(near['differs'])}"


_DIFFERS = re.compile(r"(.*?): want (.*), got (.*?)( \(a string\)| \(a number\)| \(no string\))?", re.DOTALL)
_NOTES = {" (a string)": "（字符串）", " (a number)": "（数字）", " (no string)": "（不是字符串）"}


def _in_words(text: str) -> str:
    """A difference in Chinese, as the commands say it."""
    found = _DIFFERS.fullmatch(text)
    if not found:
        return text
    where, want, got, note = found.groups()
    return (f"{where}：应为{'对象' if want == 'an object' else ' ' + want}，"
            f"实际为{'无' if got == 'nothing' else ' ' + got}{_NOTES.get(note, '')}")
