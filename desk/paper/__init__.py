"""Paper: notices with a slip to sign, delivery rounds, forms, the announcement page; and what comes back signed.

paper = desk.paper
paper.print_notices("O1", Path("out"))              one PDF for each branch, in walking order
paper.rounds("O1")                                  who is visited, and what came of it
paper.returned("D12", "signed", person="王主任", scan=Path("slip.pdf"))
paper.announcement("O1").text; paper.published("O1", "县电视台", ref="12月4日 19:30")

A page is made by typst with the extra `print`; nothing of it is loaded before the first page.
"""

from __future__ import annotations

from pathlib import Path

from desk.notices import Notices
from desk.paper.announcing import Announcement
from desk.paper.attachments import keep
from desk.paper.contents import Contents
from desk.paper.kept import PrintedBook, PrintedNotice
from desk.paper.media import Media
from desk.paper.press import Press
from desk.paper.returns import Return, Returns
from desk.paper.walking import Round, Stop
from desk.paper.written import Notice, PrintRun, Written
from desk.place import Place
from desk.records import Message

__all__ = ["Announcement", "Notice", "Paper", "PrintRun", "PrintedNotice", "Return", "Round", "Stop"]


class Paper:
    """The papers of one county's desk: one door to what its parts do. Every act is one transaction."""

    def __init__(self, place: Place, notices: Notices) -> None:
        self._place = place
        self._notices = notices
        self._contents = contents = Contents(place, notices)
        self.press = Press(place.config.data / "forms")
        book = PrintedBook(place)

        written = Written(place, notices, contents, self.press, book)
        self.notices = written.notices
        self.print_notices = written.print_notices
        self.notice_pdf = written.notice_pdf
        self.notice_png = written.notice_png
        self.approval_form = written.approval_form
        self.blank = written.blank
        self.blank_png = written.blank_png
        self.rounds = written.rounds
        self.rounds_pdf = written.rounds_pdf
        self.rounds_png = written.rounds_png

        returns = Returns(place, notices, book)
        self.returned = returns.returned
        self.all_returned = returns.all_returned
        self.scans = returns.scans

        media = Media(place, notices, contents, self.press)
        self.announcement = media.announcement
        self.page = media.page
        self.page_png = media.page_png
        self.published = media.published

    def forms(self) -> dict[str, Path]:
        """Every form by name, with the file that is used for it: the county's own, or the one that ships."""
        return self.press.names()

    def fax_page(self, message: Message) -> Path:
        """A message as a PDF that G4 keeps legible, below the data folder: what a fax channel attaches.

        The same message gives the same file, however often and whenever it is asked for.
        """
        duty = self._notices.several([message.duty]).get(message.duty) if message.duty else None
        content = self._contents.letter(message, duty.sites if duty else ())
        data = self._place.config.data
        return data / keep(data, self.press.pdf("fax_letter", [content]).pages[0], ".pdf")
