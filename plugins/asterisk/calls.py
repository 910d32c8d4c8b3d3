"""What became of the calls that were dialled, from Asterisk's events; each told once, until it is stored.

The same call gives many events: they are joined by ActionID and, once Asterisk has named the call, by its Linkedid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import count
from time import monotonic

from desk.plugins import AttemptState, Report, in_language

# Why the agent's own phone was not picked up; source: OriginateResponse, field Reason.
AGENT = {
    "0": ("agent_phone", {"zh_CN": "坐席话机不存在或未注册", "en": "the agent's phone is not registered"}),
    "1": ("agent_hung_up", {"zh_CN": "坐席已挂断", "en": "the agent hung up"}),
    "3": ("agent_no_answer", {"zh_CN": "坐席未拿起话机", "en": "the agent did not pick up"}),
    "5": ("agent_busy", {"zh_CN": "坐席话机占线", "en": "the agent's phone was busy"}),
    "8": ("agent_phone", {"zh_CN": "坐席话机接不通", "en": "the agent's phone cannot be reached"}),
}
# How dialling the customer ended; source: DialEnd, field DialStatus.
ENDED = {
    "BUSY": ("busy", {"zh_CN": "对方占线", "en": "the line was busy"}),
    "NOANSWER": ("no_answer", {"zh_CN": "无人接听", "en": "nobody answered"}),
    "CANCEL": ("hung_up", {"zh_CN": "接通前挂断", "en": "hung up before it was answered"}),
    "CONGESTION": ("congestion", {"zh_CN": "线路拥塞", "en": "the lines were full"}),
    "CHANUNAVAIL": ("no_line", {"zh_CN": "没有可用线路", "en": "there was no line"}),
}
OTHER = ("not_connected", {"zh_CN": "未接通", "en": "it was not connected"})
TALKED = {"zh_CN": "{number} 已接听，通话 {seconds} 秒", "en": "{number} answered, {seconds} seconds"}
ANSWERED = {"zh_CN": "{number} 已接听", "en": "{number} answered"}


class Calls:
    """The calls of one channel that are not over, and what is new about them."""

    def __init__(self) -> None:
        self._numbers: dict[str, str] = {}  # our id → the number dialled
        self._names: dict[str, str] = {}  # Asterisk's Linkedid → our id
        self._answered: dict[str, float] = {}  # our id → when
        self._news: dict[str, Report] = {}  # token → report
        self._tokens = map(str, count(1))

    def began(self, id: str, number: str) -> None:
        self._numbers[id] = number

    def hear(self, event: Mapping[str, str]) -> None:
        """Take in one event; other calls' events are left out."""
        kind = event.get("event")
        if kind == "OriginateResponse":
            self._agent(event)
            return
        id = self._names.get(event.get("linkedid", ""), "")
        if id not in self._numbers:
            return
        if kind == "DialEnd":
            self._customer(id, event.get("dialstatus", ""))
        elif kind == "Hangup" and event.get("uniqueid") == event["linkedid"]:
            self._over(id, event["linkedid"])

    def news(self) -> list[Report]:
        """Everything that was not stored yet, in order."""
        return list(self._news.values())

    def forget(self, tokens: Iterable[str]) -> None:
        for token in tokens:
            self._news.pop(token, None)

    def _agent(self, event: Mapping[str, str]) -> None:
        id = event.get("actionid", "")
        if id not in self._numbers:
            return
        if event.get("response") == "Success" and event.get("uniqueid"):
            self._names[event["uniqueid"]] = id
            return
        self._failed(id, *AGENT.get(event.get("reason", ""), OTHER))
        self._numbers.pop(id)

    def _customer(self, id: str, status: str) -> None:
        if status == "ANSWER":
            self._answered[id] = monotonic()
            self._tell(id, AttemptState.SENT, proof=in_language(ANSWERED).format(number=self._numbers[id]))
        elif id not in self._answered:
            self._failed(id, *ENDED.get(status, OTHER))

    def _over(self, id: str, linked: str) -> None:
        number, answered = self._numbers.pop(id, ""), self._answered.pop(id, None)
        self._names.pop(linked, None)
        if answered is not None:
            seconds = round(monotonic() - answered)
            self._tell(id, AttemptState.SENT, proof=in_language(TALKED).format(number=number, seconds=seconds))

    def _failed(self, id: str, code: str, words: Mapping[str, str]) -> None:
        self._tell(id, AttemptState.FAILED, error=code, words=in_language(words))

    def _tell(self, id: str, state: AttemptState, *, error: str = "", words: str = "", proof: str = "") -> None:
        token = next(self._tokens)
        self._news[token] = Report(
            external_id=id, state=state, at=datetime.now(UTC), error=error, words=words, proof=proof, token=token
        )
