"""[request.sign]: an HMAC-SHA256 in base64, as robots want it: `key` and `text` are templates, the result is {sign}.

sign = { key = "{settings.secret}", text = "{timestamp_ms}\\n{settings.secret}" }
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.i18n import _
from desk.plugins.declared.channel import HIDDEN
from desk.plugins.declared.shapes import Known, must
from desk.plugins.declared.templates import Template, Wrong, parse


def read_sign(value: Any, known: Known) -> dict[str, Template]:
    """How the file reads it."""
    if not isinstance(value, dict) or value.keys() != {"key", "text"}:
        raise must('{ key = "…", text = "…" }', value)
    found = {name: parse(str(text), known.settings) for name, text in value.items()}
    if any("sign" in template.names for template in found.values()):
        raise Wrong(_("cannot be made of itself"))
    return found


def signature(told: Mapping[str, Template], blanks: Mapping[str, str], *, hidden: bool) -> str:
    """The signature; empty when the setting it is made with was not given."""
    if any(template.is_left_out(blanks) for template in told.values()):
        return ""
    if hidden:
        return HIDDEN
    from base64 import b64encode
    from hashlib import sha256
    from hmac import digest

    key, text = (told[name].filled(blanks).encode() for name in ("key", "text"))
    return b64encode(digest(key, text, sha256)).decode()
