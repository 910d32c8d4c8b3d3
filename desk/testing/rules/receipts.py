"""Rules for what comes later: receipts by call and by poll, early, late, twice, in any order, and junk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import permutations
from time import monotonic, sleep
from typing import Any

from desk.i18n import N_, _
from desk.plugins import AttemptState, Capabilities, Channel, Report
from desk.records.messages import merged
from desk.testing.bench import Bench
from desk.testing.findings import Broken, Rule, Skip
from desk.testing.trying import asked, opened, reports, short, taken

NOBODY = "no-such-id-4711"
ARRIVED = (AttemptState.DELIVERED, AttemptState.READ)
JUNK: tuple[Mapping[str, Any], ...] = (
    {},
    {"": ""},
    {"hello": "world"},
    {"x": None, "y": [], "z": {"a": [1, {"b": None}]}},
    {"number": -1, "true": True, "float": 1e300},
    {"text": "电" * 10_000, "\x00": "\x1b[2J\x00"},
)
VALUES: tuple[Any, ...] = (None, "", "nonsense 未知", -1, True, [], {}, ["x"], {"a": 1}, "\x00")


def maps_words(bench: Bench) -> None:
    """Each word of the gateway is the state it means, for the message it names."""
    with opened(bench) as channel:
        id = taken(bench, channel, bench.message()).external_id
        for payload, state in _payloads(bench, id):
            found = _received(channel, payload)
            if [(report.external_id, report.state) for report in found] != [(id, state)]:
                text = _("{payload} means that {id} is {state}; receipt() says {got}")
                raise Broken(text.format(payload=short(payload), id=id, state=state, got=short(found)))


def leaves_junk(bench: Bench) -> None:
    """A payload that says nothing reports nothing, and crashes nothing."""
    with opened(bench) as channel:
        for payload in JUNK:
            if _received(channel, payload):
                raise Broken(
                    _("{payload} says nothing, and receipt() made a report of it").format(payload=short(payload))
                )
            reply = asked(channel, "reply()", lambda: channel.reply(payload), bench.patience)  # noqa: B023
            if reply is not None:
                raise Broken(
                    _("{payload} says nothing, and reply() made an answer of it").format(payload=short(payload))
                )
        for payload in _spoilt(bench.payloads("g1")):
            _received(channel, payload)


def any_order(bench: Bench) -> None:
    """Receipts in any order, each of them twice, come to one end state."""
    with opened(bench) as channel:
        id = taken(bench, channel, bench.message()).external_id
    payloads = [payload for payload, _state in _payloads(bench, id)][:4]
    ends = {_end(bench, [*order, *order]) for order in permutations(payloads)}
    if len(ends) != 1:
        names = ", ".join(sorted(end or "-" for end in ends))
        raise Broken(_("the order of the receipts decides the end: {ends}").format(ends=names))


def polls(bench: Bench) -> None:
    """`poll` reports what became of a message, and of one that nobody knows never that it arrived."""
    with opened(bench) as channel:
        for ids in ([], [NOBODY]):
            found = _polled(bench, channel, ids)
            if any(report.state in ARRIVED and report.external_id == NOBODY for report in found):
                raise Broken(_("nobody knows {id}, and poll() says it arrived").format(id=NOBODY))
        for number, state in enumerate((AttemptState.DELIVERED, AttemptState.UNDELIVERED, AttemptState.FAILED), 1):
            _settles(bench, channel, state, number)


def holds_until_stored(bench: Bench) -> None:
    """A report that the desk did not store is there again for the next who asks."""
    if not bench.redelivers:
        raise Skip(_("the fake gateway says each thing once"))
    with opened(bench) as channel:
        id = taken(bench, channel, bench.message()).external_id
        if not bench.settle(id, AttemptState.DELIVERED):
            raise Skip(_("the fake gateway cannot report that a message arrived"))
        _awaited(bench, channel, id, AttemptState.DELIVERED)
    with opened(bench) as channel:  # the desk ended before it had stored the report
        _awaited(bench, channel, id, AttemptState.DELIVERED)


def takes_back(bench: Bench) -> None:
    """`cancel` says whether it did; of a message that nobody knows, it did not."""
    with opened(bench) as channel:
        done = asked(channel, "cancel()", lambda: channel.cancel(NOBODY, bench.patience), bench.patience)
        if done is not False:
            raise Broken(
                _("nobody knows {id}, and cancel() answered {got}, not False").format(id=NOBODY, got=short(done))
            )


def _settles(bench: Bench, channel: Channel, state: AttemptState, number: int) -> None:
    receipt = taken(bench, channel, bench.message(number=number))
    if not bench.settle(receipt.external_id, state):
        return
    found = _awaited(bench, channel, receipt.external_id, state)
    asked(channel, "stored()", lambda: channel.stored(found), bench.patience)


def _awaited(bench: Bench, channel: Channel, id: str, state: AttemptState) -> list[Report]:
    """The reports up to the one that says `state` of `id`; Broken when it does not come in time."""
    found: list[Report] = []
    until = monotonic() + bench.patience
    while monotonic() < until:
        found += _polled(bench, channel, [id])
        if any(report.external_id == id and report.state == state for report in found):
            return found
        sleep(0.02)
    said = ", ".join(f"{report.external_id} {report.state}" for report in found) or "-"
    raise Broken(
        _("the gateway says that {id} is {state}; poll() says {got}").format(id=id, state=state, got=short(said))
    )


def _polled(bench: Bench, channel: Channel, ids: Sequence[str]) -> Sequence[Report]:
    return reports(asked(channel, "poll()", lambda: channel.poll(ids, bench.patience), bench.patience), "poll()")


def _received(channel: Channel, payload: Mapping[str, Any]) -> Sequence[Report]:
    return reports(asked(channel, "receipt()", lambda: channel.receipt(payload), 5.0), "receipt()")


def _payloads(bench: Bench, id: str) -> Sequence[tuple[Mapping[str, Any], AttemptState]]:
    found = bench.payloads(id)
    if not found:
        raise Skip(_("the bench names no words of the gateway"))
    return found


def _end(bench: Bench, payloads: Sequence[Mapping[str, Any]]) -> AttemptState | None:
    with opened(bench) as channel:
        states = [report.state for payload in payloads for report in _received(channel, payload)]
    return reduce(merged, states) if states else None


def _spoilt(payloads: Sequence[tuple[Mapping[str, Any], AttemptState]]) -> Iterator[Mapping[str, Any]]:
    """Each payload with one value after the other taken away or made junk."""
    for payload, _state in payloads:
        for key in payload:
            yield {name: value for name, value in payload.items() if name != key}
            yield from ({**payload, key: value} for value in VALUES)


def _called(can: Capabilities) -> str:
    return _("it promises no receipts") if can.receipts == "none" else ""


def _final(can: Capabilities) -> str:
    return "" if can.cancel else _("it takes nothing back")


RULES = (
    Rule(id="junk_receipt", sentence=N_("A receipt that says nothing reports nothing"), keep=leaves_junk),
    Rule(
        id="words",
        sentence=N_("Each word of the gateway is the state it means"),
        keep=maps_words,
        plays=("accept",),
        unless=_called,
    ),
    Rule(
        id="any_order",
        sentence=N_("Receipts in any order, each twice, come to one end"),
        keep=any_order,
        plays=("accept",),
        unless=_called,
    ),
    Rule(
        id="poll",
        sentence=N_("Asking what became of a message gives what the gateway says"),
        keep=polls,
        plays=("accept",),
        unless=_called,
    ),
    Rule(
        id="stored",
        sentence=N_("A report that was not stored comes again"),
        keep=holds_until_stored,
        plays=("accept",),
        unless=_called,
    ),
    Rule(
        id="cancel",
        sentence=N_("Taking back says whether it did"),
        keep=takes_back,
        plays=("accept",),
        unless=_final,
    ),
)
