"""The shipped packs."""

from __future__ import annotations

import pytest
from owed_county import shipped

from desk.regulation import Regulation


@pytest.fixture(scope="session")
def regulation() -> Regulation:
    return shipped()
