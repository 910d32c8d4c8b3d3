"""The host with what ships, and nothing else."""

from __future__ import annotations

import pytest

from desk.config import Config
from desk.plugins.host import PluginHost


@pytest.fixture(scope="session")
def shipped(tmp_path_factory) -> PluginHost:
    """Every part that ships, loaded as a desk would."""
    data = tmp_path_factory.mktemp("data")
    return PluginHost.open(Config(data=data, store_url="sqlite:///:memory:"), environ={})
