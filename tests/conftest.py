"""What every test starts from: sentences are English unless a test or a desk's own settings say otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desk.i18n import language, set_language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language()
    set_language("en")
    yield
    set_language(before)
