"""Holds checkpoints against the lines, against each other and against the copies kept elsewhere. Pure.

What an attack on a checkpoint looks like: one is gone, one was made anew, one names a line that is gone or is not
what it was, one is signed by nobody, or by a key that nobody trusts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from desk.audit.checkpoints import digest, is_genuine
from desk.audit.following import Fault
from desk.audit.keys import key_name
from desk.i18n import _
from desk.records import Checkpoint


class Vouching(Struct, frozen=True, kw_only=True):
    """All that is held together: `stored` in the store, `copies` in this seat's own file (None: there is none), `own`
    this seat's public key (empty: it has none), `kept` from elsewhere, `registered` keys by lines, `trusted` keys."""

    stored: Sequence[Checkpoint]
    copies: Sequence[Checkpoint] | None = None
    own: str = ""
    kept: Sequence[Checkpoint] = ()
    registered: frozenset[str] = frozenset()
    trusted: frozenset[str] = frozenset()


def vouched(held: Vouching, hashes: Mapping[int, str], last: int) -> tuple[list[Fault], int]:
    """What is wrong, and up to which line a good checkpoint vouches. `hashes` are those of the lines named."""
    faults = [*_chain_faults(held.stored), *_copy_faults(held), *_kept_faults(held)]
    good = 0
    for one in _every(held):
        found = list(_own_faults(one, held, hashes, last))
        faults += found
        good = good if found else max(good, one.number)
    return faults, good


def _every(held: Vouching) -> Iterator[Checkpoint]:
    """Each different one once."""
    everywhere = (*held.stored, *(held.copies or ()), *held.kept)
    return iter({digest(one): one for one in everywhere}.values())


def _own_faults(one: Checkpoint, held: Vouching, hashes: Mapping[int, str], last: int) -> Iterator[Fault]:
    known = held.trusted or held.registered
    if not is_genuine(one):
        yield _fault("signature", one, _("checkpoint {id} does not bear the signature of its key"))
    elif one.key not in known:
        yield _fault("key", one, _("checkpoint {id} is signed with the key {key}, which is not one to trust"))
    if one.number > last:
        yield Fault(
            kind="cut",
            line=last + 1,
            id=one.id,
            what=_("the audit ends at line {last}; checkpoint {id} of {at} has seen line {number}").format(
                last=last, id=one.id, at=one.at.isoformat(), number=one.number
            ),
        )
    elif hashes.get(one.number) != one.hash:
        yield _fault("rewritten", one, _("line {number} is not the one that checkpoint {id} of {at} was signed for"))


def _chain_faults(stored: Sequence[Checkpoint]) -> Iterator[Fault]:
    """Each stored one names the one before."""
    before: Checkpoint | None = None
    for one in stored:
        if one.previous != (digest(before) if before else ""):
            yield _fault("checkpoint", one, _("a checkpoint before {id} was removed or made anew"))
        before = one


def _copy_faults(held: Vouching) -> Iterator[Fault]:
    """This seat's file and the store hold the same of its own; the newest may not have reached the file yet."""
    mine = [one for one in held.stored if one.key == held.own]
    if held.copies is None:
        if mine:
            yield _fault("copies", mine[0], _("this seat's file of checkpoints is gone, and {id} should be in it"))
        return
    stored, kept = {digest(one) for one in held.stored}, {digest(one) for one in held.copies}
    for one in held.copies:
        if digest(one) not in stored:
            yield _fault("checkpoint", one, _("checkpoint {id} is in this seat's file and not in the store"))
    waiting = True
    for one in reversed(mine):
        if digest(one) in kept:
            waiting = False
        elif not waiting:
            yield _fault("copies", one, _("checkpoint {id} is in the store and not in this seat's file"))


def _kept_faults(held: Vouching) -> Iterator[Fault]:
    stored = {digest(one) for one in held.stored}
    for one in held.kept:
        if digest(one) not in stored:
            yield _fault("checkpoint", one, _("checkpoint {id}, which was kept elsewhere, is not in the store"))


def _fault(kind: str, one: Checkpoint, words: str) -> Fault:
    said = words.format(id=one.id, number=one.number, at=one.at.isoformat(), key=key_name(one.key))
    return Fault(kind=kind, line=one.number, id=one.id, what=said)


def registered_in(lines: Iterable[Mapping[str, object]]) -> frozenset[str]:
    """The keys that lines of the act `audit.key` name."""
    found = (line.get("details") for line in lines)
    return frozenset(str(said["key"]) for said in found if isinstance(said, dict) and "key" in said)
