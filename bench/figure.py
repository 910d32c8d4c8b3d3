"""One figure of the bench: what is measured, in which unit, against which goal, beside whose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Measured = Iterable[tuple[str, float | None, float]]  # name, goal or None, value


@dataclass(frozen=True)
class Figure:
    """`measure` returns rows of (name, goal, value); times are milliseconds where the unit is ms.

    `peer` names the same act on plain TinyDB. `more` is for rates, where a higher value is the better one.
    """

    name: str
    unit: str
    measure: Callable[[], Measured]
    peer: str = ""
    more: bool = False

    def words(self, value: float) -> str:
        digits = 0 if value >= 100 else 1 if value >= 10 else 2
        return f"{value:,.{digits}f} {self.unit}"

    def goal_words(self, goal: float | None) -> str:
        return "" if goal is None else f"{'≥' if self.more else '≤'} {goal:,g} {self.unit}"

    def meets(self, goal: float, value: float) -> bool:
        return value >= goal if self.more else value <= goal


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
