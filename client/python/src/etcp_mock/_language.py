"""The language that the environment asks for, as the commands read it: ETCP_MOCK_LANG, then the locale."""

from __future__ import annotations

import os


def either(english: str, chinese: str) -> str:
    """The text in the language that the environment asks for."""
    return chinese if in_chinese() else english


def in_chinese() -> bool:
    if os.environ.get("ETCP_MOCK_LANG") in ("zh", "en"):
        return os.environ["ETCP_MOCK_LANG"] == "zh"
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name].lower().startswith("zh")
    return False
