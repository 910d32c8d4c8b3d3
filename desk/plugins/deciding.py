"""The two hooks that decide: over which channels a customer is told, and whether a message may go.

They are pure, and asked on a thread of their own: one that does not come back in time is not asked again, and what
it should have decided is decided as the table says (no say for a route, hold for a review).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Thread
from typing import Any, NamedTuple

from pluggy import PluginManager

from desk.i18n import _
from desk.plugins.faults import Fault, place_of, shown, told
from desk.plugins.lanes import Job, Watch
from desk.plugins.messages import Review
from desk.plugins.specs import DECIDING

SECONDS = 2.0
STRICTNESS = {"send": 0, "hold": 1, "stop": 2}


class Outcome(NamedTuple):
    """What a hook answered, or the sentence that says how it failed."""

    answer: Any
    fault: str = ""


class Deciders:
    """Asks every plugin that has a say, the last loaded first (so that a county's own comes before what ships)."""

    def __init__(self, manager: PluginManager, watch: Callable[[], Watch], tell: Callable[[str, str], None]) -> None:
        self._hooks = {name: list(reversed(getattr(manager.hook, name).get_hookimpls())) for name in DECIDING}
        self._lane = watch().lane("desk hooks") if any(self._hooks.values()) else None
        self._tell = tell
        self._left: set[object] = set()

    def route(self, outage: Any, customer: Any, channels: Sequence[str]) -> list[str] | None:
        """The first answer, or None; what names a channel that is not there, or fails, has no say."""
        given = {"outage": outage, "customer": customer, "channels": tuple(channels)}
        for hook in self._hooks["desk_route"]:
            outcome = self._ask(hook, given, lambda answer: _route_problem(answer, channels))
            if not outcome.fault and outcome.answer is not None:
                return list(outcome.answer)
        return None

    def review(self, message: Any, outage: Any, customer: Any) -> Review:
        """The strictest answer, with every reason of that strictness; one that fails means hold."""
        if outage is None:
            return Review(verdict="send")  # what reviewers judge by is not there
        given = {"message": message, "outage": outage, "customer": customer}
        found = [Review(verdict="send")]
        for hook in self._hooks["desk_review"]:
            outcome = self._ask(hook, given, _review_problem)
            if outcome.fault:
                found.append(Review(verdict="hold", why=outcome.fault))
            elif outcome.answer is not None:
                found.append(outcome.answer)
        verdict = max((review.verdict for review in found), key=STRICTNESS.__getitem__)
        return Review(verdict=verdict, why="; ".join(r.why for r in found if r.verdict == verdict and r.why))

    def _ask(self, hook: Any, given: Mapping[str, Any], wrong: Callable[[Any], str]) -> Outcome:
        if hook.function in self._left:
            return Outcome(None, _("{place}: did not come back, and is not asked again").format(place=_place(hook)))
        assert self._lane is not None
        outcome = self._lane.ask(self._asking(hook, given, wrong)).result()
        if outcome.fault:
            self._tell(hook.plugin_name, outcome.fault)
        return outcome

    def _asking(self, hook: Any, given: Mapping[str, Any], wrong: Callable[[Any], str]) -> Job[Outcome]:
        def asked() -> Outcome:
            try:
                answer = hook.function(*(given[name] for name in hook.argnames))
                problem = wrong(answer)
            except BaseException as error:
                return Outcome(None, told(error))
            return Outcome(answer, told(Fault(problem, *place_of(hook.function))) if problem else "")

        def given_up(_thread: Thread | None) -> Outcome:
            self._left.add(hook.function)
            words = _("{place}: no answer within {seconds:g} seconds").format(place=_place(hook), seconds=SECONDS)
            return Outcome(None, words)

        return Job(asked, SECONDS, given_up)


def _place(hook: Any) -> str:
    return shown(*place_of(hook.function))


def _route_problem(answer: object, channels: Sequence[str]) -> str:
    if answer is None:
        return ""
    if not isinstance(answer, list | tuple) or not all(isinstance(name, str) for name in answer):
        return _("{hook} must return a list of {what}, not {got}").format(
            hook="desk_route", what=_("names of channels"), got=repr(answer)[:60]
        )
    strange = [name for name in answer if name not in channels]
    return (
        _("desk_route named {names}, which was not to choose from").format(names=", ".join(strange)) if strange else ""
    )


def _review_problem(answer: object) -> str:
    if answer is None or (isinstance(answer, Review) and answer.verdict in STRICTNESS and isinstance(answer.why, str)):
        return ""
    return _("desk_review must return a Review or None, not {got}").format(got=repr(answer)[:60])
