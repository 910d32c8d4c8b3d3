"""A lease is bounded whatever the clock does."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from seat_county import NOW

from desk.records import Claim
from desk.seats.claims import is_live


@settings(deadline=None)
@given(length=st.integers(1, 600), jump=st.integers(-(10**7), 10**7), walk=st.integers(0, 10**7))
def test_whatever_the_clock_does_a_lease_is_over_after_twice_its_length(length: int, jump: int, walk: int) -> None:
    lease = timedelta(seconds=length)
    claim = Claim(id="duty:D1", seat="2", agent="张三", at=NOW, until=NOW + lease)
    seen = NOW + timedelta(seconds=jump)
    if walk >= 2 * length:
        assert not (is_live(claim, seen) and is_live(claim, seen + timedelta(seconds=walk)))
