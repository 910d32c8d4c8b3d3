"""来电研判 — what the desk itself knows of a caller, one question a class: outages, suspensions, crews, calls."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from desk.plugins import Asked, Finding, Outage, Source, hookimpl

SUSPENSIONS = {"arrears": ("欠费", "arrears"), "theft_violation": ("窃电或违约用电", "theft or misuse")}
NONE = Finding("none")
NEIGHBOURS_FOR = timedelta(hours=3)
CALLS_FOR = timedelta(days=90)
LATELY = timedelta(hours=2)


def clock(moment: datetime | None, at: datetime) -> str:
    """14:05 today, 07-02 08:00 on another day."""
    if moment is None:
        return "–"
    here = moment.astimezone(at.tzinfo)
    return here.strftime("%H:%M" if here.date() == at.date() else "%m-%d %H:%M")


def active(outages: Iterable[Outage]) -> list[Outage]:
    return [one for one in outages if one.status in ("confirmed", "partially_restored")]


class OutagesNow(Source):
    name = "outages"
    labels = {"zh_CN": "停电", "en": "outages"}

    def ask(self, asked: Asked, timeout: float) -> Finding:
        outages, age = asked.known.outages(), asked.known.outage_data_at()
        now = [one for one in active(outages) if one.type not in SUSPENSIONS]
        due = [one for one in outages if one.status == "scheduled" and (one.planned_start or asked.at) <= asked.at]
        ahead = [one for one in outages if one.status == "scheduled" and one not in due]
        guessed = [one for one in outages if one.status == "predicted"]
        if now:
            until = clock(now[0].etr or now[0].planned_end, asked.at)
            zh, en = f"{now[0].id} 正在停电，预计{until}恢复", f"{now[0].id} is off, expected back {until}"
            return Finding("found", {"zh_CN": zh, "en": en}, "off", now[0].id, age)
        if due:
            start = clock(due[0].planned_start, asked.at)
            zh, en = f"{due[0].id} 计划{start}停电，现场待确认", f"{due[0].id} was to begin {start}, not yet confirmed"
            return Finding("found", {"zh_CN": zh, "en": en}, "due", due[0].id, age)
        if guessed:
            zh, en = (
                f"{guessed[0].id} 疑似停电，{guessed[0].calls}个来电",
                f"{guessed[0].id} probable, {guessed[0].calls} calls",
            )
            return Finding("found", {"zh_CN": zh, "en": en}, "predicted", guessed[0].id, age)
        if ahead:
            start = clock(ahead[0].planned_start, asked.at)
            zh, en = f"{ahead[0].id} 将于{start}停电", f"{ahead[0].id} begins {start}"
            return Finding("found", {"zh_CN": zh, "en": en}, "ahead", ahead[0].id, age)
        return Finding("none", as_of=age)


class Restored(Source):
    name = "restored"
    labels = {"zh_CN": "刚恢复", "en": "restored lately"}

    def ask(self, asked: Asked, timeout: float) -> Finding:
        over = [one for one in asked.known.outages() if one.actual_end and asked.at - one.actual_end <= LATELY]
        if not over:
            return NONE
        when = clock(over[0].actual_end, asked.at)
        zh, en = f"{over[0].id} 已于{when}恢复送电", f"{over[0].id} was restored at {when}"
        return Finding("found", {"zh_CN": zh, "en": en}, "restored", over[0].id)


class Suspended(Source):
    name = "suspension"
    labels = {"zh_CN": "欠费、违约停电", "en": "suspension"}

    def ask(self, asked: Asked, timeout: float) -> Finding:
        found = [one for one in active(asked.known.outages()) if one.type in SUSPENSIONS]
        if not found:
            return NONE
        why, since = SUSPENSIONS[found[0].type], clock(found[0].actual_start, asked.at)
        zh, en = f"因{why[0]}停电，自{since}", f"suspended for {why[1]} since {since}"
        return Finding("found", {"zh_CN": zh, "en": en}, "suspended", found[0].id)


class Crews(Source):
    name = "work_orders"
    labels = {"zh_CN": "抢修工单", "en": "work orders"}

    def ask(self, asked: Asked, timeout: float) -> Finding:
        orders = asked.known.work_orders()
        if not orders:
            return NONE
        first, by = orders[0], clock(orders[0].arrive_by, asked.at)
        crew = first.crew or "–"
        zh, en = f"{first.id} {crew}，应于{by}前到场", f"{first.id} {crew}, to be there by {by}"
        return Finding("found", {"zh_CN": zh, "en": en}, "crew", first.outage)


class OwnCalls(Source):
    name = "own_calls"
    labels = {"zh_CN": "本户90天来电", "en": "own calls, 90 days"}

    def ask(self, asked: Asked, timeout: float) -> Finding:
        calls = asked.known.calls_of_customer(asked.at - CALLS_FOR)
        if not calls:
            return NONE
        last = clock(calls[0].at, asked.at)
        return Finding("found", {"zh_CN": f"{len(calls)}次，最近{last}", "en": f"{len(calls)}, the last {last}"})


class Neighbours(Source):
    name = "neighbours"
    labels = {"zh_CN": "同台区来电", "en": "neighbours' calls"}

    def ask(self, asked: Asked, timeout: float) -> Finding:
        calls = [one for one in asked.known.calls_below(asked.at - NEIGHBOURS_FOR) if one.topic == "trouble"]
        people = {one.account_no for one in calls}
        if not people:
            return NONE
        last = clock(calls[0].at, asked.at)
        zh, en = f"3小时内{len(people)}户报修，最近{last}", f"{len(people)} customers in 3 hours, the last {last}"
        return Finding("found", {"zh_CN": zh, "en": en}, "neighbours", calls[0].outage or calls[0].predicted)


@hookimpl
def desk_sources() -> list[type[Source]]:
    return [OutagesNow, Restored, Suspended, Crews, OwnCalls, Neighbours]
