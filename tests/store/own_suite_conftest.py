"""The conftest of TinyDB's own tests, with its `db` fixture on our store.

Copied beside them by test_tinydb_own_suite.
"""

import os
import uuid

import pytest
from tinydb.middlewares import CachingMiddleware
from tinydb.storages import MemoryStorage

from desk.store import open_store

SERVER = os.environ.get("DESK_TEST_SERVER", "")  # the url of a store on a server, else SQLite is meant


@pytest.fixture
def db(tmp_path):
    county = uuid.uuid4().hex
    store = open_store(f"{SERVER}&county={county}" if SERVER else f"sqlite:///{tmp_path}/test.db")
    store.drop_tables()
    store.insert_multiple({"int": 1, "char": c} for c in "abc")
    yield store
    store.close()


@pytest.fixture
def storage():
    return CachingMiddleware(MemoryStorage)()
