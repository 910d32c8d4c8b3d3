"""Passwords: what one must be like, and argon2id, which is loaded when a password is first looked at.

    encoded = hashed(checked("四十二只 白鹅", name="zhang"))
    matches(encoded, "四十二只 白鹅")                   # True; a wrong one and an unknown name cost the same time

Measured with the library's parameters (argon2-cffi 25.1: 64 MiB, 3 passes, 4 lanes): see docs/sign-in.md.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from desk.errors import BadInput
from desk.i18n import _

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SPOKEN = "abcdefghkmnpqrstuvwxyz23456789"  # no l and 1, no o and 0, no i and j
SHORTEST, LONGEST = 8, 128  # signs, after NFKC

_hasher: PasswordHasher | None = None  # made when first used; tests put a cheap one here


def checked(password: str, *, name: str) -> str:
    """A new password for agent `name` as it is hashed; raises BadInput with what is wrong with it."""
    known = normalised(password)
    if len(known) < SHORTEST:
        raise BadInput(_("a password has at least {count} signs").format(count=SHORTEST))
    if len(known) > LONGEST:
        raise BadInput(_("a password has at most {count} signs").format(count=LONGEST))
    if known.casefold() == normalised(name).casefold():
        raise BadInput(_("a password is not the agent's own name"))
    return known


def normalised(password: str) -> str:
    """The same signs however the keyboard made them (NFKC): full-width digits are digits."""
    return unicodedata.normalize("NFKC", password.encode("utf-8", "replace").decode())


def made_up() -> str:
    """A password for one sign-in: 59 random bits in three groups, of signs that are told apart when read aloud."""
    from secrets import choice

    return "-".join("".join(choice(SPOKEN) for _sign in range(4)) for _group in range(3))


def hashed(password: str) -> str:
    """argon2id's encoded hash; takes tens of milliseconds."""
    return _argon2().hash(normalised(password))


def matches(encoded: str, password: str) -> bool:
    """Whether `encoded` was made of this password. An empty or broken one costs the same time and never matches."""
    from argon2.exceptions import InvalidHashError, VerificationError

    known = normalised(password)[: LONGEST + 1]  # nobody makes us hash a megabyte
    try:
        return _argon2().verify(encoded, known)
    except InvalidHashError:
        _argon2().hash(known)
        return False
    except VerificationError:
        return False


def is_outdated(encoded: str) -> bool:
    """Whether a hash was made with other parameters than today's: it is made again at the next sign-in."""
    return _argon2().check_needs_rehash(encoded)


def _argon2() -> PasswordHasher:
    global _hasher
    if _hasher is None:
        from argon2 import PasswordHasher

        _hasher = PasswordHasher()
    return _hasher
