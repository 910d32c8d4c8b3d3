"""What every use case is given: the county's settings, its store, the time, its plugins, and who is asking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from threading import Lock, RLock
from typing import TYPE_CHECKING, cast

from msgspec import Struct, to_builtins

from desk import schema
from desk.i18n import in_language
from desk.records import AuditLine, Call, Customer, Draft, Outage, TransformerArea

if TYPE_CHECKING:
    from desk.clock import Clock
    from desk.config import Config
    from desk.grid import Grid
    from desk.plugins.host import PluginHost
    from desk.store import DocumentStore, RecordTable
    from desk.type_names import NotedTypes


class Changes:
    """How often each table was seen to change, by anyone: lets several caches share one change feed."""

    def __init__(self, changed: Callable[[], frozenset[str]]) -> None:
        self._changed = changed
        self._versions: Counter[str] = Counter()
        self._told: Counter[str] = Counter()
        self._lock = Lock()

    def version(self, table: str) -> int:
        """A number that moves whenever `table` was changed; costs microseconds when nothing was."""
        with self._lock:
            self._versions.update(self._changed())
            return self._versions[table]

    def since_last_asked(self) -> frozenset[str]:
        """The tables changed since this was last asked."""
        with self._lock:
            self._versions.update(self._changed())
            moved = frozenset(name for name, count in self._versions.items() if count != self._told[name])
            self._told = self._versions.copy()
            return moved


@dataclass
class Place:
    """One county's desk as seen from one seat. Holds no rule of its own.

    Where agents sign in (`signs_in`), `agent` and `role` are empty while nobody has; `session` is the id of the one
    in force, empty where none is kept.
    """

    config: Config
    store: DocumentStore
    clock: Clock
    load_plugins: Callable[[], PluginHost]
    agent: str = ""
    role: str = ""
    seat: str = ""
    signs_in: bool = False
    session: str = ""
    noted_types: NotedTypes | None = None
    changes: Changes = field(init=False)
    _loading: RLock = field(init=False, repr=False, default_factory=RLock)
    _grid: tuple[int, Grid] | None = field(init=False, default=None, repr=False)

    def __post_init__(self) -> None:
        self.changes = Changes(self.store.changed)

    def now(self) -> datetime:
        return self.clock.now()

    @cached_property
    def plugins(self) -> PluginHost:
        # Looking a customer up needs no plugin; reading the plugin folders costs tens of milliseconds.
        with self._loading:
            if "plugins" not in self.__dict__:  # else another thread was quicker
                self.__dict__["plugins"] = self.load_plugins()
            return cast("PluginHost", self.__dict__["plugins"])

    def use_plugins(self, host: PluginHost) -> None:
        """Other parts from here on: they were approved, switched or set up while the desk is open."""
        with self._loading:
            self.__dict__["plugins"] = host

    def tell(self, event: str, about: Struct) -> None:
        """Let the listeners hear of `event` once it is stored; nobody waits for them."""

        def stored() -> None:
            if self.plugins.listeners:
                self.plugins.hear(event, to_builtins(about))

        self.store.after_commit(stored)

    def type_names(self) -> dict[str, tuple[str, str]]:
        """The outage types' names in full and short; while no plugin has run, as they were noted when one last did."""
        if "plugins" not in self.__dict__ and self.noted_types and (noted := self.noted_types.read()) is not None:
            return {id: (in_language(full), in_language(short)) for id, (full, short) in noted.items()}
        return {id: kind.named() for id, kind in self.plugins.outage_types.items()}

    @property
    def grid(self) -> Grid:
        """The county's topology; read when first needed and again after the network has changed."""
        from desk.grid import Grid

        version = self.changes.version(schema.NETWORK)
        if self._grid is None or self._grid[0] != version:
            self._grid = (version, Grid(self.network.all()))
        return self._grid[1]

    @cached_property
    def customers(self) -> RecordTable[Customer]:
        return self.store.records(schema.CUSTOMERS, Customer)

    @cached_property
    def network(self) -> RecordTable[TransformerArea]:
        return self.store.records(schema.NETWORK, TransformerArea)

    @cached_property
    def outages_table(self) -> RecordTable[Outage]:
        return self.store.records(schema.OUTAGES, Outage)

    @cached_property
    def calls_table(self) -> RecordTable[Call]:
        return self.store.records(schema.CALLS, Call)

    @cached_property
    def drafts_table(self) -> RecordTable[Draft]:
        return self.store.records(schema.DRAFTS, Draft)

    @cached_property
    def audit_table(self) -> RecordTable[AuditLine]:
        return self.store.records(schema.AUDIT, AuditLine)

    @cached_property
    def marks_table(self) -> RecordTable[schema.Mark]:
        return self.store.records(schema.MARKS, schema.Mark)

    def mark(self, name: str) -> None:
        """Remember that what `name` stands for was confirmed now, e.g. by an import that changed nothing."""
        self.marks_table.put(schema.Mark(name=name, at=self.now()))
