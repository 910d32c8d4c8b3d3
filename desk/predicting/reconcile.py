"""What the predictions mean for the predicted outages that stand already: which rises, which is new, which is merged.

Pure. A standing one is never lowered and never loses calls: only a person takes back what was on the board.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from desk.predicting.devices import Above
from desk.trouble import Device, Level, Prediction


class Standing(Struct, frozen=True):
    """A predicted outage that is on the board: its id and its device."""

    id: str
    device: Device


class Wanted(Struct, frozen=True):
    """What is to be: one device with these calls. `keeps` is the outage that it becomes (empty: a new one),
    `merges` those that it takes in."""

    device: Device
    prediction: Prediction
    keeps: str = ""
    merges: tuple[str, ...] = ()


def reconciled(predictions: Iterable[Prediction], standing: Sequence[Standing], above: Above) -> list[Wanted]:
    """For each prediction of a device, what becomes of the board; service cases want nothing."""
    left, wanted = list(standing), []
    for found in predictions:
        if found.device.level is Level.SERVICE:
            continue
        over = [one for one in standing if above.covers(one.device, found.device)]
        if over:
            wanted.append(Wanted(over[0].device, found, keeps=over[0].id))
            left = [one for one in left if one is not over[0]]
            continue
        below = [one for one in left if above.covers(found.device, one.device)]
        left = [one for one in left if one not in below]
        ids = [one.id for one in sorted(below, key=lambda one: (len(one.id), one.id))]
        wanted.append(Wanted(found.device, found, keeps=ids[0] if ids else "", merges=tuple(ids[1:])))
    return wanted
