"""What a channel answered, looked at before anyone believes it: a wrong one raises WrongAnswer with what came."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from desk.plugins.faults import ChannelFault
from desk.plugins.messages import REPORTED, Receipt, Reply, Report, Taken
from desk.plugins.outage_types import Problem
from desk.plugins.secrets import starred
from desk.plugins.send_errors import SEND_ERRORS, SendError

TAKEN = get_args(Taken)


class WrongAnswer(TypeError):
    """A method returned what it may not."""


def taken(found: object, count: int) -> list[Receipt | SendError]:
    """What `send_many` answered for `count` messages."""
    if not isinstance(found, list | tuple) or len(found) != count:
        raise WrongAnswer(f"send_many() must return one answer for each of {count} messages, not {_short(found)}")
    return [_one(answer) for answer in found]


def known(error: SendError, root: Path | None) -> SendError:
    """The error itself, without any secret in its words, if it is of the closed set; else the fault that it is not."""
    if not isinstance(error, SEND_ERRORS):
        return ChannelFault.of(error, root)
    error.args = (starred(str(error)), *error.args[1:])
    error.why = starred(str(error.why))
    return error


def reports(found: object) -> list[Report]:
    """What `poll` and `receipt` answered; None is nothing."""
    if found is None:
        return []
    if not isinstance(found, list | tuple):
        raise WrongAnswer(f"must return a list of Report, not {_short(found)}")
    return [_report(report) for report in found]


def reply(found: object) -> Reply | None:
    if found is None or isinstance(found, Reply):
        return found
    raise WrongAnswer(f"reply() must return a Reply or None, not {_short(found)}")


def problem(found: object) -> Problem | None:
    if found is None or isinstance(found, Problem):
        return found
    raise WrongAnswer(f"check() must return a Problem or None, not {_short(found)}")


def steps(found: object) -> list[str]:
    if isinstance(found, list | tuple) and all(isinstance(step, str) for step in found):
        return list(found)
    raise WrongAnswer(f"steps() must return a list of texts, not {_short(found)}")


def price(found: object) -> float:
    if isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found < float("inf"):
        return float(found)
    raise WrongAnswer(f"price() must return a number, not {_short(found)}")


def flag(found: object) -> bool:
    if isinstance(found, bool):
        return found
    raise WrongAnswer(f"cancel() must return True or False, not {_short(found)}")


def nothing(_found: object) -> None:
    return None


def _one(answer: object) -> Receipt | SendError:
    if isinstance(answer, SendError):
        return known(answer, None)
    if not isinstance(answer, Receipt):
        raise WrongAnswer(f"send() must return a Receipt, not {_short(answer)}")
    wrong = _wrong(
        {"external_id": answer.external_id, "price": answer.price}, {"external_id": str, "price": (int, float)}
    )
    if answer.state not in TAKEN or wrong:
        raise WrongAnswer(f"send() returned a Receipt with {wrong or 'state=' + _short(answer.state)}")
    return answer


def _report(report: object) -> Report:
    if not isinstance(report, Report):
        raise WrongAnswer(f"must return a list of Report, not {_short(report)}")
    texts = {name: getattr(report, name) for name in ("external_id", "error", "words", "proof", "token")}
    wrong = _wrong(texts, dict.fromkeys(texts, str))
    if report.state not in REPORTED or wrong:
        raise WrongAnswer(f"a Report has {wrong or 'state=' + _short(report.state)}")
    return report


def _wrong(values: Mapping[str, object], types: Mapping[str, type | tuple[type, ...]]) -> str:
    return next((f"{key}={_short(value)}" for key, value in values.items() if not isinstance(value, types[key])), "")


def _short(thing: object) -> str:
    text = repr(thing)
    return text if len(text) <= 60 else text[:57] + "…"
