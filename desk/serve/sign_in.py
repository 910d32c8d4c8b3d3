"""The sign-in form: whether it is ours, whether its sender must wait, and what the desk says to the password."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_bytes
from typing import TYPE_CHECKING

from desk.access.signing_in import MustChange
from desk.errors import DeskError, NotAllowed, StoreProblem
from desk.serve.tickets import Slowing, Tickets, form_proof, is_same
from desk.serve.words import refused

if TYPE_CHECKING:
    from desk.serve.door import Door, Signed

LIMITS: Mapping[str, int] = {"name": 64, "password": 256, "seat": 32, "new": 256, "repeated": 256}
AT_ONCE = 2  # passwords looked at at a time: each costs 64 MB and a tenth of a second


@dataclass(frozen=True)
class Turned:
    """A sign-in that came to nothing: the HTTP status, and the sentence for the page. `must_change`: the password was
    right, and one's own must be chosen first."""

    status: int
    words: str
    must_change: bool = False


class SignIn:
    """Takes sign-in forms. `proof` ties a form to the cookie of the browser that it was shown in."""

    def __init__(self, door: Door, tickets: Tickets, slowing: Slowing) -> None:
        self._door, self._tickets, self._slowing = door, tickets, slowing
        self._secret = token_bytes(32)
        self._turns = asyncio.Semaphore(AT_ONCE)

    def proof(self, cookie: str) -> str:
        """What the form of the browser with this cookie brings along."""
        return form_proof(self._secret, cookie)

    async def take(self, form: Mapping[str, str], cookie: str, address: str) -> Signed | Turned:
        """Whoever the form signs in, or why nobody."""
        if not cookie or not is_same(form.get("proof", ""), self.proof(cookie)):
            return Turned(403, refused("form"))
        if self._slowing.waits(address):
            return Turned(429, refused("slow"))
        typed = {field: form.get(field, "")[:most] for field, most in LIMITS.items()}
        typed["name"], typed["seat"] = typed["name"].strip(), typed["seat"].strip()
        if not typed["name"] or not typed["password"]:
            return Turned(400, refused("empty"))
        if typed["new"] != typed["repeated"]:
            return Turned(400, refused("repeated"), must_change=True)
        async with self._turns:
            return await self._asked(typed, address)

    async def _asked(self, typed: Mapping[str, str], address: str) -> Signed | Turned:
        try:
            signed = await asyncio.to_thread(self._signed_in, typed)
        except StoreProblem:
            return Turned(503, refused("store"))
        except MustChange as problem:
            return Turned(403, str(problem), must_change=True)
        except NotAllowed as problem:
            self._slowing.wrong(address)
            return Turned(403, str(problem))
        except DeskError as problem:
            return Turned(400, str(problem), must_change=bool(typed["new"]))
        sits_there = self._tickets.at_seat(signed.seat)
        if sits_there and sits_there != signed.agent:
            await asyncio.to_thread(self._door.sign_out, signed)
            return Turned(409, refused("seat").format(agent=sits_there, seat=signed.seat))
        self._slowing.right(address)
        return signed

    def _signed_in(self, typed: Mapping[str, str]) -> Signed:
        """Blocks: a password costs a tenth of a second."""
        name, password = typed["name"], typed["password"]
        if typed["new"]:
            self._door.change_password(name, password, typed["new"])
            password = typed["new"]
        return self._door.sign_in(name, password, typed["seat"] or name)
