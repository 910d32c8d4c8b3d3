"""What every test starts from: sentences are English unless a test or a desk's own settings say otherwise."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from desk.i18n import language, set_language
from tests.postgres_server import Missing, PostgresServer, postgres_server

# Each run looks at forty made-up inputs of every law that says nothing else; HYPOTHESIS_PROFILE=thorough at more.
settings.register_profile("suite", max_examples=40)
settings.register_profile("thorough", max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language()
    set_language("en")
    yield
    set_language(before)


@pytest.fixture(scope="session")
def postgres() -> PostgresServer:
    """A real PostgreSQL, one for the whole session of this process."""
    try:
        return postgres_server()
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> str:
    """The url of a store that is not there yet, on a real PostgreSQL, for this test alone."""
    return postgres.new_url()
