"""The table of rules: what every channel keeps, in the order in which it is looked at."""

from __future__ import annotations

from desk.testing.findings import Rule
from desk.testing.rules import people, receipts, sending, shape, trouble

RULES: tuple[Rule, ...] = (*shape.RULES, *people.RULES, *sending.RULES, *trouble.RULES, *receipts.RULES)
