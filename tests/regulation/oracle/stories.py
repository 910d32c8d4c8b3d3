"""What may happen to one outage after it was entered, typed as commands, and a look at its duties after each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from oracle.compare import Row
from oracle.faces import Answer, CommandLine
from oracle.laws import is_open
from oracle.made_up import MINUTE, County, MadeUp, a_county, a_scope, an_outage

# channel -> what usually comes of it, and what sometimes does.
RESULTS = {
    "phone": ("reached", "reached", "no_answer", "refused"),
    "sms": ("delivered", "failed"),
    "fax": ("delivered", "busy"),
    "written_notice": ("signed", "signed", "signed_refused_with_witness", "absent"),
    "face_to_face": ("told", "absent"),
    "media_announcement": ("published",),
}
OTHERWISE = ("done", "done", "unreachable")


@dataclass(frozen=True)
class Look:
    """The outage and its duties at one moment."""

    outage: Mapping[str, Any]
    rows: list[Row]


class Story:
    """One outage in a county of its own. Every act moves the clock on and returns what the command answered."""

    def __init__(self, folder: Path, seed: int, kind: str) -> None:
        self.chance = Random(f"story {seed} {kind}")
        self.county: County = a_county(self.chance)
        self.desk = CommandLine(folder)
        self.desk.settle_in(self.county)
        self.made: MadeUp = an_outage(self.chance, self.county, kind)
        self.now = self.made.now
        self.id = str(self._type("outage", "open", self.desk.file(self.made.request)).json["id"])

    def look(self) -> Look:
        """The outage and its duties as they are kept; what the clock alone makes overdue is left out."""
        outage = self._type("outage", "show", self.id).json
        rows = self._type("duties", self.id).json
        return Look(_without(outage, "duties"), [_without(row, "overdue") for row in rows])

    def act(self, name: str, number: int) -> Answer:
        """One thing that happens, by its name; `number` decides the rest."""
        self.now += timedelta(minutes=number % 97)
        self.chance = Random(f"{name} {number}")
        answer: Answer = getattr(self, name)()
        return answer

    def move_times(self) -> Answer:
        outage = self.look().outage
        words = []
        for option, at in (("--start", outage["planned_start"]), ("--end", outage["planned_end"])):
            if at and self.chance.random() < 0.7:
                moved = datetime.fromisoformat(at) + self.chance.randint(-300, 600) * MINUTE
                words += [option, moved.isoformat()]
        return self._type("outage", "change", self.id, *words, "--reason", "施工调整", "--reported-by", "检修班李工")

    def move_scope(self) -> Answer:
        scope = self.desk.file(a_scope(self.chance, self.county), "scope.json")
        return self._type("outage", "change", self.id, "--scope", scope, "--reason", "施工范围调整")

    def settle_some(self) -> Answer:
        rows = [row for row in self.look().rows if is_open(row)]
        answer = Answer(0, "", "")
        for row in self.chance.sample(rows, min(len(rows), self.chance.randint(1, 6))):
            channel = row["channels"][0]
            result = self.chance.choice(RESULTS.get(channel, OTHERWISE))
            words = ("--result", result, "--channel", channel, "--person", "值班员王工", "--note", "见登记簿")
            answer = self._type("duty", "settle", row["id"], *words)
        return answer

    def customers_move(self) -> Answer:
        """The billing office sends its list again: some are new, some have other flags."""
        rows = [dict(row) for row in self.county.customers]
        for row in self.chance.sample(rows, min(3, len(rows))):
            row["important"] = self.chance.choice(("是", "否"))
        new = {**rows[0], "account_no": f"20{len(rows):04d}", "name": "新装客户", "special": "是"}
        self.county = replace(self.county, customers=(*rows, new))
        self.desk.take_in(self.county.customers, "customers", now=self.now)
        return Answer(0, "", "")

    def approve(self) -> Answer:
        answer = Answer(0, "", "")
        for step in self.look().outage["approvals"]:
            if not step["at"]:
                words = ("--step", step["step"], "--by", "刘主任", "--mode", "phone")
                answer = self._type("outage", "approve", self.id, *words)
        return answer

    def start(self) -> Answer:
        return self._type("outage", "start", self.id)

    def restore(self) -> Answer:
        return self._type("outage", "restore", self.id)

    def cancel(self) -> Answer:
        return self._type("outage", "cancel", self.id)

    def _type(self, *words: str) -> Answer:
        return self.desk.type(*words, "--json", "--why", now=self.now)


def _without(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != name}
