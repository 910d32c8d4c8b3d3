"""Any sequence of TinyDB operations means the same on our store as on TinyDB's own memory."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from store_strategies import FIELDS, documents, queries, values
from tinydb import TinyDB, operations, where
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from desk.store import DocumentStore, TableSpec, open_store
from tests.postgres_server import heard_at_once, postgres_server

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
        self.url = self.new_url()
        self.open()

    def new_url(self) -> str:
        return f"sqlite:///{self.folder.name}/desk.db"

    def open(self) -> None:
        self.ours = open_store(self.url, SPECS)
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


class SameOnAServer(SameAsTinyDB):
    """The same over PostgreSQL."""

    def new_url(self) -> str:
        heard_at_once()
        return postgres_server().new_url()


SameOnAServer.TestCase.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)


@pytest.mark.usefixtures("postgres")
class TestSameOnAServer(SameOnAServer.TestCase):
    pass


def test_field_names_that_are_no_texts_are_found_as_json_names_them(opened: Callable[..., DocumentStore]) -> None:
    people = opened(TableSpec("people", indexes=("1", "null"))).table("people")
    people.insert_multiple([{1: "x", None: 2}, {"1": "x"}])
    people.insert({1: "x"})
    assert [document.doc_id for document in people.search(where("1") == "x")] == [1, 2, 3]
    assert people.get(where("null") == 2) == {"1": "x", "null": 2}


def test_documents_that_are_no_json_are_refused_as_json_does(store: DocumentStore) -> None:
    endless: dict[str, Any] = {}
    endless["itself"] = endless
    for document, error in (({"a": {1}}, TypeError), ({"a": b"x"}, TypeError), (endless, ValueError)):
        with pytest.raises(error):
            store.insert(document)
    assert store.tables() == set()


def test_text_ids_are_kept_where_the_id_class_says_so(store: DocumentStore) -> None:
    table = store.table("named")
    table.document_id_class = str
    assert table.insert(Document({"n": 1}, "O1")) == "O1"
    table.upsert(Document({"n": 2}, "O1"))
    table.insert(Document({"n": 3}, "007"))
    assert [(document.doc_id, document["n"]) for document in table] == [("O1", 2), ("007", 3)]
    assert table.remove(doc_ids=["O1", "7"]) == ["O1"]


def test_an_id_that_could_not_be_read_back_is_refused_before_it_spoils_the_table(store: DocumentStore) -> None:
    store.insert({"n": 1})
    with pytest.raises(ValueError, match="invalid literal"):
        store.insert(Document({"n": 2}, "x"))
    assert store.all() == [{"n": 1}]


def test_great_ids_are_counted_on_from(store: DocumentStore) -> None:
    store.insert(Document({}, 10**30))
    assert store.insert({}) == 10**30 + 1
    assert [document.doc_id for document in store] == [10**30, 10**30 + 1]
