"""Reads one flat JSON object and keeps what json.loads loses: the order, the text of numbers, and where each member stands."""

from __future__ import annotations

import json
import re
from json.decoder import scanstring
from typing import NamedTuple

_SPACE = re.compile(r"[ \t\n\r]*")
_SCALAR = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")


class Member(NamedTuple):
    name: str
    text: str  # of a string what it means, of anything else its literal
    quoted: bool
    start: int  # of the name's quote
    end: int  # after the value


def members(text: str) -> list[Member]:
    """The members in their order. ValueError: not one flat object of distinct names."""
    found: list[Member] = []
    at = _expect(text, _skip(text, 0), "{")
    if text[at:at + 1] == "}":
        at += 1
    else:
        while True:
            member = _member(text, at)
            if any(member.name == other.name for other in found):
                raise ValueError(f"{member.name!r} twice")
            found.append(member)
            at = _skip(text, member.end)
            if text[at:at + 1] != ",":
                at = _expect(text, at, "}")
                break
            at = _skip(text, at + 1)
    if at != len(text):
        raise ValueError("something behind the object")
    return found


def _member(text: str, start: int) -> Member:
    if text[start:start + 1] != '"':
        raise ValueError(f"no name at character {start}")
    name, at = scanstring(text, start + 1)
    at = _expect(text, _skip(text, at), ":")
    if text[at:at + 1] == '"':
        value, end = scanstring(text, at + 1)
        return Member(_whole(name), _whole(value), True, start, end)
    literal = _SCALAR.match(text, at)
    if not literal:
        raise ValueError(f"{name!r} is no scalar")
    return Member(_whole(name), literal[0], False, start, literal.end())


def _skip(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _expect(text: str, at: int, char: str) -> int:
    if text[at:at + 1] != char:
        raise ValueError(f"no {char} at character {at}")
    return _skip(text, at + 1)


def _whole(text: str) -> str:
    """Half of a surrogate pair, which no UTF-8 holds, becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def without(text: str, given: list[Member], name: str) -> str:
    """The object's own text less one member and its comma."""
    i = [m.name for m in given].index(name)
    if i > 0:
        return text[:text.index(",", given[i - 1].end)] + text[given[i].end:]
    if len(given) > 1:
        return text[:given[0].start] + text[given[1].start:]
    return text[:given[0].start] + text[given[0].end:]


def compact(given: list[Member]) -> str:
    """The members as compact JSON: only quotes, backslashes and control characters escaped."""
    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    return "{" + ",".join(quoted(m.name) + ":" + (quoted(m.text) if m.quoted else m.text) for m in given) + "}"
