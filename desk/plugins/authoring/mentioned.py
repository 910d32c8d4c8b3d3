"""Which settings a text asks for: `{settings.token}` in an answer becomes a setting of the new file."""

from __future__ import annotations

import re

_SETTING = re.compile(r"\{\s*settings\.([a-z][a-z0-9_]*)\s*\}")
_SECRET = re.compile("pass|secret|token|key|pwd")


def mentioned(text: str) -> tuple[str, ...]:
    """The settings named in `text`, each once."""
    return tuple(dict.fromkeys(_SETTING.findall(text)))


def is_secret(name: str) -> bool:
    """Whether a setting of this name is one that nobody should see."""
    return bool(_SECRET.search(name))
