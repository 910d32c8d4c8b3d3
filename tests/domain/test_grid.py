"""Who is below a device, counted once each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_county import AREAS, CUSTOMERS

from desk.app import Desk
from desk.grid import Grid, covers
from desk.records import Customer, Scope, TransformerArea

SCOPES: dict[str, tuple[Scope, int]] = {
    "feeder": (Scope(feeders=("城东线",)), 6),
    "lateral": (Scope(laterals=("一支线",)), 4),
    "lateral named with its feeder": (Scope(laterals=("城西线/七支线",)), 2),
    "transformer areas": (Scope(transformer_areas=("T1", "T5")), 4),
    "an area inside a feeder": (Scope(feeders=("城东线",), transformer_areas=("T1",)), 6),
    "meter box": (Scope(meter_boxes=("B1",)), 2),
    "accounts": (Scope(accounts=("100001", "100009")), 2),
    "an account inside an area": (Scope(transformer_areas=("T1",), accounts=("100001", "100009")), 3),
    "an account inside a box": (Scope(meter_boxes=("B1",), accounts=("100001", "100009")), 3),
    "a customer whose area is not in the network": (Scope(accounts=("100012",)), 1),
}


@pytest.mark.parametrize("name", SCOPES)
def test_a_scope_touches_each_customer_once(desk: Desk, name: str) -> None:
    scope, count = SCOPES[name]
    assert desk.outages.affected(scope).customers == count


@pytest.mark.parametrize("name", SCOPES)
def test_counting_and_asking_of_one_customer_agree(desk: Desk, name: str) -> None:
    scope, _count = SCOPES[name]
    grid = desk.place.grid
    covered = [one for one in CUSTOMERS if covers(scope, one, grid.area(one.transformer_area))]
    assert desk.outages.affected(scope).customers == len(covered)


def test_the_counts_tell_special_important_medal_and_public_services(desk: Desk) -> None:
    found = desk.outages.affected(Scope(feeders=("城东线", "城西线")))
    assert (found.special, found.important, found.medal, found.public_services) == (1, 2, 1, 2)
    assert found.grades == {"first": 1, "second": 1}


def test_the_devices_above_are_named(desk: Desk) -> None:
    found = desk.outages.affected(Scope(laterals=("一支线",), accounts=("100009",)))
    assert found.feeders == ("城东线", "城西线")
    assert found.transformer_areas == ("T1", "T2", "T5")
    assert found.service_branches == ("城关所", "城西所")


def test_the_network_is_read_again_after_it_changed(desk: Desk) -> None:
    assert desk.place.grid.area("T9") is None
    desk.place.network.put(TransformerArea(transformer_area="T9", feeder="城东线"))
    assert desk.outages.affected(Scope(feeders=("城东线",))).customers == 7


def test_a_lateral_is_offered_by_the_name_a_scope_may_use() -> None:
    laterals = Grid(AREAS).laterals
    assert "一支线" in laterals
    assert "七支线" not in laterals
    assert {"城东线/七支线", "城西线/七支线"} <= set(laterals)


names = st.sampled_from(["a", "b", "c"])
networks = st.lists(
    st.builds(TransformerArea, transformer_area=st.sampled_from("TUVWXYZ"), feeder=names, lateral=names | st.just("")),
    unique_by=lambda area: area.transformer_area,
)
scopes = st.builds(
    Scope,
    feeders=st.lists(names, max_size=1).map(tuple),
    laterals=st.lists(names | st.sampled_from(["a/a", "b/c"]), max_size=2).map(tuple),
    transformer_areas=st.lists(st.sampled_from("TUV"), max_size=2).map(tuple),
)


@given(networks, scopes)
def test_an_area_is_below_a_scope_exactly_when_its_customers_are_covered(
    areas: list[TransformerArea], scope: Scope
) -> None:
    grid = Grid(areas)
    below = {area.transformer_area for area in grid.areas_below(scope)}
    for area in areas:
        someone = Customer(account_no="1", name="x", transformer_area=area.transformer_area)
        assert covers(scope, someone, area) == (area.transformer_area in below)
