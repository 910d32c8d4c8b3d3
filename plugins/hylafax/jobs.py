"""What a fax job is told, and what its state means to the desk.

A sleeping job dials again by itself: no failure. Done with all its pages is the transmission report.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from desk.plugins import AttemptState, Message, Report, in_language

from .session import Job

DONE = {
    "zh_CN": "传真 {pages} 页全部送达，拨号 {dials} 次，作业号 {number}",
    "en": "fax of {pages} pages confirmed by the far machine, {dials} dials, job {number}",
}
CUT_SHORT = {
    "zh_CN": "只确认了 {pages}/{total} 页，作业号 {number}",
    "en": "only {pages} of {total} pages were confirmed, job {number}",
}


class Ending(NamedTuple):
    """Why a job failed: how the server says it, our code, the state, and the sentence."""

    says: str
    code: str
    state: AttemptState
    words: Mapping[str, str]


GAVE_UP = AttemptState.UNDELIVERED
ENDINGS = (
    Ending("busy", "busy", GAVE_UP, {"zh_CN": "对方占线", "en": "the line was busy"}),
    Ending("no answer", "no_answer", GAVE_UP, {"zh_CN": "无人接听", "en": "nobody answered"}),
    Ending(
        "no carrier",
        "no_fax_there",
        GAVE_UP,
        {"zh_CN": "对方不是传真机，或未接通", "en": "no fax machine answered"},
    ),
    Ending("kill time", "expired", AttemptState.EXPIRED, {"zh_CN": "有效期内没有发出", "en": "its time ran out"}),
    Ending("aborted", "removed", AttemptState.FAILED, {"zh_CN": "作业被撤销", "en": "the job was removed"}),
    Ending("removed", "removed", AttemptState.FAILED, {"zh_CN": "作业被撤销", "en": "the job was removed"}),
    Ending("convert", "document", AttemptState.FAILED, {"zh_CN": "文件转换失败", "en": "the document cannot be faxed"}),
)
OTHER = Ending("", "fax_failed", GAVE_UP, {"zh_CN": "传真未发出", "en": "the fax did not go through"})


def tag_of(message: Message) -> str:
    """The desk's own name for the job, in signs that pass through every listing."""
    return re.sub(r"[^\w.:-]", lambda sign: f"%{ord(sign[0]):x}", message.key or message.id, flags=re.ASCII)


def parameters(message: Message, number: str, settings: Any) -> list[tuple[str, str]]:
    """The job's parameters, in order; A4 in fine resolution, and no mails about it."""
    return [
        ("FROMUSER", f'"{settings.user}"'),
        ("DIALSTRING", f'"{number}"'),
        ("EXTERNAL", f'"{number}"'),
        ("JOBINFO", f'"{tag_of(message)}"'),
        ("LASTTIME", _last_time(message, settings.hours)),
        ("MAXDIALS", str(settings.dials)),
        ("MAXTRIES", str(settings.tries)),
        ("VRES", "196"),
        ("PAGEWIDTH", "209"),
        ("PAGELENGTH", "296"),
        ("PAGECHOP", '"none"'),  # else HylaFAX cuts the white end off an A4 page
        ("NOTIFY", '"none"'),
        ("SENDTIME", "NOW"),
    ]


def report(job: Job) -> Report:
    """What the desk learns from a job as it is listed."""
    if job.state == "D":
        return _done(job)
    if job.state == "F":
        return _failed(job)
    return Report(external_id=job.number, state=AttemptState.ACCEPTED, words=job.status)


def _done(job: Job) -> Report:
    whole = 0 < job.total <= job.pages
    words = in_language(DONE if whole else CUT_SHORT)
    return Report(
        external_id=job.number,
        state=AttemptState.DELIVERED if whole else AttemptState.UNDELIVERED,
        at=_time(job),
        error="" if whole else "pages_missing",
        proof=words.format(pages=job.pages, total=job.total, dials=job.dials, number=job.number),
    )


def _failed(job: Job) -> Report:
    said = job.status.lower()
    ending = next((ending for ending in ENDINGS if ending.says in said), OTHER)
    words = in_language(ending.words)
    proof = in_language(CUT_SHORT).format(pages=job.pages, total=job.total, number=job.number) if job.pages else ""
    return Report(
        external_id=job.number,
        state=ending.state,
        at=_time(job),
        error=ending.code,
        words=f"{words} ({job.status})" if job.status else words,
        proof=proof,
    )


def _time(job: Job) -> datetime | None:
    try:
        return datetime.fromtimestamp(job.when, UTC) if job.when else None
    except (ValueError, OverflowError, OSError):  # no such time
        return None


def _last_time(message: Message, hours: float) -> str:
    """How long the server may try, as days, hours, minutes; never past the end of the message's use."""
    most = timedelta(hours=hours)
    left = message.valid_until - datetime.now(UTC) if message.valid_until else most
    minutes = max(int(min(most, left) / timedelta(minutes=1)), 1)
    return f"{minutes // 1440:02}{minutes // 60 % 24:02}{minutes % 60:02}"
