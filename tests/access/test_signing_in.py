"""Signing in: wrong passwords slow down and lock, a sign-in is a token that ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from msgspec.structs import replace

from desk import schema
from desk.access import passwords
from desk.access.signing_in import MustChange
from desk.app import Desk
from desk.errors import NotAllowed, SignInNeeded
from desk.records import Agent, Session

PASSWORD = "forty-two white geese"


def later(desk: Desk, **time: float) -> None:
    desk.place.clock.at += timedelta(**time)  # type: ignore[attr-defined]


def refused(desk: Desk, name: str = "agent", password: str = "wrong password") -> SignInNeeded:
    with pytest.raises(SignInNeeded) as caught:
        desk.sign_in(name, password)
    return caught.value


def audited(desk: Desk) -> list[tuple[str, str, str]]:
    return [(line.by, line.act, line.about) for line in desk.place.audit_table.all() if line.act != "agent.add"]


def stored(desk: Desk, name: str = "agent") -> Agent:
    found = desk.place.store.records(schema.AGENTS, Agent).get(name)
    assert found
    return found


def test_a_desk_under_password_is_nobodys_until_someone_signs_in(desk: Desk) -> None:
    assert desk.needs_sign_in
    with pytest.raises(SignInNeeded, match="sign in first"):
        desk.access.require("look_up")


def test_an_agent_signs_in_by_name_and_password(desk: Desk) -> None:
    desk.sign_in("ａgent ", PASSWORD)
    assert (desk.place.agent, desk.place.role, desk.needs_sign_in) == ("agent", "agent", False)
    assert audited(desk) == [("agent", "session.open", "agent")]


def test_unknown_names_read_as_wrong_passwords_do(desk: Desk) -> None:
    told = [[str(refused(desk, name)) for _try in range(2)] for name in ("agent", "nobody")]
    assert told[0] == told[1]
    slowed = [(str(error), error.wait) for error in (refused(desk), refused(desk, "nobody"))]
    assert slowed[0] == slowed[1]


def test_unknown_names_cost_one_hash_as_listed_ones_do(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    class Counting(PasswordHasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            made.append("hash")
            return super().hash(password, salt=salt)

        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
            try:
                return super().verify(hash, password)
            finally:
                if hash:
                    made.append("verify")

    monkeypatch.setattr(passwords, "_hasher", Counting(time_cost=1, memory_cost=8, parallelism=1))
    refused(desk, "agent")
    refused(desk, "nobody")
    assert made == ["verify", "hash"]


def test_wrong_passwords_slow_down_and_then_lock(desk: Desk) -> None:
    waits = []
    for _try in range(4):
        waits.append(refused(desk).wait)
        later(desk, seconds=waits[-1])
    assert waits == [0, 0, 1, 2]
    assert refused(desk).wait == 15 * 60
    later(desk, minutes=14)
    assert "locked for 1 minute" in str(refused(desk, password=PASSWORD))
    later(desk, minutes=1)
    desk.sign_in("agent", PASSWORD)
    assert stored(desk).failures == 0


def test_a_try_before_its_time_is_not_looked_at(desk: Desk) -> None:
    for _try in range(3):
        refused(desk)
    assert str(refused(desk, password=PASSWORD)) == "wait 1 second before the next try"
    assert stored(desk).failures == 3


def test_tries_are_counted_over_all_seats(desk: Desk, open_desk: object) -> None:
    other = open_desk()  # type: ignore[operator]
    for seat in (desk, other, desk):
        refused(seat)
    assert refused(other).wait == 1


def test_a_clock_that_jumps_back_locks_nobody_for_longer(desk: Desk) -> None:
    for _try in range(3):
        refused(desk)
    later(desk, days=-3)
    assert refused(desk).wait == 1


def test_after_a_lock_the_count_begins_anew(desk: Desk) -> None:
    for _try in range(5):
        later(desk, seconds=refused(desk).wait)
    assert refused(desk).wait == 0


def test_a_password_set_by_an_administrator_unlocks(desk: Desk, open_desk: object) -> None:
    for _try in range(5):
        later(desk, seconds=min(refused(desk).wait, 10))
    office = open_desk()  # type: ignore[operator]
    office.sign_in("administrator", PASSWORD)
    office.agents.set_password("agent", "another good one")
    desk.sign_in("agent", "another good one")


def test_what_goes_wrong_is_audited_and_a_mistyped_name_is_not_kept(desk: Desk) -> None:
    refused(desk)
    refused(desk, "forty-two white gees")
    assert audited(desk) == [("", "session.refuse", "agent"), ("", "session.refuse", "")]
    kept = "".join(map(repr, desk.place.store.records(schema.STRANGERS, Agent).all()))
    assert "geese" not in kept
    assert "gees" not in kept


def test_a_lock_is_audited(desk: Desk) -> None:
    for _try in range(5):
        later(desk, seconds=min(refused(desk).wait, 10))
    assert audited(desk)[-1] == ("", "agent.lock", "agent")


def test_names_that_nobody_has_fill_no_table(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.access.signing_in.MOST_STRANGERS", 20)
    for number in range(50):
        refused(desk, f"guess{number}")
    assert desk.place.store.records(schema.STRANGERS, Agent).count() <= 20


def test_an_outdated_hash_is_made_again_at_the_next_sign_in(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored(desk).password
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    desk.sign_in("agent", PASSWORD)
    assert stored(desk).password != before
    assert "t=2" in stored(desk).password


def test_a_session_is_taken_up_by_its_token_in_another_process(desk: Desk, open_desk: object) -> None:
    token = desk.sign_in("supervisor", PASSWORD, door="browser")
    other = open_desk()  # type: ignore[operator]
    session = other.resume(token)
    assert (session.agent, session.door, other.place.role) == ("supervisor", "browser", "supervisor")


def test_the_store_knows_no_token(desk: Desk) -> None:
    token = desk.sign_in("agent", PASSWORD)
    kept = "".join(map(repr, desk.place.store.records(schema.SESSIONS, Session).all()))
    assert token not in kept


@pytest.mark.parametrize("ending", ["sign out", "hours", "disable", "passwd", "unknown"])
def test_a_session_ends(desk: Desk, open_desk: object, ending: str) -> None:
    token = desk.sign_in("agent", PASSWORD)
    office = open_desk()  # type: ignore[operator]
    office.sign_in("administrator", PASSWORD)
    match ending:
        case "sign out":
            desk.sign_out()
        case "hours":
            later(desk, hours=12)
        case "disable":
            office.agents.disable("agent")
        case "passwd":
            office.agents.set_password("agent", "another good one")
        case "unknown":
            token = "made up"
    with pytest.raises(SignInNeeded):
        open_desk().resume(token)  # type: ignore[operator]
    if ending not in ("sign out", "unknown"):
        with pytest.raises(SignInNeeded):
            desk.signing_in.still_here()
        with pytest.raises(SignInNeeded):
            desk.access.require("look_up")


def test_another_role_holds_on_an_open_desk_from_the_next_look(desk: Desk, open_desk: object) -> None:
    desk.sign_in("agent", PASSWORD)
    office = open_desk()  # type: ignore[operator]
    office.sign_in("administrator", PASSWORD)
    office.agents.give_role("agent", "viewer")
    desk.signing_in.still_here()
    assert desk.place.role == "viewer"


def test_signing_in_over_another_ends_the_first_sign_in(desk: Desk, open_desk: object) -> None:
    first = desk.sign_in("agent", PASSWORD)
    desk.sign_in("supervisor", PASSWORD)
    with pytest.raises(SignInNeeded):
        open_desk().resume(first)  # type: ignore[operator]


def test_a_disabled_agent_reads_what_a_wrong_password_reads(desk: Desk, open_desk: object) -> None:
    office = open_desk()  # type: ignore[operator]
    office.sign_in("administrator", PASSWORD)
    office.agents.disable("agent")
    assert str(refused(desk, password=PASSWORD)) == "name or password is wrong"


def test_a_password_that_somebody_else_chose_may_have_to_be_changed_first(desk: Desk, open_desk: object) -> None:
    office = open_desk()  # type: ignore[operator]
    office.sign_in("administrator", PASSWORD)
    office.agents.set_password("agent", "chosen by another", must_change=True)
    with pytest.raises(MustChange):
        desk.sign_in("agent", "chosen by another")
    desk.agents.change_own("agent", "chosen by another", "my very own one")
    desk.sign_in("agent", "my very own one")


def test_the_locked_screen_is_unlocked_by_ones_own_password_and_keeps_the_session(desk: Desk) -> None:
    desk.sign_in("agent", PASSWORD)
    session = desk.place.session
    with pytest.raises(SignInNeeded):
        desk.signing_in.unlock("wrong password")
    desk.signing_in.unlock(PASSWORD)
    assert desk.place.session == session


# a desk where nobody signs in


def test_where_nobody_signs_in_the_settings_say_the_role(open_desk: object) -> None:
    desk = open_desk("os_user")  # type: ignore[operator]
    assert (desk.place.agent, desk.place.role, desk.needs_sign_in) == ("owner", "supervisor", False)


def test_where_nobody_signs_in_the_supervisor_is_administrator_too(open_desk: object) -> None:
    desk = open_desk("os_user")  # type: ignore[operator]
    assert desk.access.may("manage_agents")
    assert desk.access.may("back_up")


def test_where_nobody_signs_in_a_listed_role_counts(open_desk: object) -> None:
    open_desk("os_user").agents.add("owner", "viewer")  # type: ignore[operator]
    desk = open_desk("os_user")  # type: ignore[operator]
    assert desk.place.role == "viewer"
    assert not desk.access.may("log_call")


def test_where_nobody_signs_in_a_disabled_user_is_refused(open_desk: object) -> None:
    desk = open_desk("os_user")  # type: ignore[operator]
    desk.agents.add("owner", "agent")
    table = desk.place.store.records(schema.AGENTS, Agent)
    table.put(replace(table.get("owner"), state="disabled"))
    with pytest.raises(NotAllowed, match="owner may not use this desk"):
        open_desk("os_user")  # type: ignore[operator]
