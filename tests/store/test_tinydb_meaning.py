"""Any sequence of TinyDB operations means the same on our store as on TinyDB's own memory."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from store_strategies import FIELDS, documents, queries, values
from tinydb import TinyDB, operations
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from desk.store import TableSpec, open_store

TABLES = ("_default", "Other", "other")
SPECS = [TableSpec(name, indexes=("a", "b")) for name in TABLES]

tables = st.sampled_from(TABLES)
ids = st.integers(1, 9)
numbered = st.builds(Document, documents, ids)
changes = st.one_of(
    documents,
    st.builds(operations.set, st.sampled_from(FIELDS), values),
    st.builds(operations.increment, st.sampled_from(FIELDS)),  # raises where the field is missing or no number
    st.builds(operations.delete, st.sampled_from(FIELDS)),
)


class SameAsTinyDB(RuleBasedStateMachine):
    """Each rule does the same to both and compares what came of it; then all documents are compared."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.memory = MemoryStorage()
        self.open()

    def open(self) -> None:
        self.ours = open_store(f"sqlite:///{self.folder.name}/desk.db", SPECS)
        self.theirs = TinyDB(storage=lambda: self.memory)

    def teardown(self) -> None:
        self.ours.close()
        self.folder.cleanup()

    def same(self, act: Callable[[Any], Any]) -> None:
        before = copy.deepcopy(self.memory.memory)
        theirs = outcome(act, self.theirs)
        if isinstance(theirs, type):  # memory keeps half of a failed change; a file does not, nor do we
            self.memory.memory = before
        assert outcome(act, self.ours) == theirs

    @invariant()
    def documents_ids_and_order(self) -> None:
        if not hasattr(self, "ours"):
            return
        assert self.ours.tables() == self.theirs.tables()
        for name in TABLES:
            assert shown(self.ours.table(name).all()) == shown(self.theirs.table(name).all())
            assert len(self.ours.table(name)) == len(self.theirs.table(name))

    @rule(name=tables, document=documents | numbered)
    def insert(self, name: str, document: Any) -> None:
        self.same(lambda db: db.table(name).insert(copy.deepcopy(document)))

    @rule(name=tables, many=st.lists(documents | numbered, max_size=6))
    def insert_multiple(self, name: str, many: list[Any]) -> None:
        self.same(lambda db: db.table(name).insert_multiple(copy.deepcopy(many)))

    @rule(name=tables, change=changes, query=queries)
    def update(self, name: str, change: Any, query: Any) -> None:
        self.same(lambda db: db.table(name).update(copy.deepcopy(change), query))

    @rule(name=tables, change=changes, chosen=st.lists(ids, max_size=3))
    def update_ids(self, name: str, change: Any, chosen: list[int]) -> None:
        self.same(lambda db: db.table(name).update(copy.deepcopy(change), doc_ids=chosen))

    @rule(name=tables, change=changes)
    def update_all(self, name: str, change: Any) -> None:
        self.same(lambda db: db.table(name).update(copy.deepcopy(change)))

    @rule(name=tables, pairs=st.lists(st.tuples(changes, queries), max_size=2))
    def update_multiple(self, name: str, pairs: list[Any]) -> None:
        self.same(lambda db: db.table(name).update_multiple(copy.deepcopy(pairs)))

    @rule(name=tables, document=documents, query=queries)
    def upsert(self, name: str, document: Any, query: Any) -> None:
        self.same(lambda db: db.table(name).upsert(copy.deepcopy(document), query))

    @rule(name=tables, document=numbered)
    def upsert_document(self, name: str, document: Any) -> None:
        self.same(lambda db: db.table(name).upsert(copy.deepcopy(document)))

    @rule(name=tables, query=queries)
    def remove(self, name: str, query: Any) -> None:
        self.same(lambda db: db.table(name).remove(query))

    @rule(name=tables, chosen=st.lists(ids, max_size=3))
    def remove_ids(self, name: str, chosen: list[int]) -> None:
        self.same(lambda db: db.table(name).remove(doc_ids=chosen))

    @rule(name=tables, query=queries)
    def ask(self, name: str, query: Any) -> None:
        self.same(lambda db: shown(db.table(name).search(query)))
        self.same(lambda db: shown(filter(None, [db.table(name).get(query)])))
        self.same(lambda db: (db.table(name).count(query), db.table(name).contains(query)))

    @rule(name=tables, chosen=st.lists(ids, max_size=4))
    def ask_ids(self, name: str, chosen: list[int]) -> None:
        self.same(lambda db: shown(db.table(name).get(doc_ids=chosen)))
        self.same(lambda db: [db.table(name).contains(doc_id=id) for id in chosen])

    @rule(name=tables)
    def truncate(self, name: str) -> None:
        self.same(lambda db: db.table(name).truncate())

    @rule(name=tables)
    def drop_table(self, name: str) -> None:
        self.same(lambda db: db.drop_table(name))

    @rule()
    def drop_tables(self) -> None:
        self.same(lambda db: db.drop_tables())

    @rule()
    def reopen(self) -> None:
        self.ours.close()
        self.open()


def outcome(act: Callable[[Any], Any], db: Any) -> Any:
    """What an act returns, or the type of what it raises."""
    try:
        return act(db)
    except Exception as error:
        return type(error)


def shown(found: Any) -> list[tuple[int, str]]:
    """Documents so that 1, 1.0 and True differ, and nan does not."""
    return [(document.doc_id, repr(dict(document))) for document in found]


SameAsTinyDB.TestCase.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)
TestSameAsTinyDB = SameAsTinyDB.TestCase
