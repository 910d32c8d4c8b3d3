"""Written notices: who gets one, printed in walking order; delivery rounds; the forms that go with an outage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from desk.access import Access
from desk.access.needs import needs
from desk.errors import Refused
from desk.i18n import _, in_language
from desk.notices import Notices
from desk.notices.order import missing
from desk.notices.sheets import channels_now
from desk.paper.contents import Contents, fingerprint
from desk.paper.kept import PrintedBook, PrintedNotice
from desk.paper.press import PIXELS, Press
from desk.paper.printing import Cancel, Cancelled, Job, Progress, files, moved, set_files, workshop
from desk.paper.walking import Round, Stop, in_walking_order, rounds, stop
from desk.paper.words import TITLES, form_of
from desk.place import Place
from desk.privacy.approvals import Approvals
from desk.privacy.watermark import printed_by, words
from desk.records import OPEN_DUTIES, Duty, DutyState, Outage

CHANNEL = "written_notice"
BY_HAND = ("theft_notice", "approval_form")  # forms that are of use blank
AHEAD = 5000  # open notices of all outages that one call for rounds looks at
NEVER = frozenset({DutyState.EXEMPT, DutyState.WITHDRAWN})


class Notice(Struct, frozen=True, kw_only=True):
    """One written notice of an outage: where it goes, on which form, whether it was printed, whether it is a draft."""

    stop: Stop
    form: str
    title: str
    printed: PrintedNotice | None = None
    draft: bool = False

    @property
    def duty(self) -> Duty:
        return self.stop.duty

    @property
    def is_to_print(self) -> bool:
        """Whether there is no print yet that may be delivered: none, or one made before it was approved."""
        return self.printed is None or (self.printed.draft and not self.draft)


class PrintRun(Struct, frozen=True, kw_only=True):
    """What a print came to. `cancelled`: nothing was written. Drafts are not approved yet and not to be delivered."""

    files: tuple[Path, ...] = ()
    papers: int = 0
    drafts: int = 0
    warnings: tuple[str, ...] = ()
    cancelled: bool = False


class Written:
    """The written notices of one place."""

    def __init__(self, place: Place, notices: Notices, contents: Contents, press: Press, book: PrintedBook) -> None:
        self._place = place
        self._notices = notices
        self._contents = contents
        self._press = press
        self._book = book
        self._access = Access(place)

    @needs("look_up")
    def notices(self, outage_id: str, state: str = "open") -> list[Notice]:
        """The written notices of an outage in walking order. `state`: open (not settled yet) or all."""
        outage = self._contents.outage(outage_id)
        return self._listed(outage, (duty for duty in self._notices.of(outage.id) if _is_written(duty, state)))

    def print_notices(
        self,
        outage_id: str,
        folder: Path,
        *,
        split: str = "branch",
        only: Iterable[str] = (),
        progress: Progress = lambda _done, _total: None,
        cancelled: Cancelled = lambda: False,
    ) -> PrintRun:
        """Print the open written notices of an outage (or `only` these duties) as PDF files in `folder`.

        `split`: a file for each branch, for each notice (`each`), or for all (`one`); no file has more than 100
        papers. Who printed what is stored and in the audit. Raises Refused where there is nothing to print.
        """
        self._access.require("settle_duty")
        outage = self._contents.outage(outage_id)
        wanted = self._wanted(outage, tuple(only))
        jobs = self._jobs(outage, wanted)
        taken = printed_by(self._place, Approvals(self._place).taken("notices", outage.id))
        # What is stored is the fingerprint of what the recipient is told, whoever prints it.
        marked = [replace(job, content={**job.content, "mark": taken}) for job in jobs]
        made = files(marked, split, {form: self._title(form) for form in TITLES}, outage.reference or outage.id)
        try:
            with workshop(folder) as inside:
                warnings = tuple(dict.fromkeys(set_files(self._press, made, inside, len(jobs), progress, cancelled)))
                with self._place.store.transaction():
                    self._remember(outage, jobs, wanted)
                    placed = moved(inside, folder)  # last: if it fails, what was written down is taken back
        except Cancel:
            return PrintRun(cancelled=True)
        drafts = sum(one.draft for one in wanted)
        return PrintRun(files=tuple(placed), papers=len(jobs), drafts=drafts, warnings=warnings)

    @needs("look_up")
    def notice_pdf(self, duty_id: str) -> bytes:
        """One notice as PDF, to look at: it does not count as printed."""
        duty = self._notices.get(duty_id)
        return self._press.pdf(form_of(duty), [self._content(duty)]).pages[0]

    @needs("look_up")
    def notice_png(self, duty_id: str, ppi: float = PIXELS) -> tuple[bytes, ...]:
        """The same as a picture of each page."""
        duty = self._notices.get(duty_id)
        return self._press.pictures(form_of(duty), [self._content(duty)], ppi).pages

    def blank(self, form: str) -> bytes:
        """A form to be filled in by hand, as the inspector's theft notice is on site."""
        return self._press.pdf(_by_hand(form), [self._contents.blank()]).pages[0]

    def blank_png(self, form: str, ppi: float = PIXELS) -> tuple[bytes, ...]:
        """The same as a picture of each page."""
        return self._press.pictures(_by_hand(form), [self._contents.blank()], ppi).pages

    @needs("look_up")
    def approval_form(self, outage_id: str) -> bytes:
        """The approvals of an outage on paper: those given filled in, the others to be signed."""
        outage = self._contents.outage(outage_id)
        content = self._contents.approval(outage, self._notices.approvals(outage.id))
        return self._press.pdf("approval_form", [content]).pages[0]

    @needs("look_up")
    def rounds(self, outage_id: str = "", branch: str = "") -> list[Round]:
        """The deliveries by service branch in walking order; `branch` is its name or a part of it.

        Of one outage with what came of each; without one, all that is still to be delivered.
        """
        if outage_id:
            duties: Iterable[Duty] = self._notices.of(self._contents.outage(outage_id).id)
            shown = [duty for duty in duties if _is_written(duty, "all")]
        else:
            open_ones = self._notices.all(channel=CHANNEL, state="open")
            shown = list(islice((duty for duty in open_ones if _is_written(duty, "open")), AHEAD))
        return [one for one in rounds(map(self._stop, shown)) if branch in one.branch]

    def rounds_pdf(self, of: Sequence[Round]) -> bytes:
        """The rounds as lists to carry and mark off, each on a page of its own."""
        if not of:
            raise Refused(_("nothing is to be delivered"))
        self._access.require("settle_duty")
        self._access.note("paper.rounds", "", {"branches": len(of), "notices": sum(len(one.stops) for one in of)})
        taken = words(self._place, Approvals(self._place).taken("rounds", ", ".join(one.branch for one in of)))
        pages = [self._round(one) for one in of]
        return self._press.pdf("delivery_round", [{**one, "foot": f"{one['foot']} {taken}"} for one in pages]).pages[0]

    def rounds_png(self, of: Sequence[Round], ppi: float = PIXELS) -> tuple[bytes, ...]:
        """The same as a picture of each page."""
        return self._press.pictures("delivery_round", [self._round(one) for one in of], ppi).pages

    # Inside

    def _title(self, form: str) -> str:
        return in_language(TITLES.get(form, {"": form}), self._place.config.messages.language)

    def _content(self, duty: Duty) -> dict[str, object]:
        return self._contents.notice(duty, self._contents.outage(duty.outage), self._notices.approvals(duty.outage))

    def _stop(self, duty: Duty) -> Stop:
        customer = None
        if duty.recipient.kind == "customer":
            accounts = list(duty.sites) or [duty.recipient.id]
            known = self._place.customers.where(account_no=accounts)
            customer = next(iter(in_walking_order(known, self._place.grid)), None)
        name = customer.name if customer and not duty.sites else self._contents.recipient_name(duty)
        return stop(duty, customer, name, self._place.grid)

    def _listed(self, outage: Outage, duties: Iterable[Duty]) -> list[Notice]:
        printed = self._book.of(outage.id)
        approvals = self._notices.approvals(outage.id)
        now = self._place.now()
        return [
            Notice(
                stop=one,
                form=form_of(one.duty),
                title=self._title(form_of(one.duty)),
                printed=printed.get(one.duty.id),
                draft=bool(missing(one.duty.waits_for, approvals, now)),
            )
            for group in rounds(map(self._stop, duties))
            for one in group.stops
        ]

    def _wanted(self, outage: Outage, only: Sequence[str]) -> list[Notice]:
        """The notices to print; who is named is printed for whenever paper is one of the ways to tell them."""
        asked = [duty for id in only if CHANNEL in (duty := self._notices.get(id)).channels]
        here = {duty.id: duty for duty in asked if duty.outage == outage.id}
        wanted = self._listed(outage, here.values()) if only else self.notices(outage.id)
        if not wanted:
            raise Refused(_("{id} has no written notice to print").format(id=outage.id))
        return wanted

    def _jobs(self, outage: Outage, wanted: Sequence[Notice]) -> list[Job]:
        approvals = self._notices.approvals(outage.id)
        return [
            Job(
                duty=one.duty.id,
                form=one.form,
                branch=one.stop.branch,
                name=one.stop.name,
                content=self._contents.notice(one.duty, outage, approvals),
            )
            for one in wanted
        ]

    def _remember(self, outage: Outage, jobs: Sequence[Job], wanted: Sequence[Notice]) -> None:
        at, by = self._place.now(), self._place.agent
        sources = {form: self._press.source(form) for form in {job.form for job in jobs}}
        self._book.add(
            PrintedNotice(
                duty=job.duty,
                outage=outage.id,
                form=job.form,
                hash=fingerprint(sources[job.form], job.content),
                at=at,
                by=by,
                draft=one.draft,
            )
            for job, one in zip(jobs, wanted, strict=True)
        )
        self._access.note("paper.print", outage.id, {"papers": len(jobs)})

    def _round(self, of: Round) -> dict[str, object]:
        return self._contents.round(of, self._title(""))


def _by_hand(form: str) -> str:
    if form not in BY_HAND:
        raise Refused(_("{form} is made from an outage; theft_notice is filled in by hand").format(form=form))
    return form


def _is_written(duty: Duty, state: str) -> bool:
    """Whether a duty is done on paper: its first way now is the written notice, or it was done that way."""
    if duty.state in NEVER:
        return False
    if duty.state in OPEN_DUTIES:
        return channels_now(duty)[:1] == (CHANNEL,)
    return state == "all" and (
        duty.channels[:1] == (CHANNEL,) or any(line.channel == CHANNEL for line in duty.evidence)
    )
