"""The contract as a pytest class: one test a rule. Subclass it with a fixture `bench`, and name the channels it tries.

class TestPager(ChannelContract):
    channels = ("pager",)

    @pytest.fixture
    def bench(self):
        return Bench(Pager)
"""

from __future__ import annotations

from typing import ClassVar

import pytest

from desk.testing.bench import Bench
from desk.testing.findings import Rule
from desk.testing.kit import keep
from desk.testing.rules import RULES


class ChannelContract:
    """Every rule of the kit over the channel of the fixture `bench`; what cannot be tried is skipped with its reason.

    `channels` names the types tried here: the project looks that every channel that ships is named in some class.
    """

    channels: ClassVar[tuple[str, ...]] = ()

    @pytest.fixture
    def bench(self) -> Bench:
        raise NotImplementedError("give the class a fixture bench")

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
    def test_keeps_the_rule(self, rule: Rule, bench: Bench) -> None:
        finding = keep(rule, bench)
        if finding.result == "skipped":
            pytest.skip(finding.words)
        assert finding.result == "ok", f"{rule.words}: {finding.words}"
