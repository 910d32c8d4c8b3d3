"""The runner: the only one who calls a channel, on a thread of its own, under a deadline, behind a breaker.

    runner = host.runner("sms-north")
    for answer in runner.send(messages).result():     # a Receipt or a SendError for each, in order
        …

Nothing here raises for the channel's sake. A call over its deadline is abandoned: what was handed over is
UnknownOutcome, what was not is NoConnection, so that it may go later. Whatever else a channel does wrong is a
ChannelFault with its file and line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any, Literal, TypeVar

from desk.i18n import _
from desk.plugins import answers
from desk.plugins.breaker import Breaker
from desk.plugins.channels import Channel
from desk.plugins.faults import ChannelFault, Fault, place_of, shown, standing
from desk.plugins.lanes import Gathered, Job, Lane, Watch
from desk.plugins.messages import Message, Receipt, Reply, Report
from desk.plugins.outage_types import Problem
from desk.plugins.printing import log
from desk.plugins.secrets import starred
from desk.plugins.send_errors import ConfigProblem, NoConnection, SendError, UnknownOutcome

T = TypeVar("T")
Answer = Receipt | SendError

QUICK = 2.0  # seconds for what a person waits for: steps, price, a gateway's call read
CHECK = 10.0  # seconds in which a channel says whether its gateway is there


class Runner:
    """One channel of the county.

    `send`, `poll`, `stored`, `cancel` come one after another on the channel's thread; the others on a second one.
    """

    def __init__(
        self,
        channel: Channel,
        *,
        watch: Watch,
        now: Callable[[], datetime],
        root: Path | None = None,
        is_off: Callable[[], str] = lambda: "",
    ) -> None:
        self.channel = channel
        self.breaker = Breaker(now)
        self._root = root
        self._is_off = is_off
        self._closed = False
        self._work: Lane = watch.lane(channel.name)
        self._beside: Lane = watch.lane(f"{channel.name} (beside)")

    @property
    def state(self) -> Literal["on", "off", "paused"]:
        return "off" if self._closed or self._is_off() else self.breaker.state

    @property
    def reason(self) -> str:
        """Why it is not on, in words."""
        return self._is_off() or self.breaker.reason

    @property
    def paused_until(self) -> datetime | None:
        return self.breaker.paused_until

    def send(self, messages: Sequence[Message]) -> Future[list[Answer]]:
        """Hand `messages` over, in order. The future never raises: for each message a Receipt or a SendError."""
        asked = [self._work.ask(self._sending(chunk)) for chunk in self._chunks(messages)]
        return Gathered(asked).whole

    def poll(self, ids: Sequence[str], timeout: float | None = None) -> Future[list[Report]]:
        """What the channel knows of `ids` and of what came in; empty when it fails."""
        seconds = timeout or self.channel.can.timeout
        return self._work.ask(self._job(self.channel.poll, (ids, seconds), answers.reports, [], seconds))

    def stored(self, reports: Sequence[Report]) -> Future[None]:
        """The desk has stored these reports of `poll`."""
        seconds = self.channel.can.timeout
        return self._work.ask(self._job(self.channel.stored, (reports,), answers.nothing, None, seconds))

    def cancel(self, id: str) -> Future[bool]:
        """Whether the gateway took it back."""
        seconds = self.channel.can.timeout
        return self._work.ask(self._job(self.channel.cancel, (id, seconds), answers.flag, False, seconds))

    def check(self, timeout: float = CHECK) -> Future[Problem | None]:
        """What keeps the channel from sending; a check that fails or hangs is a problem itself."""
        return self._beside.ask(self._checking(timeout))

    def receipt(self, payload: Mapping[str, Any]) -> list[Report]:
        """What a gateway's call to the desk reports; junk is nothing. Within two seconds."""
        return self._quick(self.channel.receipt, payload, answers.reports, [])

    def reply(self, payload: Mapping[str, Any]) -> Reply | None:
        """What a customer answered, if the payload is an answer. Within two seconds."""
        return self._quick(self.channel.reply, payload, answers.reply, None)

    def steps(self, message: Message) -> list[str]:
        """What a person does, in order; where the channel fails, at least the address and the words."""
        without = [step for step in (message.address or message.recipient, message.body) if step]
        return self._quick(self.channel.steps, message, answers.steps, without)

    def price(self, message: Message) -> float:
        """Yuan for sending `message`."""
        return self._quick(self.channel.price, message, answers.price, self.channel.can.price)

    def close(self) -> None:
        """Let the channel close what it has open; does not wait for it. What comes later is not handed over."""
        self._closed = True
        self._work.ask(self._job(self.channel.close, (), answers.nothing, None, QUICK))
        self._work.close()
        self._beside.close()

    def _chunks(self, messages: Sequence[Message]) -> list[Sequence[Message]]:
        """As many as one call may carry; the try after a pause is one alone."""
        together = type(self.channel).send_many is not Channel.send_many
        size = max(1, self.channel.can.bulk) if together else 1
        first = [messages[:1]] if self.breaker.probing and messages else []
        rest = messages[len(first) :]
        return first + [rest[start : start + size] for start in range(0, len(rest), size)]

    def _sending(self, chunk: Sequence[Message]) -> Job[list[Answer]]:
        seconds = self.channel.can.timeout

        def given_up(thread: Thread | None) -> list[Answer]:
            words = self._hung(thread, seconds)
            self._tell(words)
            return [UnknownOutcome(why=words) for _message in chunk]

        return Job(lambda: self._sent(chunk, seconds), _deadline(seconds), given_up)

    def _sent(self, chunk: Sequence[Message], seconds: float) -> list[Answer]:
        kept = self._kept_back()
        if kept is not None:
            return [kept] * len(chunk)
        send = self._hands_over(chunk)
        try:
            found = answers.taken(send(chunk, seconds), len(chunk))
        except SendError as error:
            found = [answers.known(error, self._root)] * len(chunk)
        except BaseException as error:
            found = [self._fault(error, self.channel.send if len(chunk) == 1 else send)] * len(chunk)
        self._note(found)
        return found

    def _hands_over(self, chunk: Sequence[Message]) -> Callable[[Sequence[Message], float], Sequence[object]]:
        if len(chunk) > 1 or type(self.channel).send is Channel.send:
            return self.channel.send_many
        return lambda chunk, seconds: [self.channel.send(chunk[0], seconds)]

    def _kept_back(self) -> SendError | None:
        """Why nothing is handed over now: the channel is off, or paused."""
        if self._closed:
            return NoConnection(
                _("{channel} was set up anew; it is tried again by itself").format(channel=self.channel.name)
            )
        if self.state == "on":
            return None
        until = self.paused_until
        if until is None or self.state == "off":
            return ConfigProblem(_("{channel} is off: {reason}").format(channel=self.channel.name, reason=self.reason))
        words = {"channel": self.channel.name, "time": f"{until:%H:%M}", "reason": self.reason}
        return NoConnection(_("{channel} is paused until {time}: {reason}").format(**words))

    def _note(self, found: Sequence[Answer]) -> None:
        for answer in found:
            if isinstance(answer, ChannelFault):
                self._tell(str(answer))
                self.breaker.fault(str(answer))
            elif isinstance(answer, ConfigProblem):
                self.breaker.must_be_mended(str(answer))
            else:
                self.breaker.went_well()

    def _quick(self, method: Callable[[Any], object], about: object, read: Callable[[object], T], without: T) -> T:
        return self._beside.ask(self._job(method, (about,), read, without, QUICK)).result()

    def _job(
        self,
        method: Callable[..., object],
        given: tuple[object, ...],
        read: Callable[[object], T],
        without: T,
        seconds: float,
    ) -> Job[T]:
        """A call of `method`: what it answers, or `without` when it fails or does not come back."""

        def called() -> T:
            try:
                return read(method(*given))
            except SendError as error:  # the gateway is not there: no fault of the channel
                self._tell(starred(str(error)))
                if isinstance(error, ConfigProblem):
                    self.breaker.must_be_mended(starred(str(error)))
            except BaseException as error:
                fault = self._fault(error, method)
                self.breaker.fault(str(fault))
                self._tell(str(fault))
            return without

        def given_up(thread: Thread | None) -> T:
            self._tell(self._hung(thread, seconds))
            return without

        return Job(called, _deadline(seconds), given_up)

    def _checking(self, seconds: float) -> Job[Problem | None]:
        def checked() -> Problem | None:
            try:
                return answers.problem(self.channel.check(seconds))
            except SendError as error:
                return Problem(starred(str(error)))
            except BaseException as error:
                return Problem(str(self._fault(error, self.channel.check)))

        def given_up(_thread: Thread | None) -> Problem:
            return Problem(_("no answer within {seconds:g} seconds").format(seconds=seconds))

        return Job(checked, _deadline(seconds), given_up)

    def _fault(self, error: BaseException, method: object) -> ChannelFault:
        """A wrong answer is to blame on the method that gave it, anything else on where it came from."""
        if isinstance(error, answers.WrongAnswer):
            return ChannelFault.of(Fault(str(error), *place_of(method)), self._root)
        return ChannelFault.of(error, self._root)

    def _hung(self, thread: Thread | None, seconds: float) -> str:
        place = shown(*standing(thread, self._root)) if self._root else self.channel.name
        words = _("{place}: no answer within {seconds:g} seconds").format(place=place, seconds=seconds)
        self.breaker.hung(words)
        return words

    def _tell(self, words: str) -> None:
        log(f"{self.channel.name}: {words}")


def _deadline(seconds: float) -> float:
    """A little after what the channel was told, so that one that keeps its time answers for itself."""
    return seconds + min(1.0, seconds / 2)
