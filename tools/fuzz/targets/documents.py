"""JSON of outages and calls, templates that somebody edited, and any text on its way to the screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from desk.calls.requests import read_call
from desk.errors import BadInput
from desk.outages import read_request
from desk.text import cell_width, clean, cut, fit, fit_right
from tools.fuzz.targets.county import counties
from tools.fuzz.targets.target import Door, Target


@contextmanager
def outages(folder: Path) -> Iterator[Door]:
    with counties(folder) as here:

        def door(data: bytes) -> None:
            desk = here()
            desk.outages.preview(read_request(_json(data), desk.place.clock.zone))

        yield door


@contextmanager
def calls(folder: Path) -> Iterator[Door]:
    with counties(folder) as here:

        def door(data: bytes) -> None:
            desk = here()
            desk.calls.log(read_call(_json(data), desk.place.clock.zone))

        yield door


@contextmanager
def templates(folder: Path) -> Iterator[Door]:
    """A template that fails is no fault, whatever it fails with: it must end soon, and keep within bounds."""
    from desk.scripts import sandbox

    environment = sandbox(folder, folder)
    known = {"customer": {"name": "张三", "accounts": ["1", "2"]}, "now": "2026", "county": "某县", "sites": range(50)}

    def door(data: bytes) -> None:
        try:
            text = environment.from_string(data.decode("utf-8", "replace")).render(known)
        except Exception:
            return
        assert len(text) <= 1 << 20, "a template said too much"

    yield door


@contextmanager
def shown(_folder: Path) -> Iterator[Door]:
    """What is cleaned has nothing that a terminal obeys, and takes the cells that it says."""

    def door(data: bytes) -> None:
        text = clean(data.decode("utf-8", "surrogateescape"))
        assert not any(char < " " or "\x7f" <= char <= "\x9f" for char in text), "a control character"
        assert not any(char in HIDDEN for char in text), "a hidden character"
        assert clean(text) == text, "not clean yet"
        width = data[0] % 80 if data else 0
        assert cell_width(cut(text, width)) <= width, "wider than it may be"
        assert cell_width(fit(text, width)) == cell_width(fit_right(text, width)) == width, "not that wide"

    yield door


HIDDEN = frozenset(
    "\u061c\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


def _json(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise BadInput("not JSON") from problem


OUTAGES = (
    {
        "type": "planned_maintenance",
        "feeders": ["城东线"],
        "planned_start": "2026-12-09T08:00",
        "planned_end": "2026-12-09T18:00",
        "cause": "检修",
        "area": "城东",
        "received_at": "2026-11-20T08:00",
    },
    {
        "type": "grid_fault",
        "transformer_areas": ["TQ1"],
        "danger_to_life": True,
        "facts": {"cause_code": "force_majeure"},
    },
    {"type": "arrears", "accounts": ["100001"], "facts": {"overdue_days": 45}},
    {
        "type": "supply_shortage",
        "feeders": ["城东线"],
        "phases": [{"start": "2026-12-09T08:00", "end": "2026-12-09T10:00"}],
    },
)
CALLS = (
    {"number": "13800138000", "topic": "trouble", "trouble_code": "whole_house", "hazard": "火花", "note": "没电"},
    {
        "account_no": "100001",
        "topic": "outage_inquiry",
        "multiple_premises": True,
        "callback": True,
        "at": "2026-12-01T08:00",
    },
    {"topic": "complaint", "outcome": "answered", "note": "态度", "number": ""},
)
TEMPLATES = (
    "{% for one in customer.accounts %}{{ one }}{% if not loop.last %}、{% endif %}{% endfor %}{{ county|upper }}",
    "{% set ns = namespace(s='a') %}{% for i in range(9) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}",
    "{% macro m(a) %}{{ a }}{{ caller() }}{% endmacro %}{% call m(1) %}x{% endcall %}{{ '%s' % now }}{{ 2**3*'x' }}",
    "{% set s %}{{ county }}{% endset %}{{ s|replace('a','b') }}{{ [1,2]|join(',')|length }}{{ now.__class__ }}",
    "{% include 'x' %}{% extends 'y' %}{% block b %}{% endblock %}{{ range(9)|map('string')|list }}",
)
TARGETS = {
    "outages": Target(outages, lambda: map(msgspec.json.encode, OUTAGES), (b'"facts"', b'"phases"', b"null", b"1e999")),
    "calls": Target(calls, lambda: map(msgspec.json.encode, CALLS), (b'"note"', b"null", b"[]", b"{}")),
    "templates": Target(
        templates,
        lambda: (text.encode() for text in TEMPLATES),
        (
            b"{{",
            b"}}",
            b"{%",
            b"%}",
            b"|",
            b" ~ ",
            b" * 99999999",
            b" ** 99",
            b"range(",
            b"for a in ",
            b"endfor",
            b"loop(",
            b"recursive",
        ),
    ),
    "shown": Target(shown, lambda: [b"\x1b[31m", "张三\u200b".encode(), b"e\xcc\x81" * 9, b"plain"]),
}
