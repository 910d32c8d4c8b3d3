"""Channels that make the wrong thing of what a gateway says later."""

# ruff: noqa: ARG002 - a channel names the arguments of the contract

from __future__ import annotations

from kit_radio import WORDS, Radio

from desk.plugins import Channel, Report


class Credulous(Radio):
    def receipt(self, payload):
        return [Report(external_id=str(payload.get("id")), state=WORDS["OK"])]


class Fragile(Radio):
    def receipt(self, payload):
        return [Report(external_id=payload["id"], state=WORDS[payload["word"]])] if "id" in payload else ()


class Talkative(Radio):
    def reply(self, payload):
        return payload


class Wrong(Radio):
    def receipt(self, payload):
        found = super().receipt(payload)
        return [Report(external_id=report.external_id, state=WORDS["OK"]) for report in found]


class Deaf(Radio):
    def receipt(self, payload):
        return ()


class Queueing(Radio):
    def receipt(self, payload):
        found = super().receipt(payload)
        return [Report(external_id=report.external_id, state="queued") for report in found]  # type: ignore[arg-type]


class Remembering(Radio):
    """The first word it hears is the last it believes."""

    def receipt(self, payload):
        self.first = getattr(self, "first", None) or super().receipt(payload)
        return self.first


class Lazy(Radio):
    def poll(self, ids, timeout):
        return ()


class Sanguine(Radio):
    def poll(self, ids, timeout):
        return [Report(external_id=id, state=WORDS["OK"]) for id in ids]


class Forgetting(Radio):
    """The gateway is told that the report is stored before it is."""

    def poll(self, ids, timeout):
        found = super().poll(ids, timeout)
        self.stored(found)
        return found

    def stored(self, reports):
        for report in reports:
            self.centre.news[report.external_id] = []


class Agreeing(Radio):
    def cancel(self, id, timeout):
        return True


# rule, channel, what the kit says
BAD: tuple[tuple[str, type[Channel], str], ...] = (
    ("junk_receipt", Credulous, "made a report of it"),
    ("junk_receipt", Fragile, "KeyError"),
    ("junk_receipt", Talkative, "made an answer of it"),
    ("words", Wrong, "is sent; receipt() says"),
    ("words", Deaf, "receipt() says ()"),
    ("words", Queueing, "which no gateway can"),
    ("any_order", Remembering, "the order of the receipts decides the end"),
    ("poll", Lazy, "poll() says -"),
    ("poll", Sanguine, "nobody knows"),
    ("stored", Forgetting, "poll() says -"),
    ("cancel", Agreeing, "not False"),
)
