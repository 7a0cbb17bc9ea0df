"""The two signatures: of requests (§6) and of pushes (§10)."""

from __future__ import annotations

import hashlib


def _md5(*parts: bytes) -> str:
    digest = hashlib.md5(usedforsecurity=False)  # the platform's choice
    for part in parts:
        digest.update(part)
    return digest.hexdigest().upper()


def sign_request(data: str, key: str, stamp: str, whitespace: str = "exact") -> str:
    """UPPER(HEX(MD5(data + key + stamp))) over the text of ``data`` before it is URL-encoded. ``whitespace="strip"`` leaves
    out space, tab, CR and LF, for a platform with that rule."""
    text = data + key + stamp
    if whitespace == "strip":
        text = text.translate({32: None, 9: None, 13: None, 10: None})
    elif whitespace not in ("exact", "either"):
        raise ValueError(f"whitespace is exact, strip or either, not {whitespace!r}")
    return _md5(text.encode())


def sign_push(merchant_no: str, data: bytes, key: str) -> str:
    """UPPER(HEX(MD5(merchant_no + data + key))), where ``data`` is the body without ``signment``."""
    return _md5(merchant_no.encode(), data, key.encode())
