"""What came of a paper, written down with its scan: a notice that was delivered, an announcement that appeared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from desk.errors import BadInput
from desk.i18n import _
from desk.notices.results import ALL
from desk.tui.screens.settle import SettleScreen

if TYPE_CHECKING:
    from desk.notices import Work
    from desk.records import Duty


class ReturnScreen(SettleScreen):
    """A delivery: signed, refused before a witness, left with somebody, nobody there; who, when, and the scan."""

    NAMES: ClassVar[tuple[str, ...]] = ("result", "person", "scan", "at", "ref", "note", "channel", "reason")
    WAY: ClassVar[str] = "written_notice"

    def title_words(self) -> str:
        return _("What came back of {id}").format(id=self.duty_id)

    def body(self) -> Iterable[Widget]:
        self.fields.show("channel", False)
        yield from super().body()

    def label_words(self) -> Mapping[str, str]:
        return {**super().label_words(), "person": _("Who signed"), "scan": _("Scan (file)")}

    def ways(self, work: Work) -> Sequence[str]:  # noqa: ARG002
        return (self.WAY,)

    def written_down(self, said: Mapping[str, str]) -> Duty:
        return self.app.desk.paper.returned(
            self.duty_id,
            said["result"],
            person=said["person"],
            at=self.moment(said),
            ref=said["ref"],
            note=said["note"],
            reason=said["reason"],
            scan=scan_file(said),
        )


class PublishedScreen(ReturnScreen):
    """An announcement: in which medium it appeared, when, under which issue, broadcast or address."""

    NAMES: ClassVar[tuple[str, ...]] = ("person", "ref", "at", "scan", "note", "result", "channel", "reason")
    WAY: ClassVar[str] = "media_announcement"

    def title_words(self) -> str:
        return _("Where {id} appeared").format(id=self.duty_id)

    def body(self) -> Iterable[Widget]:
        self.fields.show("result", False)
        yield from super().body()

    def opened(self) -> None:
        super().opened()
        self.set_focus(self.fields.field("person"))

    def label_words(self) -> Mapping[str, str]:
        return {**super().label_words(), "person": _("Medium"), "ref": _("Issue / address")}

    def fitting(self, work: Work) -> Sequence[tuple[str, str]]:  # noqa: ARG002
        return [("published", _(ALL["published"].words))]

    def written_down(self, said: Mapping[str, str]) -> Duty:
        if not said["person"]:
            raise BadInput(_("Name the medium: television, newspaper, page on the net"))
        return self.app.desk.paper.published(
            self.duty_id,
            said["person"],
            at=self.moment(said),
            ref=said["ref"],
            note=said["note"],
            reason=said["reason"],
            scan=scan_file(said),
        )


def scan_file(said: Mapping[str, str]) -> Path | None:
    """The file that was typed or dropped onto the terminal, which puts quotes around it."""
    typed = said["scan"].strip().strip("'\"")
    return Path(typed).expanduser() if typed else None
