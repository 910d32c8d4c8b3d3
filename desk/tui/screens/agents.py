"""The agents: who may sign in, in which role; listed, disabled, given a password for one sign-in."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import datetime
from functools import partial

from desk import schema
from desk.access.agents import AgentRow
from desk.access.passwords import made_up
from desk.access.rights import RIGHTS, ROLE_WORDS, ROLES
from desk.access.words import state_words
from desk.i18n import N_, _, language
from desk.tui.cells import Line, Piece, field, heading, line, wrap
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.screens.listed import ListScreen
from desk.tui.widgets.lines import Lines

AGENTS: tuple[Column, ...] = (
    Column("name", N_("Agent"), 18),
    Column("role", N_("Role"), 14),
    Column("state", N_("State"), 22),
    Column("sessions", N_("Signed in"), 10),
    Column("since", N_("Since"), 12),
    Column("by", N_("Listed by"), 0),
)
NARROWER: tuple[tuple[int, str, int], ...] = ((100, "since", 0), (100, "name", 14))


class AgentLines(Lines[AgentRow]):
    """One line for each agent."""

    def row_id(self, row: AgentRow) -> str:
        return row.name

    def row_key(self, row: AgentRow) -> Hashable:
        return (row, language())

    def row_line(self, row: AgentRow, width: int) -> Line:
        well = row.state == "active" and row.locked_until is None
        texts = (
            (row.name, "strong" if well else "dim"),
            (_(ROLE_WORDS[row.role]), "text"),
            (state_words(row), "text" if well else "warn"),
            (str(row.sessions or ""), "text"),
            (f"{row.since:%Y-%m-%d}", "dim"),
            (row.by, "dim"),
        )
        return cells(AGENTS, widths(AGENTS, width, NARROWER), texts)

    def head(self) -> list[Line]:
        return [titles(AGENTS, widths(AGENTS, self.outer_size.width, NARROWER))]

    def empty(self) -> str:
        return _("No agent is listed: whoever is logged in to this machine works here. `n` lists the first.")


class AgentsScreen(ListScreen[AgentRow]):
    """`n` lists one, `p` gives a password for one sign-in, `r` another role, `x` disables or lets in again."""

    PLACE = "agents"
    TABLES = (schema.AGENTS, schema.SESSIONS)

    def __init__(self) -> None:
        super().__init__(AgentLines())
        self._given = ("", "")  # whose password was made up last, and which: shown until the screen is left

    def title_words(self) -> str:
        return _("Agents")

    def found(self) -> Sequence[AgentRow]:
        return self.app.desk.agents.listed()

    def sums(self) -> Sequence[Piece]:
        if not self._given[0]:
            return ()
        words = _("{agent} signs in once with {password} and then chooses another").format(
            agent=self._given[0], password=self._given[1]
        )
        return [Piece(f" {words}", "accent")]

    def context_of(self, row: AgentRow | None) -> dict[str, object]:
        return {"part": row.name if row else "", "stage": row.state if row else ""}

    def about(self, row: AgentRow, now: datetime, width: int) -> list[Line]:  # noqa: ARG002
        rights = [_(RIGHTS[right]) for right in RIGHTS if right in ROLES[row.role]]
        lines = [
            line(Piece(f"{row.name} ", "title"), Piece(_(ROLE_WORDS[row.role]), "strong"), copy=row.name),
            *field(_("State"), state_words(row), width),
            heading(_("May")),
        ]
        return [*lines, *(line(Piece(part, "dim")) for part in wrap(_(", ").join(rights), width))]

    def copied(self) -> str:
        return self.list.current.name if self.list.current else ""

    # commands

    def agents_add(self) -> None:
        """List an agent: the name, then the role; the desk makes up the first password."""
        self.question(_("Who is to sign in here?"), self._ask_role, label=_("Agent"))

    def _ask_role(self, name: str) -> None:
        self.question(_("{agent}: in which role?").format(agent=name), partial(self._add, name), choices=self._roles())

    def _roles(self) -> list[tuple[str, str]]:
        return [(role, _(ROLE_WORDS[role])) for role in self.app.desk.agents.roles()]

    def _add(self, name: str, role: str) -> None:
        password = made_up()
        verb = partial(self.app.desk.agents.add, name, role, password, must_change=True)
        self.act(partial(self._with, password, verb), _said)

    def agents_password(self) -> None:
        """A password for one sign-in; it also unlocks."""
        if (row := self.list.current) is not None:
            password = made_up()
            verb = partial(self.app.desk.agents.set_password, row.name, password, must_change=True)
            words = _("{agent}: a new password? The sign-ins under the old one end").format(agent=row.name)
            self.question(words, lambda _yes: self.act(partial(self._with, password, verb), _said))

    def agents_role(self) -> None:
        """Another role."""
        if (row := self.list.current) is not None:
            words = _("{agent}: in which role?").format(agent=row.name)
            give = self.app.desk.agents.give_role
            self.question(words, lambda role: self.act(partial(give, row.name, role), _said), choices=self._roles())

    def agents_disable(self) -> None:
        """Take the desk away from an agent, or let one in again."""
        row = self.list.current
        if row is None:
            return
        agents = self.app.desk.agents
        if row.state == "disabled" or row.locked_until is not None:
            self.act(partial(agents.enable, row.name), _said)
        else:
            words = _("{agent}: not to use the desk any more? Open screens lock at once").format(agent=row.name)
            self.question(words, lambda _yes: self.act(partial(agents.disable, row.name), _said))

    def _with(self, password: str, verb: partial[AgentRow]) -> AgentRow:
        row = verb()
        self._given = (row.name, password)
        return row


def _said(row: AgentRow) -> str:
    return _("{agent}: {role}, {state}").format(agent=row.name, role=_(ROLE_WORDS[row.role]), state=state_words(row))
