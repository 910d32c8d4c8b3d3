"""Every rule can fail: for each there is a channel with just that mistake, and the kit catches it by its words."""

from __future__ import annotations

import kit_bad_receipts
import kit_bad_sending
import kit_bad_shape
import kit_bad_trouble
import pytest
from kit_radio import Radio, RadioBench, Visit

from desk.testing import RULES, keep

BAD = kit_bad_shape.BAD + kit_bad_sending.BAD + kit_bad_trouble.BAD + kit_bad_receipts.BAD
BY_ID = {rule.id: rule for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_there_is_a_bad_channel_for_every_rule(rule):
    assert rule.id in {id for id, _channel, _words in BAD}


@pytest.mark.parametrize(("rule", "channel", "words"), BAD, ids=[f"{rule}-{kind.__name__}" for rule, kind, _ in BAD])
def test_the_kit_catches(rule, channel, words, tmp_path, monkeypatch):
    monkeypatch.setenv("TMP_OF_TEST", str(tmp_path))
    finding = keep(BY_ID[rule], RadioBench(channel))
    assert finding.result == "failed", finding.words
    assert words in finding.words


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.id not in ("steps", "with_agent")], ids=lambda r: r.id)
def test_a_machines_channel_that_is_right_passes(rule):
    finding = keep(rule, RadioBench(Radio))
    assert (finding.result, finding.words) == ("ok", "")


@pytest.mark.parametrize("id", ["described", "promises", "steps", "with_agent", "no_address", "quiet", "price"])
def test_a_persons_channel_that_is_right_passes(id):
    finding = keep(BY_ID[id], RadioBench(Visit))
    assert (finding.result, finding.words) == ("ok", "")
