"""Laws of routing: over which channel, to which number, and when it is left to people."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reachable import CALL, FAX, ROBOT, SMS, duty, line, message, mobile, reach

from desk.outbox.addresses import Contact, of_contacts, of_customer
from desk.outbox.escalation import next_route, tried_places
from desk.outbox.lines import FAMILIES, machines
from desk.outbox.routing import ADVISED, ALL_TRIED, BY_CALL, NO_ADDRESS, NO_CHANNEL, TOO_LONG, Reach, routes
from desk.plugins import Capabilities
from desk.records import Customer, Evidence, Recipient

PREFER = ("sms", "fax", "push")
A, B, F = line("sms-a"), line("sms-b"), line("fax-a", FAX)
ONE, TWO = "13800138001", "13800138002"

names = st.sampled_from([*sorted(FAMILIES), "sms-a", "pager"])
capabilities = st.builds(
    Capabilities,
    family=st.sampled_from([*sorted(FAMILIES), "pager"]),
    address=st.sampled_from(["none", "phone", "mobile", "fax", "mail", "place", "group"]),
    needs_human=st.booleans(),
)
lines = st.lists(st.builds(line, names, capabilities), max_size=6)
kinds = st.sampled_from(["customer", "branch", "department", "public", "authority"])


def chosen(*found: Any) -> list[tuple[str, str]]:
    return [(route.line.name if route.line else "", route.address) for route in found]


@given(lines, kinds, st.sampled_from([("phone",), ("face_to_face",), ("phone", "face_to_face")]))
def test_what_only_a_call_or_a_visit_fulfils_never_goes_to_a_machine(some: Any, kind: str, channels: Any) -> None:
    told = reach(ONE, fax=("09515550000",))
    assert chosen(*routes(duty(*channels, kind=kind), told, some, PREFER)) == [("", "")]


@given(lines, kinds, st.lists(names, min_size=1, max_size=4, unique=True))
def test_no_route_leaves_what_the_duty_allows(some: Any, kind: str, channels: list[str]) -> None:
    told = reach(ONE, TWO, fax=("09515550000",))
    for route in routes(duty(*channels, kind=kind), told, some, PREFER):
        if route.line:
            assert route.line.family in channels or route.line.name in channels
            assert not route.line.can.needs_human
            assert route.address in ("", ONE, TWO, "09515550000", "") or route.line.takes == "place"


@given(lines)
def test_a_customer_is_never_told_in_the_offices_chat(some: Any) -> None:
    everything = duty("internal", "report", "media_announcement", "phone")
    assert chosen(*routes(everything, reach(ONE), some, PREFER)) == [("", "")]


@given(st.lists(st.sampled_from([ONE, TWO, "13800138003"]), unique=True), st.sets(st.sampled_from(["sms-a", "sms-b"])))
def test_what_was_tried_is_not_tried_again(numbers: list[str], used: set[str]) -> None:
    tried = {(name, number) for name in used for number in numbers[:2]}
    found = routes(duty("sms"), reach(*numbers), [A, B], PREFER, tried=tried)
    assert not set(chosen(*found)) & tried


@pytest.mark.parametrize(
    ("channels", "prefer", "expected"),
    [
        (("phone", "sms"), PREFER, "sms-a"),
        (("fax", "sms"), PREFER, "sms-a"),
        (("fax", "sms"), ("fax", "sms"), "fax-a"),
        (("fax", "sms"), (), "fax-a"),
        (("sms", "fax"), ("sms-b",), "sms-b"),
        (("written_notice",), PREFER, ""),
    ],
    ids=["text before call", "preference", "other preference", "as the duty says", "a channel by name", "people's"],
)
def test_the_first_way_is_the_preferred_one(channels: Any, prefer: Any, expected: str) -> None:
    found = routes(duty(*channels), reach(ONE, fax=("09515550000",)), [A, B, F], prefer)
    assert chosen(*found)[0][0] == expected


def test_all_of_asks_for_one_way_each() -> None:
    both = duty("sms", "fax", "phone", channel_mode="all_of")
    found = routes(both, reach(ONE, fax=("09515550000",)), [A, F], PREFER)
    assert [(route.wanted, route.line.name if route.line else "") for route in found] == [
        ("sms", "sms-a"),
        ("fax", "fax-a"),
        ("phone", ""),
    ]


def test_a_gateway_called_phone_is_no_telephone() -> None:
    assert chosen(*routes(duty("phone"), reach(ONE), [line("phone", SMS)], PREFER)) == [("", "")]


@pytest.mark.parametrize(
    ("channels", "numbers", "more", "why"),
    [
        (("phone",), (ONE,), {}, BY_CALL),
        (("filing",), (ONE,), {}, NO_CHANNEL),
        (("sms",), (), {}, NO_ADDRESS),
        (("sms",), (ONE,), {"tried": {("sms-a", ONE)}}, ALL_TRIED),
        (("sms",), (ONE,), {"advice": lambda _names: []}, ADVISED),
        (("sms",), (ONE,), {"fits": lambda _line: False}, TOO_LONG),
    ],
    ids=["call", "no channel", "no number", "tried", "advised", "too long"],
)
def test_people_are_told_why_it_is_theirs(channels: Any, numbers: Any, more: Any, why: str) -> None:
    assert routes(duty(*channels), reach(*numbers), [A], PREFER, **more)[0].why == why


def test_a_channel_for_a_branch_comes_before_the_one_for_all_and_serves_nobody_else() -> None:
    north = line("sms-north", serves=("城北所",))
    here = reach(ONE, names=frozenset({"customer", "1", "城北所"}))
    assert chosen(*routes(duty("sms"), here, [A, north], PREFER)) == [("sms-north", ONE)]
    assert chosen(*routes(duty("sms"), reach(ONE), [north, A], PREFER)) == [("sms-a", ONE)]


def test_a_plugin_orders_the_channels_and_cannot_add_any() -> None:
    found = routes(duty("sms"), reach(ONE), [A, B], PREFER, advice=lambda _names: ["carrier-pigeon", "sms-b"])
    assert chosen(*found) == [("sms-b", ONE)]


def test_known_bad_numbers_are_left_out() -> None:
    assert chosen(*routes(duty("sms"), reach(ONE, TWO, bad={("sms", ONE)}), [A], PREFER)) == [("sms-a", TWO)]


def test_the_number_of_who_is_on_duty_comes_first() -> None:
    contact = Contact(phones=(mobile(ONE, "办"), mobile(TWO, "值班")))
    assert contact.of("mobile") == (TWO, ONE)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("bad_address", ("sms-a", TWO)),
        ("undelivered", ("sms-a", TWO)),
        ("no_connection", ("sms-b", ONE)),
        ("fault", ("sms-b", ONE)),
        ("no_channel", ("sms-b", ONE)),
        ("opted_out", ("fax-a", "09515550000")),
        ("given_up", None),
        ("expired", None),
    ],
)
def test_a_wrong_number_is_left_for_the_next_and_a_broken_gateway_for_another(code: str, expected: Any) -> None:
    told = reach(ONE, TWO, fax=("09515550000",))
    route = next_route(message(), code, duty("sms", "fax"), told, [A, B, F], PREFER)
    assert (chosen(route)[0] if route else None) == expected


@given(st.lists(st.sampled_from(["bad_address", "no_connection", "refused", "undelivered"]), min_size=12, max_size=12))
def test_escalation_ends_and_never_goes_the_same_way_twice(codes: list[str]) -> None:
    from msgspec.structs import replace

    told, now, seen = reach(ONE, TWO, fax=("09515550000",)), message(), [("sms-a", ONE)]
    for code in codes:
        route = next_route(now, code, duty("sms", "fax"), told, [A, B, F], PREFER)
        if route is None or route.line is None:
            break
        place = (route.line.name, route.address)
        assert place not in seen
        seen.append(place)
        now = replace(now, channel=place[0], address=place[1], family=route.line.family, tried=tried_places(now))
    assert len(seen) <= 5


def test_a_group_is_told_at_its_contact_else_at_the_first_site_with_a_number() -> None:
    sites = (Contact(account_no="6"), Contact(phones=(mobile(ONE),), account_no="7"))
    group = duty("sms", sites=("6", "7"))
    own = Contact(phones=(mobile(TWO),))
    for contact, expected in ((Contact(), (ONE, "7")), (own, (TWO, ""))):
        route = routes(group, Reach(frozenset({"customer"}), contact, sites), [A], PREFER)[0]
        assert (route.address, route.account_no) == expected


@pytest.mark.parametrize(
    ("written", "kind", "expected"),
    [
        ("0951-5550000、13800138001", "mobile", ("13800138001",)),
        ("0951-5550000、0951-5550099（传真）", "fax", ("09515550099",)),
        ("所长13800138001；cg@county.example", "mail", ("cg@county.example",)),
        ("", "mobile", ()),
        ("", "group", ("",)),
    ],
    ids=["mobile", "fax", "mail", "nothing", "robot"],
)
def test_branches_are_reached_by_the_countys_settings(written: str, kind: str, expected: Any) -> None:
    branch = Recipient(kind="branch", id="城关所", name="城关所")
    assert of_contacts(branch, {"城关所": written}, "0951").of(kind) == expected


def test_a_fax_number_among_the_telephones_is_a_fax_and_no_mobile() -> None:
    person = Customer(account_no="1", name="x", transformer_area="T", fax="5550011", phones=(mobile(ONE, "传真"),))
    contact = of_customer(person, "0951")
    assert (contact.of("fax"), contact.of("mobile")) == (("09515550011", ONE), ())


def test_a_number_at_which_people_found_somebody_else_is_not_texted() -> None:
    told = reach(ONE, TWO, bad={("", ONE)})
    wrong = duty("sms", evidence=(Evidence(at=duty("sms").due, result="wrong_number", number=ONE),))
    assert chosen(*routes(wrong, told, [A], PREFER)) == [("sms-a", TWO)]


def test_peoples_channels_are_no_machines() -> None:
    assert machines([line("tel", CALL), A, line("robot", ROBOT)]) == (A, line("robot", ROBOT))
