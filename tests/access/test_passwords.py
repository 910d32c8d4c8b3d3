"""What a password must be like, and how it is kept."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from desk.access import passwords
from desk.access.passwords import checked, hashed, is_outdated, matches
from desk.errors import BadInput


@pytest.mark.parametrize(
    ("password", "words"),
    [
        pytest.param("1234567", "at least 8 signs", id="short"),
        pytest.param("鹅" * 129, "at most 128 signs", id="long"),
        pytest.param("ＺＨＡＮＧＳＡＮ", "own name", id="the-name-in-full-width"),
        pytest.param("", "at least 8 signs", id="empty"),
    ],
)
def test_a_password_that_is_none_is_refused_in_one_sentence(password: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        checked(password, name="zhangsan")


@pytest.mark.parametrize("password", ["aaaaaaaa", "四十二只白鹅过河", "鹅" * 128, "pass word \t with spaces"])
def test_any_signs_make_a_password_that_is_long_enough(password: str) -> None:
    assert checked(password, name="zhang") == password


def test_full_width_digits_are_digits() -> None:
    assert matches(hashed("１２３４５６７８"), "12345678")


@pytest.mark.parametrize("encoded", ["", "not a hash", "$argon2id$v=19$m=8,t=1,p=1$broken"])
def test_what_is_no_hash_never_matches(encoded: str) -> None:
    assert not matches(encoded, "forty-two white geese")


def test_a_lone_surrogate_is_no_crash() -> None:
    assert not matches(hashed("forty-two white geese"), "\ud800\udfff" * 9)


def test_a_hash_is_argon2id_and_holds_no_password() -> None:
    encoded = hashed("forty-two white geese")
    assert encoded.startswith("$argon2id$")
    assert "geese" not in encoded


def test_a_hash_of_other_parameters_is_outdated(monkeypatch: pytest.MonkeyPatch) -> None:
    encoded = hashed("forty-two white geese")
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert is_outdated(encoded)


def test_a_desk_hashes_by_the_librarys_own_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", None)
    made, default = passwords._argon2(), PasswordHasher()
    assert (made.time_cost, made.memory_cost, made.parallelism) == (
        default.time_cost,
        default.memory_cost,
        default.parallelism,
    )
