"""The list of agents: who may keep it, and what never happens to it."""

from __future__ import annotations

import msgspec
import pytest

from desk import schema
from desk.access import ROLES
from desk.access.agents import Agents
from desk.app import Desk
from desk.errors import BadInput, NotAllowed, NotFound, Refused, SignInNeeded
from desk.records import Agent

PASSWORD = "forty-two white geese"


def acts(desk: Desk) -> list[tuple[str, str, str]]:
    return [(line.by, line.act, line.about) for line in desk.place.audit_table.all()]


@pytest.fixture
def office(desk: Desk) -> Desk:
    desk.sign_in("administrator", PASSWORD)
    return desk


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda agents: agents.add("new", "agent", PASSWORD), id="add"),
        pytest.param(lambda agents: agents.set_password("viewer", PASSWORD), id="passwd"),
        pytest.param(lambda agents: agents.disable("viewer"), id="disable"),
        pytest.param(lambda agents: agents.enable("viewer"), id="enable"),
        pytest.param(lambda agents: agents.give_role("viewer", "agent"), id="role"),
        pytest.param(lambda agents: agents.listed(), id="list"),
    ],
)
@pytest.mark.parametrize("role", ["agent", "dispatcher", "viewer"])
def test_only_who_leads_or_administers_deals_with_agents(desk: Desk, role: str, act: object) -> None:
    desk.sign_in(role, PASSWORD)
    before = list(desk.place.store.records(schema.AGENTS, Agent).all())
    with pytest.raises(NotAllowed):
        act(desk.agents)  # type: ignore[operator]
    assert list(desk.place.store.records(schema.AGENTS, Agent).all()) == before


def test_a_supervisor_helps_the_shift_and_makes_nobody_more_than_an_agent(desk: Desk) -> None:
    desk.sign_in("supervisor", PASSWORD)
    desk.agents.set_password("agent", "another good one")
    desk.agents.add("wang", "viewer", PASSWORD)
    for act in (
        lambda: desk.agents.add("li", "administrator", PASSWORD),
        lambda: desk.agents.give_role("agent", "administrator"),
        lambda: desk.agents.set_password("administrator", "another good one"),
        lambda: desk.agents.disable("supervisor"),
    ):
        with pytest.raises(NotAllowed, match="ask an administrator"):
            act()


def test_what_is_shown_of_agents_holds_no_hash(office: Desk) -> None:
    shown = msgspec.json.encode(office.agents.listed()).decode()
    assert "argon2" not in shown
    assert 'password"' not in shown.replace('has_password"', "")


def test_each_act_leaves_a_line(office: Desk) -> None:
    start = len(acts(office))
    office.agents.add("wang", "agent", PASSWORD)
    office.agents.set_password("wang", "another good one")
    office.agents.give_role("wang", "viewer")
    office.agents.disable("wang")
    office.agents.enable("wang")
    done = ("add", "passwd", "role", "disable", "enable")
    assert acts(office)[start:] == [("administrator", f"agent.{act}", "wang") for act in done]


def test_the_last_administrator_is_neither_disabled_nor_given_another_role(office: Desk) -> None:
    for act in (
        lambda: office.agents.disable("administrator"),
        lambda: office.agents.give_role("administrator", "agent"),
    ):
        with pytest.raises(Refused, match="last administrator"):
            act()
    office.agents.add("wang", "administrator", PASSWORD)
    office.agents.disable("administrator")


def test_whoever_is_listed_first_is_an_administrator(open_desk: object) -> None:
    desk = open_desk()  # type: ignore[operator]
    desk.place.agent, desk.place.role = "owner", "administrator"
    with pytest.raises(Refused, match="first is an administrator"):
        desk.agents.add("wang", "agent", PASSWORD)


def test_where_nobody_signs_in_agents_are_listed_without_a_password(open_desk: object) -> None:
    desk = open_desk("os_user")  # type: ignore[operator]
    assert not desk.agents.add("wang", "agent").has_password


def test_an_agent_without_a_password_signs_in_nowhere(open_desk: object) -> None:
    open_desk("os_user").agents.add("wang", "agent")  # type: ignore[operator]
    with pytest.raises(SignInNeeded):
        open_desk().sign_in("wang", "")  # type: ignore[operator]


@pytest.mark.parametrize("name", ["", " ", "a/b", "a\nb", "\x1b[2J", "=cmd()", "-x", "x" * 33, "a:b", "‮abc"], ids=ascii)
def test_a_name_is_letters_and_digits(office: Desk, name: str) -> None:
    with pytest.raises(BadInput, match="letters, digits"):
        office.agents.add(name, "agent", PASSWORD)


@pytest.mark.parametrize("name", ["张三", "zhang.san", "0951-07", "wang@county", "阿卜杜·热合曼"])
def test_names_are_written_in_any_script(office: Desk, name: str) -> None:
    assert office.agents.add(name, "agent", PASSWORD).name == name


def test_two_names_do_not_differ_by_case_or_width_alone(office: Desk) -> None:
    office.agents.add("Wang", "agent", PASSWORD)
    with pytest.raises(Refused, match="listed already"):
        office.agents.add("ｗang", "agent", PASSWORD)


def test_a_role_that_is_none_is_named_with_what_was_meant(office: Desk) -> None:
    with pytest.raises(BadInput, match="did you mean dispatcher"):
        office.agents.add("wang", "dispacher", PASSWORD)


def test_who_is_not_listed_is_named(office: Desk) -> None:
    with pytest.raises(NotFound, match="nobody is listed as wang"):
        office.agents.disable("wang")


def test_ones_own_password_is_changed_by_the_old_one(desk: Desk) -> None:
    desk.sign_in("viewer", PASSWORD)
    with pytest.raises(SignInNeeded, match="wrong"):
        desk.agents.change_own("viewer", "not the old one", "another good one")
    desk.agents.change_own("viewer", PASSWORD, "another good one")
    desk.signing_in.still_here()  # the sign-in from which it was changed goes on
    assert acts(desk)[-1] == ("viewer", "agent.passwd", "viewer")


def test_changing_ones_password_ends_ones_other_sign_ins(desk: Desk, open_desk: object) -> None:
    other = open_desk()  # type: ignore[operator]
    other.sign_in("agent", PASSWORD)
    desk.agents.change_own("agent", PASSWORD, "another good one")
    with pytest.raises(SignInNeeded):
        other.signing_in.still_here()


@pytest.mark.parametrize("new", [PASSWORD, "short", "agentagent" * 20], ids=["the-old-one", "short", "long"])
def test_a_new_password_that_is_none_changes_nothing(desk: Desk, new: str) -> None:
    with pytest.raises(BadInput):
        desk.agents.change_own("agent", PASSWORD, new)
    desk.sign_in("agent", PASSWORD)


def test_every_role_has_a_word_and_every_right_a_sentence() -> None:
    from desk.access.rights import MANAGED, RIGHTS, ROLE_WORDS, SERVICE

    assert set(ROLES) <= set(ROLE_WORDS)
    assert set().union(*ROLES.values()) | SERVICE | set(MANAGED) <= set(RIGHTS)
    assert all(covered <= set(ROLES) for covered in MANAGED.values())
    assert Agents
