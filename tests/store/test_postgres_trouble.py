"""What a store on a server does when the line is cut, the server restarts, answers late or not at all."""

# ruff: noqa: PT012  (a transaction is left by an exception from within)
from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from tinydb import where

from desk.errors import StoreUnreachable
from desk.store import DocumentStore, open_store, postgres_listener, postgres_transactions
from tests.line_proxy import LineProxy
from tests.postgres_server import PostgresServer

psycopg = pytest.importorskip("psycopg")


@pytest.fixture
def proxy(postgres: PostgresServer) -> Iterator[LineProxy]:
    with LineProxy(postgres.port) as made:
        yield made


@pytest.fixture
def store(postgres: PostgresServer, proxy: LineProxy) -> Iterator[DocumentStore]:
    """A store whose every line goes through the proxy."""
    with open_store(postgres.new_url(port=proxy.port, connect_timeout=2)) as opened:
        opened.insert({"n": 0})
        yield opened
        proxy.go_on()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds become tenths."""
    for module, name, seconds in (
        (postgres_listener, "HEARTBEAT", 0.1),
        (postgres_listener, "SLOW", 0.4),
        (postgres_listener, "SILENT", 1.5),
        (postgres_listener, "PATIENT", 0.0),
        (postgres_transactions, "FINDING_OUT", 1.0),
    ):
        monkeypatch.setattr(module, name, seconds)


def until(holds: Callable[[], Any], seconds: float = 8.0) -> float:
    """Waits for it; returns the seconds."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < seconds, "it did not come to pass"
        time.sleep(0.01)
    return time.monotonic() - begun


def numbers(store: DocumentStore) -> list[int]:
    return [document["n"] for document in store]


def test_a_server_that_was_restarted_is_used_again_by_itself(store: DocumentStore, postgres: PostgresServer) -> None:
    postgres.restart("immediate")
    until(lambda: not store.trouble())
    assert numbers(store) == [0]
    postgres.restart("fast")
    until(lambda: not store.trouble())
    store.insert({"n": 1})
    assert numbers(store) == [0, 1]
    assert store.trouble() == ""


@pytest.mark.usefixtures("impatient")
def test_a_server_that_is_gone_is_told_of_and_calls_fail_at_once_until_it_is_back(
    store: DocumentStore, postgres: PostgresServer
) -> None:
    postgres.stop("immediate")
    try:
        until(store.trouble)
        assert "does not answer; the desk goes on by itself" in store.trouble()
        begun = time.monotonic()
        for act in (store.all, lambda: store.insert({}), lambda: store.get(doc_id=1)) * 5:
            with pytest.raises(StoreUnreachable, match="does not answer"):
                act()
        assert time.monotonic() - begun < 1
        assert store.changed() == {"_default"}  # what is known is known
    finally:
        postgres.start()
    until(lambda: not store.trouble())
    assert numbers(store) == [0]


@pytest.mark.usefixtures("impatient")
def test_what_others_did_while_the_line_was_cut_is_caught_up_with(
    store: DocumentStore, proxy: LineProxy, postgres: PostgresServer
) -> None:
    store.changed()
    assert store.search(where("n") == 9) == []
    proxy.cut()
    until(store.trouble)
    with open_store(store._engine.address.conninfo.replace(str(proxy.port), str(postgres.port))) as other:  # type: ignore[attr-defined]
        other.insert({"n": 9})
        other.table("calls").insert({})
    proxy.go_on()
    until(lambda: not store.trouble())
    until(lambda: "calls" in store.tables())
    assert store.changed() == {"_default", "calls"}
    assert store.search(where("n") == 9) == [{"n": 9}]


@pytest.mark.usefixtures("impatient")
def test_a_line_that_falls_silent_lets_go_of_whoever_waits(store: DocumentStore, proxy: LineProxy) -> None:
    told: list[BaseException] = []

    def wait() -> None:
        try:
            store.all()
        except StoreUnreachable as error:
            told.append(error)

    until(lambda: store._engine._listener._thread.is_alive())  # type: ignore[attr-defined]
    time.sleep(0.3)
    proxy.stall()
    waiting = threading.Thread(target=wait)
    waiting.start()
    until(lambda: "takes long to answer" in store.trouble())
    until(lambda: "does not answer" in store.trouble())
    waiting.join(2)
    assert len(told) == 1
    proxy.go_on()
    until(lambda: not store.trouble())
    assert numbers(store) == [0]


@pytest.mark.usefixtures("impatient")
def test_an_answer_that_is_late_is_told_of_and_goes_by(store: DocumentStore, proxy: LineProxy) -> None:
    time.sleep(0.3)
    proxy.stall()
    until(lambda: "takes long to answer" in store.trouble())
    proxy.go_on()
    until(lambda: not store.trouble())
    assert numbers(store) == [0]


def test_a_commit_whose_answer_was_lost_is_found_to_be_stored(store: DocumentStore, proxy: LineProxy) -> None:
    done: list[str] = []
    proxy.lose("COMMIT", reaching=True)
    with store.transaction():
        store.insert({"n": 1})
        store.after_commit(lambda: done.append("told"))
    assert proxy.lost.is_set()
    assert (numbers(store), done) == ([0, 1], ["told"])
    assert store.insert({"n": 2}) == 3


def test_a_commit_that_never_reached_the_server_is_refused_and_leaves_nothing(
    store: DocumentStore, proxy: LineProxy
) -> None:
    done: list[str] = []
    undone: list[str] = []
    proxy.lose("COMMIT", reaching=False)
    with pytest.raises(StoreUnreachable, match="nothing was saved") as told, store.transaction():
        store.insert({"n": 1})
        store.after_commit(lambda: done.append("told"))
        store._engine.on_rollback(lambda: undone.append("undone"))
    assert not told.value.unsure
    assert (numbers(store), done, undone) == ([0], [], ["undone"])
    begun = time.monotonic()
    store.insert({"n": 2})  # nobody holds the county's lock any more
    assert time.monotonic() - begun < 2


@pytest.mark.usefixtures("impatient")
def test_a_commit_that_cannot_be_found_out_about_in_time_is_said_to_be_unsure(
    store: DocumentStore, proxy: LineProxy
) -> None:
    proxy.lose("COMMIT", reaching=True, for_good=True)
    with pytest.raises(StoreUnreachable, match="it is not known whether it was") as told, store.transaction():
        store.insert({"n": 1})
    assert told.value.unsure
    proxy.go_on()
    until(lambda: not store.trouble())
    assert numbers(store) == [0, 1]


def test_a_line_that_breaks_inside_a_transaction_undoes_it_and_frees_the_county(
    store: DocumentStore, proxy: LineProxy
) -> None:
    proxy.lose("INSERT INTO doc_", reaching=True)
    with pytest.raises(StoreUnreachable, match="nothing was saved"), store.transaction():
        store.insert({"n": 1})
    store.insert({"n": 2})
    assert numbers(store) == [0, 2]


def test_a_notification_that_was_missed_is_made_up_for_within_seconds(
    store: DocumentStore, postgres: PostgresServer
) -> None:
    store.changed()
    county: Any = store._engine
    path = county.address.conninfo.partition("search_path%3D")[2].partition("&")[0]
    postgres.execute(f"UPDATE {path}.desk_tables SET version = version + 1")
    postgres.execute(f"UPDATE {path}.desk_counties SET commit = commit + 1")
    assert until(lambda: store.changed() == {"_default"}, 4) < 3


def test_every_acknowledged_record_is_there_once_whatever_the_server_goes_through(
    store: DocumentStore, postgres: PostgresServer
) -> None:
    ended = threading.Event()
    saved: list[str] = []
    unsure: list[str] = []

    def write(who: int) -> None:
        number = 0
        while not ended.is_set():
            name = f"{who}-{number}"
            try:
                store.table("calls").insert({"name": name})
                saved.append(name)
            except StoreUnreachable as error:
                if not error.unsure:
                    time.sleep(0.01)
                    continue  # nothing was saved: the same again
                unsure.append(name)
            number += 1

    threads = [threading.Thread(target=write, args=(who,)) for who in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        time.sleep(0.25)
        postgres.restart("immediate")
    time.sleep(0.25)
    ended.set()
    for thread in threads:
        thread.join()
    until(lambda: not store.trouble())
    stored = [call["name"] for call in store.table("calls")]
    assert len(saved) > 20
    assert len(stored) == len(set(stored))
    assert set(saved) <= set(stored) <= {*saved, *unsure}


def test_a_store_without_a_server_says_so_when_it_is_opened(proxy: LineProxy, postgres: PostgresServer) -> None:
    url = postgres.url(port=proxy.port, connect_timeout=2)
    proxy.cut()
    with pytest.raises(StoreUnreachable, match="does not answer"):
        open_store(url)


def test_closing_while_the_server_is_gone_does_not_wait(store: DocumentStore, proxy: LineProxy) -> None:
    proxy.cut()
    with suppress(StoreUnreachable):
        store.all()
    begun = time.monotonic()
    store.close()
    assert time.monotonic() - begun < 3


def test_a_number_that_the_server_gave_out_again_proves_nothing(store: DocumentStore) -> None:
    """A crash takes a transaction back, and its number may then be that of another seat, who did commit."""
    mine = store._engine._transactions  # type: ignore[attr-defined]
    with open_store(store._engine.address.conninfo) as other:  # type: ignore[attr-defined]
        other.insert({"n": 1})
        theirs = other._engine._transactions  # type: ignore[attr-defined]
        newest = "SELECT max(xmin::text::bigint)::text FROM doc__default"
        (xid,) = mine._lines.ask(lambda line: line.execute(newest).fetchone())
        again = SimpleNamespace(xid=xid, number=theirs._given, pid=0)
        with mine._lines.connect() as line:
            assert mine._status(line, xid) == "committed"
        assert (mine._outcome(again), theirs._outcome(again)) == ("aborted", "committed")
