"""Keep the 简体中文 catalogue beside the source: `update` it after a change of words, `check` it in `make test`.

python tools/catalogue.py update     extract, merge, compile
python tools/catalogue.py check      exit 1 and say what is missing, left over, fuzzy or not compiled
"""

from __future__ import annotations

import ast
import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("desk", "plugins")
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
PO = ROOT / "desk/locale/zh_CN/LC_MESSAGES/desk.po"
MO = PO.with_suffix(".mo")
STILL = datetime(2026, 1, 1, tzinfo=UTC)  # the header's dates: the same words always compile to the same bytes
PLACEHOLDER = re.compile(r"\{[a-z_0-9]*[^{}]*\}")


def main(arguments: list[str]) -> int:
    """Run `update` or `check`; the exit code is 0 when the catalogue is complete."""
    if arguments == ["update"]:
        update()
        return 0
    if arguments == ["check"]:
        problems = check()
        print("\n".join(problems) if problems else "catalogue: complete")
        return 1 if problems else 0
    print(__doc__)
    return 2


def update() -> None:
    """Merge the words of the source into the .po and compile it."""
    catalogue = read_catalogue()
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po_bytes(catalogue))
    MO.write_bytes(mo_bytes(catalogue))


def check() -> list[str]:
    """One sentence for each thing that keeps the catalogue from being complete."""
    catalogue, source = read_catalogue(), extracted()
    problems = [
        f"not in the catalogue: {message.id!r}" for message in source if message.id and message.id not in catalogue
    ]
    problems += hidden()
    problems += [
        f"no longer in the source: {message.id!r}" for message in catalogue if message.id and message.id not in source
    ]
    for message in catalogue:
        if message.id:
            problems += problems_of(message)
    if not MO.exists() or MO.read_bytes() != mo_bytes(catalogue):
        problems.append("desk.mo is older than desk.po; run `make catalogue`")
    return problems


def hidden() -> list[str]:
    """Marked literals inside f-strings, which Babel does not see on Python 3.11."""
    found = []
    for path in (file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))):
        for text in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.JoinedStr)):
            calls = [node for node in ast.walk(text) if isinstance(node, ast.Call) and is_mark(node)]
            found += [f"hidden in an f-string: {path.relative_to(ROOT)} line {call.lineno}" for call in calls]
    return found


def is_mark(call: ast.Call) -> bool:
    """Whether a call marks a literal for translation."""
    return isinstance(call.func, ast.Name) and call.func.id in KEYWORDS and isinstance(call.args[0], ast.Constant)


def problems_of(message: Message) -> list[str]:
    """What is wrong with one entry: no translation, a guess, or other placeholders than the source."""
    words = message.string if isinstance(message.string, tuple) else (message.string,)
    if not all(words):
        return [f"not translated: {message.id!r}"]
    if message.fuzzy:
        return [f"fuzzy: {message.id!r}"]
    source = message.id[-1] if isinstance(message.id, tuple) else message.id
    wanted = set(PLACEHOLDER.findall(source))
    return [f"other placeholders: {source!r} -> {text!r}" for text in words if set(PLACEHOLDER.findall(text)) != wanted]


def extracted() -> Catalog:
    """All marked strings of the source, with the files they stand in (no line numbers: they churn)."""
    catalogue = Catalog(charset="utf-8")
    for room in ROOMS:
        found = extract_from_dir(ROOT / room, [("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",))
        for name, _, message, comments, _ in sorted(found, key=lambda row: (row[0], row[1])):
            catalogue.add(message, locations=[(f"{room}/{name}", None)], auto_comments=comments)
    return catalogue


def read_catalogue() -> Catalog:
    """The catalogue as it stands, empty when there is none."""
    if not PO.exists():
        return Catalog(locale="zh_CN", charset="utf-8", fuzzy=False, project="desk")
    return read_po(io.BytesIO(PO.read_bytes()), locale="zh_CN")


def po_bytes(catalogue: Catalog) -> bytes:
    """The .po text, sorted, without dates or line numbers, so that a diff shows only words."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, sort_output=True, omit_header=False, include_lineno=False, ignore_obsolete=True)
    return re.sub(
        rb'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team)[^\n]*\n',
        b"",
        out.getvalue(),
        flags=re.M,
    )


def mo_bytes(catalogue: Catalog) -> bytes:
    """The compiled catalogue."""
    out, plain = io.BytesIO(), read_po(io.BytesIO(po_bytes(catalogue)), locale="zh_CN")
    plain.creation_date = plain.revision_date = STILL
    write_mo(out, plain)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
