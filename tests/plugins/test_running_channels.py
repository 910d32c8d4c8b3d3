"""Calling a channel: whatever it does, the caller gets an answer for every message, in order and in time."""

# ruff: noqa: ARG001, ARG002 (fakes take what the contract hands them)
from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from desk.plugins import (
    BadAddress,
    Capabilities,
    Channel,
    ConfigProblem,
    Message,
    NoConnection,
    Problem,
    Receipt,
    Refused,
    Reply,
    Report,
    SendError,
    Throttled,
    UnknownOutcome,
)
from desk.plugins.breaker import FAULTS
from desk.plugins.lanes import Watch
from desk.plugins.printing import log, log_in
from desk.plugins.running import Runner
from desk.records import AttemptState

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
HERE = Path(__file__)
LONG = 5.0  # seconds: longer than any deadline here


class Obedient(Channel):
    """Does what the message's words name in `does`."""

    name = "pager"
    labels = {"en": "pager"}
    can = Capabilities(family="sms", timeout=0.2)
    does: dict[str, Callable[[Message], Any]] = {}

    def send(self, message: Message, timeout: float) -> Receipt:
        return self.does.get(message.body, lambda message: Receipt(state="sent", external_id=message.body))(message)


def raising(error: BaseException) -> Callable[[Message], Any]:
    def act(message: Message) -> Any:
        raise error

    return act


class Tick:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def watch() -> Watch:
    return Watch()


@pytest.fixture
def run(watch) -> Callable[..., Runner]:
    def made(channel: type[Channel] = Obedient, **does: Callable[[Message], Any]) -> Runner:
        kind = type("Pager", (channel,), {"does": does})
        runner = Runner(kind(), watch=watch, now=lambda: NOON, root=HERE)
        runner.tick = runner.breaker._tick = Tick()  # type: ignore[attr-defined]
        return runner

    return made


def said(*bodies: str) -> list[Message]:
    return [Message(recipient="县医院", address="1", body=body) for body in bodies]


def answered(runner: Runner, *bodies: str) -> list[Receipt | SendError]:
    return runner.send(said(*bodies)).result(LONG)


def test_each_message_gets_its_own_answer_in_order(run):
    found = answered(run(), *map(str, range(100)))
    assert [answer.external_id for answer in found] == list(map(str, range(100)))


def test_nothing_to_send_is_answered_at_once(run):
    assert run().send([]).result(0) == []


def test_two_sendings_do_not_mix(run):
    runner = run()
    one, other = runner.send(said("a", "b")), runner.send(said("c"))
    assert [answer.external_id for answer in one.result(LONG) + other.result(LONG)] == ["a", "b", "c"]


ERRORS = [BadAddress(), Refused("no", why="4711"), Throttled(retry_after=3), NoConnection(), UnknownOutcome()]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_a_send_error_is_an_answer_and_no_fault(run, error):
    runner = run(x=raising(error))
    assert answered(runner, *["x"] * (FAULTS + 1)) == [error] * (FAULTS + 1)
    assert runner.state == "on"


FAULTY = {
    "raises": (raising(ValueError("no")), "ValueError: no"),
    "exits": (raising(SystemExit(1)), "tried to end the program"),
    "is interrupted": (raising(KeyboardInterrupt()), "was interrupted"),
    "raises an error of its own": (raising(type("Mine", (SendError,), {"sentence": "x"})()), "Mine"),
    "returns None": (lambda _: None, "send() must return a Receipt, not None"),
    "returns True": (lambda _: True, "send() must return a Receipt, not True"),
    "returns a list": (lambda _: [Receipt(state="sent")], "send() must return a Receipt"),
    "returns a strange state": (lambda _: Receipt(state="great"), "state='great'"),
    "returns a number for an id": (lambda _: Receipt(state="sent", external_id=7), "external_id=7"),
    "returns an error instead of raising": (lambda _: ValueError("no"), "send() must return a Receipt"),
}


@pytest.mark.parametrize(("act", "words"), FAULTY.values(), ids=FAULTY)
def test_anything_else_is_a_fault_with_file_and_line(run, act, words):
    (fault,) = answered(run(x=act), "x")
    assert (fault.code, fault.retryable) == ("fault", False)
    assert str(fault).startswith(f"fault in plugins/{HERE.name} line ")
    assert words in str(fault)


def test_an_error_whose_words_fail_is_told_by_its_name(run):
    class Evil(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    (fault,) = answered(run(x=raising(Evil())), "x")
    assert str(fault).endswith(": Evil")


def test_a_fault_of_one_message_leaves_the_others_alone(run):
    found = answered(run(x=lambda _: None), "a", "x", "b")
    assert [getattr(answer, "external_id", "") for answer in found] == ["a", "", "b"]


def test_what_it_prints_goes_to_the_log_and_never_to_the_screen(run, capfd, caplog):
    def noisy(message: Message) -> Receipt:
        print("dialling", message.address)
        return Receipt(state="sent")

    with caplog.at_level(logging.INFO, "desk.plugins"):
        runner = run(x=noisy)
        answered(runner, "x", "x")
        print("the desk itself")
    assert "pager printed: dialling 1" in caplog.text
    assert capfd.readouterr().out == "the desk itself\n"


def test_it_cannot_read_the_keyboard(run):
    (fault,) = answered(run(x=lambda _: input("number? ")), "x")
    assert "EOFError" in str(fault)


class Hanging(Obedient):
    def send(self, message: Message, timeout: float) -> Receipt:
        if message.body == "x":
            time.sleep(LONG)
        return super().send(message, timeout)


def test_a_send_that_hangs_is_unknown_and_what_was_not_handed_over_may_go_later(run):
    runner = run(Hanging)
    started = time.monotonic()
    done, hung, waiting = answered(runner, "a", "x", "b")
    assert time.monotonic() - started < 1.5
    assert (done.external_id, hung.code, hung.retryable) == ("a", "unknown_outcome", False)
    assert (waiting.code, waiting.retryable) == ("no_connection", True)
    assert f"plugins/{HERE.name} line" in hung.why
    assert (runner.state, runner.paused_until) == ("paused", datetime(2026, 12, 1, 12, 1, tzinfo=UTC))


def test_after_a_hang_the_channel_goes_on_with_a_thread_of_its_own(run):
    runner = run(Hanging)
    answered(runner, "x")
    runner.tick.now += 61
    assert [answer.external_id for answer in answered(runner, "a", "b")] == ["a", "b"]


def test_the_third_hang_switches_it_off_for_the_shift(run):
    runner = run(Hanging)
    for _time in range(3):
        answered(runner, "x")
        runner.tick.now += 61
    assert (runner.state, answered(runner, "a")[0].code) == ("off", "config_problem")
    assert "3 calls did not come back, off for this shift" in runner.reason
    runner.tick.now += 8 * 3600
    assert runner.state == "on"


def test_a_stuck_channel_holds_up_no_other(run):
    stuck, other = run(Hanging), run()
    waiting = stuck.send(said("x"))
    started = time.monotonic()
    assert answered(other, "a")[0].external_id == "a"
    assert time.monotonic() - started < 0.15
    assert waiting.result(LONG)[0].code == "unknown_outcome"


def test_what_an_abandoned_call_answers_later_is_not_believed(run):
    late = Event()

    class Late(Obedient):
        def send(self, message: Message, timeout: float) -> Receipt:
            if message.body == "x":
                late.wait(LONG)
            return super().send(message, timeout)

    runner = run(Late)
    (hung,) = answered(runner, "x")
    late.set()
    runner.tick.now += 61
    assert hung.code == "unknown_outcome"
    assert [answer.external_id for answer in answered(runner, "a", "b")] == ["a", "b"]


def test_five_faults_in_a_row_pause_it_and_then_one_message_is_tried(run):
    handed: list[str] = []

    def faulty(message: Message) -> None:
        handed.append(message.body)

    runner = run(x=faulty)
    found = answered(runner, *["x"] * 8)
    assert [answer.code for answer in found] == ["fault"] * 5 + ["no_connection"] * 3
    assert (runner.state, runner.paused_until) == ("paused", datetime(2026, 12, 1, 12, 5, tzinfo=UTC))
    assert "5 faults in a row, the last: fault in" in runner.reason
    runner.tick.now += 301
    assert runner.state == "on"
    assert [answer.code for answer in answered(runner, "x", "x")] == ["fault", "no_connection"]
    assert (len(handed), runner.state) == (6, "paused")
    runner.tick.now += 301
    assert answered(runner, "a")[0].external_id == "a"
    assert (runner.state, runner.reason, runner.paused_until) == ("on", "", None)


def test_faults_with_a_success_between_them_pause_nothing(run):
    runner = run(x=lambda _: None)
    answered(runner, *["x", "x", "x", "x", "a"] * 3)
    assert runner.state == "on"


def test_wrong_settings_pause_it_until_somebody_mends_them(run):
    runner = run(x=raising(ConfigProblem("wrong password")))
    first, second = answered(runner, "x", "a")
    assert (first.code, second.code) == ("config_problem", "config_problem")
    assert (runner.state, runner.reason, runner.paused_until) == ("paused", "wrong password", None)
    runner.tick.now += 1e6
    assert runner.state == "paused"
    runner.breaker.reset()
    assert answered(runner, "a")[0].external_id == "a"


class Bulk(Obedient):
    can = Capabilities(family="sms", bulk=3, timeout=0.2)

    def send_many(self, messages: Sequence[Message], timeout: float) -> Sequence[Receipt | SendError]:
        if messages[0].body == "x":
            time.sleep(LONG)
        if messages[0].body == "short":
            return []
        return [Receipt(state="accepted", external_id=f"{message.body}/{len(messages)}") for message in messages]


def test_a_channel_that_takes_many_gets_as_many_as_it_can_at_once(run):
    found = answered(run(Bulk), *"abcde")
    assert [answer.external_id for answer in found] == ["a/3", "b/3", "c/3", "d/2", "e/2"]


def test_too_few_answers_are_a_fault_for_all_of_them(run):
    found = answered(run(Bulk), "short", "b", "c", "d", "e")
    assert [getattr(answer, "code", "sent") for answer in found] == ["fault"] * 3 + ["sent"] * 2
    assert "send_many() must return one answer for each of 3 messages" in str(found[0])


def test_of_a_bulk_that_hangs_all_is_unknown_and_the_rest_may_go_later(run):
    found = answered(run(Bulk), "x", "b", "c", "d")
    assert [answer.code for answer in found] == ["unknown_outcome"] * 3 + ["no_connection"]


class Talking(Obedient):
    """Everything beside sending, by what the test gives it."""

    answers: dict[str, Any] = {}

    def _say(self, name: str) -> Any:
        answer = self.answers[name]
        return answer() if callable(answer) else answer

    def poll(self, ids, timeout):
        return self._say("poll")

    def cancel(self, id, timeout):
        return self._say("cancel")

    def check(self, timeout):
        return self._say("check")

    def receipt(self, payload):
        return self._say("receipt")

    def reply(self, payload):
        return self._say("reply")

    def steps(self, message):
        return self._say("steps")

    def price(self, message):
        return self._say("price")


def fail() -> Any:
    raise ValueError("no")


def gone() -> Any:
    raise NoConnection


REPORT = Report(external_id="1", state=AttemptState.DELIVERED)
BESIDE: dict[str, tuple[Callable[[Runner], Any], Any, Any]] = {
    # what is asked, a right answer, what is said instead of a wrong one
    "poll": (lambda runner: runner.poll(["1"]).result(LONG), [REPORT], []),
    "cancel": (lambda runner: runner.cancel("1").result(LONG), True, False),
    "receipt": (lambda runner: runner.receipt({}), [REPORT], []),
    "reply": (lambda runner: runner.reply({}), Reply(address="1", body="收到"), None),
    "steps": (lambda runner: runner.steps(said("今晚停电")[0]), ["dial"], ["1", "今晚停电"]),
    "price": (lambda runner: runner.price(said("x")[0]), 0.05, 0.0),
}


@pytest.mark.parametrize(("ask", "right", "instead"), BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize(
    "junk", [42j, ["x", 1], fail, gone, object()], ids=["junk", "list", "raises", "gone", "object"]
)
def test_what_else_is_asked_never_fails_and_junk_is_not_believed(run, ask, right, instead, junk):
    name = next(name for name, row in BESIDE.items() if row[0] is ask)
    runner = run(Talking)
    runner.channel.answers = {name: right}
    assert ask(runner) == right
    runner.channel.answers = {name: junk}
    assert ask(runner) == instead


def test_stored_reports_are_handed_back_to_the_channel(run):
    class Keeping(Obedient):
        kept: list[Report] = []

        def stored(self, reports):
            self.kept.extend(reports)

    runner = run(Keeping)
    runner.stored([REPORT]).result(LONG)
    assert runner.channel.kept == [REPORT]


def test_wrong_settings_that_show_when_polling_pause_it_too(run):
    runner = run(Talking)
    runner.channel.answers = {"poll": lambda: (_ for _ in ()).throw(ConfigProblem("wrong password"))}
    assert runner.poll([]).result(LONG) == []
    assert (runner.state, runner.reason) == ("paused", "wrong password")


def test_a_thread_of_the_channels_own_that_fails_prints_nothing(parts, capfd, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)  # pytest has one of its own
    parts.ship(
        pager="import threading\nfrom desk.plugins import *\n@channel('pager', family='sms')\ndef pager(message):\n"
        "    thread = threading.Thread(target=lambda: 1 / 0)\n    thread.start()\n    thread.join()\n"
        "    return Receipt(state='sent')\n"
    )
    assert parts.host().runner("pager").send(said("x")).result(LONG) == [Receipt(state="sent")]
    assert capfd.readouterr() == ("", "")
    assert "ZeroDivisionError" in (parts.data / "plugins.log").read_text()


def test_faults_and_hangs_are_in_the_log_of_the_data_folder_and_not_on_the_screen(run, tmp_path, capfd):
    log_in(tmp_path)
    answered(run(Hanging, y=lambda _: print("hello")), "y", "x")
    text = (tmp_path / "plugins.log").read_text(encoding="utf-8")
    assert "pager printed: hello" in text
    assert "pager: fault in plugins/test_running_channels.py line" in text
    assert "no answer within 0.2 seconds" in text
    assert capfd.readouterr() == ("", "")


def test_a_log_that_has_grown_begins_anew_and_keeps_the_last(tmp_path, monkeypatch):
    from desk.plugins import journal

    monkeypatch.setattr(journal, "LARGEST", 100)
    log_in(tmp_path)
    for number in range(9):
        log(f"{number} " + "x" * 40)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plugins.log", "plugins.log.1"]
    assert (tmp_path / "plugins.log").stat().st_size < 300


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path):
    log_in(tmp_path / "nowhere")
    log("x")


CHECKS = {
    "well": (lambda: None, None),
    "a problem": (lambda: Problem("no line"), "no line"),
    "a send error": (gone, "the gateway was not reached"),
    "raises": (fail, "ValueError: no"),
    "junk": (lambda: False, "check() must return a Problem or None"),
    "hangs": (lambda: time.sleep(LONG), "no answer within 0.2 seconds"),
}


@pytest.mark.parametrize(("answer", "words"), CHECKS.values(), ids=CHECKS)
def test_a_check_that_fails_or_hangs_is_a_problem(run, answer, words):
    runner = run(Talking)
    runner.channel.answers = {"check": answer}
    problem = runner.check(0.2).result(LONG)
    assert words in problem.text if words else problem is None
    assert runner.state == "on"


def test_steps_are_there_while_the_channel_is_busy_sending(run):
    runner = run(Hanging)
    waiting = runner.send(said("x"))
    started = time.monotonic()
    assert runner.steps(said("今晚停电")[0]) == []
    assert time.monotonic() - started < 0.15
    waiting.result(LONG)


def test_a_secret_that_was_revealed_is_in_no_word_of_an_error(run):
    from desk.plugins import Secret

    password = Secret.of("geheim-4711").reveal()
    runner = run(x=raising(ValueError(f"login {password}")), y=raising(Refused(f"login {password}", why=password)))
    fault, refused = answered(runner, "x", "y")
    assert "geheim" not in f"{fault} {refused} {refused.why}"
    assert "login ***" in str(fault)


def test_what_comes_after_closing_is_not_handed_over_and_may_go_later(run):
    handed: list[str] = []
    runner = run(x=lambda message: handed.append(message.body))
    runner.close()
    assert [answer.code for answer in answered(runner, "x", "x")] == ["no_connection"] * 2
    assert (handed, runner.state) == ([], "off")


def test_many_hangs_and_sendings_at_once_are_all_answered(run):
    import random

    chance = random.Random(7)
    runners = [run(Hanging) for _runner in range(8)]
    asked = []
    for runner in runners:
        bodies = [chance.choice("aaax") for _message in range(20)]
        asked += [(bodies, runner.send(said(*bodies))), (bodies, runner.send(said(*bodies)))]
    for bodies, future in asked:
        assert len(future.result(LONG)) == len(bodies)


def test_closing_lets_the_channel_close_and_waits_for_nobody(run):
    closed = Event()

    class Closing(Obedient):
        def close(self):
            closed.set()
            time.sleep(LONG)

    started = time.monotonic()
    run(Closing).close()
    assert time.monotonic() - started < 0.5
    assert closed.wait(LONG)
