"""The fax page of a message that has no attachment: A4 as PDF, made by typst with its own Chinese font.

35 ms the first time, then 3 ms. Both come with the extra `print`; without it a fax needs an attachment.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from desk.plugins import Message, Unsupported, in_language

if TYPE_CHECKING:
    import typst

FORM = Path(__file__).with_name("page.typ")
_ONE_AT_A_TIME = Lock()  # a compiler has one set of inputs
LABELS = {"zh_CN": ("收件：", "传真："), "en": ("To:", "Fax:")}
NOTICE = {"zh_CN": "通知", "en": "Notice"}
NO_PRINTER = {
    "zh_CN": "没有附件的传真要排成一页，请先安装：pip install 'desk95598[print]'",
    "en": "a fax without an attachment has to be set on a page; install it with: pip install 'desk95598[print]'",
}


def page(message: Message, sender: str) -> bytes:
    """The message as a PDF of A4 pages, whole however long it is."""
    to, fax = LABELS.get(message.language, LABELS["zh_CN"])
    words = {
        "sender": sender,
        "to": to,
        "fax": fax,
        "recipient": message.recipient,
        "address": message.address,
        "subject": message.subject or NOTICE.get(message.language, NOTICE["zh_CN"]),
        "body": message.body,
        "number": message.id,
        "language": message.language[:2],
    }
    with _ONE_AT_A_TIME:
        made = _compiler().compile(FORM.read_bytes(), format="pdf", sys_inputs=words)
    assert isinstance(made, bytes)
    return made


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    try:
        import pylopdf_fonts_zh_cn as fonts
        import typst
    except ImportError:
        raise Unsupported(in_language(NO_PRINTER)) from None
    own = typst.Fonts(include_system_fonts=False, font_paths=[fonts.sans_path().parent])
    return typst.Compiler(font_paths=own)
