"""A document that somebody else changed is not written over, and who reads again may go on."""

# ruff: noqa: PT012  (a transaction is left by an exception from within)
from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from tinydb.table import Document

from desk.errors import StaleWrite
from desk.store import DocumentStore, DocumentTable, StoredDocument

Open = Callable[..., DocumentStore]
Write = Callable[[DocumentTable, StoredDocument], object]

WRITES: dict[str, Write] = {
    "upsert": lambda table, document: table.upsert(document),
    "update": lambda table, document: table.update(document, doc_ids=[document.doc_id]),
    "save": lambda table, document: table.save(document),
}


@pytest.fixture
def tables(opened: Open) -> tuple[DocumentTable, DocumentTable]:
    """The same table in two stores on one file."""
    one, other = opened().table("outages"), opened().table("outages")
    one.insert({"status": "scheduled"})
    return one, other


@pytest.fixture(params=WRITES.values(), ids=WRITES)
def write(request: pytest.FixtureRequest) -> Write:
    chosen: Write = request.param
    return chosen


def test_a_stale_document_is_refused_and_changes_nothing(tables: tuple[DocumentTable, ...], write: Write) -> None:
    mine, theirs = (table.get(doc_id=1) for table in tables)
    mine["status"], theirs["status"] = "confirmed", "cancelled"
    write(tables[0], mine)
    with pytest.raises(StaleWrite, match="outages 1 was changed by someone else"):
        write(tables[1], theirs)
    assert [table.all() for table in tables] == [[{"status": "confirmed"}]] * 2


def test_after_a_good_write_the_document_may_be_written_again(tables: tuple[DocumentTable, ...], write: Write) -> None:
    mine = tables[0].get(doc_id=1)
    for status in ("confirmed", "restored", "closed"):
        mine["status"] = status
        write(tables[0], mine)
    assert tables[1].get(doc_id=1) == {"status": "closed"}
    assert tables[1].get(doc_id=1).revision == mine.revision


def test_a_document_read_again_may_be_written(tables: tuple[DocumentTable, ...], write: Write) -> None:
    theirs = tables[1].get(doc_id=1)
    tables[0].update({"status": "confirmed"})
    with pytest.raises(StaleWrite):
        write(tables[1], theirs)
    write(tables[1], tables[1].get(doc_id=1))


def test_a_document_that_was_removed_is_stale(tables: tuple[DocumentTable, ...]) -> None:
    mine = tables[0].get(doc_id=1)
    tables[1].remove(doc_ids=[1])
    with pytest.raises(StaleWrite):
        tables[0].upsert(mine)
    assert len(tables[0]) == 0


def test_a_revision_that_was_undone_is_taken_back(store: DocumentStore, write: Write) -> None:
    table = store.table("outages")
    table.insert({"status": "scheduled"})
    mine = table.get(doc_id=1)
    with pytest.raises(ZeroDivisionError), store.transaction():
        mine["status"] = "confirmed"
        write(table, mine)
        _ = 1 / 0
    write(table, mine)
    assert table.all() == [{"status": "confirmed"}]


def test_saving_takes_away_the_fields_that_are_gone(tables: tuple[DocumentTable, ...]) -> None:
    tables[0].update({"note": "x"})
    mine = tables[0].get(doc_id=1)
    del mine["note"]
    tables[0].upsert(mine)
    assert tables[0].all() == [{"status": "scheduled", "note": "x"}]
    tables[0].save(mine)
    assert tables[0].all() == [{"status": "scheduled"}]


def test_documents_without_a_revision_are_written_as_tinydb_does(tables: tuple[DocumentTable, ...]) -> None:
    tables[0].upsert(Document({"status": "x"}, 1))
    tables[0].save(Document({"status": "y"}, 7))
    assert tables[1].all() == [{"status": "x"}, {"status": "y"}]


def test_a_document_may_be_copied_to_another_table(tables: tuple[DocumentTable, ...], opened: Open) -> None:
    archive = opened().table("archive")
    archive.insert({"old": True})
    mine = tables[0].get(doc_id=1)
    archive.upsert(mine)
    assert archive.all() == [{"old": True, "status": "scheduled"}]
    tables[0].upsert(mine)


def test_a_document_may_be_copied_deeply(tables: tuple[DocumentTable, ...]) -> None:
    twin = copy.deepcopy(tables[0].get(doc_id=1))
    tables[1].update({"status": "confirmed"})
    with pytest.raises(StaleWrite):
        tables[0].upsert(twin)
