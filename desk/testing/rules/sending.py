"""Rules for handing messages over to a gateway that takes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from threading import Thread

from desk.i18n import N_, _
from desk.plugins import Capabilities, Channel, Message, Receipt, Refused, SendError, Unsupported
from desk.testing.bench import Bench, Heard
from desk.testing.findings import Broken, Rule, Skip
from desk.testing.trying import SLACK, asked, handed, named, opened, short, taken
from desk.testing.watch import silenced

AWKWARD = "“引号” 'q' \"q\" & <b>粗</b> {braces} {{x}} %s 100% \\n $HOME `id` ; | 换行\n第二行 ①②③ ￥9.50"
EMOJI = "停电⚡😀👨‍👩‍👧‍👦完"
LONG = 2000  # signs, for channels that name no limit
SMS_PART = 70  # signs of one SMS that is not plain ASCII


def gives_a_receipt(bench: Bench) -> None:
    """A receipt in an allowed state, with the gateway's id where receipts are promised; the gateway has the words."""
    with opened(bench) as channel:
        message = bench.message()
        receipt = taken(bench, channel, message)
        heard = bench.heard()
    if channel.can.receipts != "none" and not receipt.external_id:
        raise Broken(_("receipts are promised, and the Receipt has no external_id to match them by"))
    if not channel.can.needs_human and receipt.state == "with_agent":
        raise Broken(_("no person is needed, and the Receipt says with_agent"))
    if len(heard) != 1:
        raise Broken(_("one message was handed over, and the gateway has {count}").format(count=len(heard)))
    _said(bench, heard[0], message)


def checks_only(bench: Bench) -> None:
    """`check` finds nothing wrong with a gateway that is there, and sends nothing."""
    with opened(bench) as channel:
        problem = asked(channel, "check()", lambda: channel.check(bench.patience), bench.patience)
        if problem is not None:
            raise Broken(_("the gateway is there, and check() says: {words}").format(words=short(problem)))
        if bench.heard():
            raise Broken(_("check() sent a message"))


def prices(bench: Bench) -> None:
    """`price` is a number of yuan, never below nothing."""
    with opened(bench) as channel:
        price = asked(channel, "price()", lambda: channel.price(bench.message()), bench.patience)
    if isinstance(price, bool) or not isinstance(price, int | float) or price < 0:
        raise Broken(_("price() must be a number of yuan, not {got}").format(got=short(price)))


def never_cuts(bench: Bench) -> None:
    """Any text, up to the limit and over it, is sent whole or refused."""
    if not bench.reads:
        raise Skip(_("what the gateway heard cannot be read back"))
    with opened(bench) as channel:
        for number, body in enumerate(bodies(channel.can), 1):
            _whole(bench, channel, bench.message(body=body, number=number))


def bodies(can: Capabilities) -> Sequence[str]:
    """Texts that careless code cuts or garbles: at the limit, one over it, far over it, with awkward signs."""
    limit = can.max_chars or (SMS_PART if can.encoding == "sms" else LONG)
    awkward = [text for text in (AWKWARD, EMOJI) if len(text) <= limit]
    return [*awkward, _filling(limit), _filling(limit + 1), _filling(limit * 3)]


def keeps_apart(bench: Bench) -> None:
    """Two messages at once each reach their own recipient."""
    if not bench.reads:
        raise Skip(_("what the gateway heard cannot be read back"))
    messages = [bench.message(body=f"第{number}户停电", number=number) for number in range(1, 9)]
    with opened(bench) as channel:
        _at_once(bench, channel, messages)
        heard = bench.heard()
    for message in messages:
        own = [one for one in heard if one.says(message.body)]
        if len(own) != 1:
            text = _("messages sent at once: the gateway has “{body}” {count} times")
            raise Broken(text.format(body=message.body, count=len(own)))
        _said(bench, own[0], message)


def knows_its_keys(bench: Bench) -> None:
    """The same key handed over twice is one message."""
    with opened(bench) as channel:
        first = taken(bench, channel, bench.message())
        second = taken(bench, channel, bench.message())
        taken(bench, channel, bench.message(number=2))
        count = len(bench.heard())
    if count != 2:
        text = _("the same key was handed over twice and another once: the gateway has {count} messages, not 2")
        raise Broken(text.format(count=count))
    if first.external_id != second.external_id:
        raise Broken(_("the same key was handed over twice, and has two ids"))


def answers_each(bench: Bench) -> None:
    """`send_many` answers for each message, in order."""
    with opened(bench) as channel:
        messages = [
            bench.message(body=f"第{number}条", number=number) for number in range(1, min(channel.can.bulk, 5) + 1)
        ]
        answers = asked(channel, "send_many()", lambda: channel.send_many(messages, bench.patience), bench.patience)
        if not isinstance(answers, list | tuple) or len(answers) != len(messages):
            text = _("{count} messages were handed over, and send_many() returned {got}")
            raise Broken(text.format(count=len(messages), got=short(answers)))
        for message, answer in zip(messages, answers, strict=True):
            _answered(bench, message, answer)


def prints_nothing(bench: Bench) -> None:
    """Nothing is printed, and the program is not ended."""
    with silenced() as printed:
        with opened(bench) as channel:
            if "accept" in bench.plays:
                asked(channel, "check()", lambda: channel.check(bench.patience), bench.patience)
                handed(bench, channel, bench.message())
            asked(channel, "steps()", lambda: channel.steps(bench.message()), bench.patience)
            asked(channel, "receipt()", lambda: channel.receipt({}), bench.patience)
            asked(channel, "reply()", lambda: channel.reply({}), bench.patience)
            asked(channel, "close()", channel.close, bench.patience)  # and once more at the end: twice does no harm
        said = printed.getvalue()
    if said:
        raise Broken(_("it printed: {words}").format(words=short(said.strip() or said)))


def _whole(bench: Bench, channel: Channel, message: Message) -> None:
    before = len(bench.heard())
    answer = handed(bench, channel, message)
    fresh = bench.heard()[before:]
    signs = len(message.body)
    if isinstance(answer, Unsupported | Refused):
        if message.body == _filling(signs) and signs <= channel.can.max_chars:
            raise Broken(_("a text of {signs} signs is within the limit, and was refused").format(signs=signs))
        if fresh:
            raise Broken(_("a text of {signs} signs was refused, and sent all the same").format(signs=signs))
    elif isinstance(answer, SendError):
        raise Broken(_("a text of {signs} signs: {error}").format(signs=signs, error=named(answer)))
    elif not any(one.says(message.body) for one in fresh):
        text = _("a text of {signs} signs did not arrive whole; “{start}…” must be sent whole or refused (Unsupported)")
        raise Broken(text.format(signs=signs, start=message.body[:12]))


def _filling(length: int) -> str:
    """Chinese text of exactly `length` signs, its end recognisable."""
    return ("始" + "电" * (length - 2) + "终")[:length]


def _at_once(bench: Bench, channel: Channel, messages: Sequence[Message]) -> None:
    failed: list[str] = []

    def send(message: Message) -> None:
        try:
            taken(bench, channel, message)
        except Broken as mistake:
            failed.append(str(mistake))

    threads = [Thread(target=send, args=(message,), daemon=True) for message in messages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(bench.patience + SLACK)
    if failed:
        raise Broken(_("messages sent at once: {words}").format(words=failed[0]))


def _answered(bench: Bench, message: Message, answer: object) -> None:
    if not isinstance(answer, Receipt | SendError):
        raise Broken(_("send_many() answered {got}, neither a Receipt nor a SendError").format(got=short(answer)))
    if isinstance(answer, SendError):
        raise Broken(_("the gateway takes messages, and send_many() answered {error}").format(error=named(answer)))
    heard = [one for one in bench.heard() if one.says(message.body)] if bench.reads else []
    if heard and heard[0].id and answer.external_id and heard[0].id != answer.external_id:
        text = _("the answers are not in order: “{body}” is {id} at the gateway, and was answered {other}")
        raise Broken(text.format(body=message.body, id=heard[0].id, other=answer.external_id))


def _said(bench: Bench, heard: Heard, message: Message) -> None:
    if not bench.reads:
        return
    if not heard.says(message.body):
        raise Broken(_("the gateway does not have the words of the message"))
    if bench.can.address in ("phone", "mobile", "fax"):
        end = re.sub(r"\D", "", message.address)[-7:]
        there = any(end in re.sub(r"\D", "", word) for word in heard.words)
    else:
        there = heard.says(message.address) or bench.can.address == "group"
    if not there:
        raise Broken(_("the gateway has the words, and not the address {address}").format(address=message.address))


def _keyless(can: Capabilities) -> str:
    return "" if can.idempotency else _("no idempotency keys are promised")


def _singly(can: Capabilities) -> str:
    return "" if can.bulk > 1 else _("it takes one message a call")


RULES = (
    Rule(id="quiet", sentence=N_("Nothing is printed, and the program is not ended"), keep=prints_nothing),
    Rule(id="price", sentence=N_("The price is a number of yuan"), keep=prices),
    Rule(
        id="receipt",
        sentence=N_("A message that is taken gives a Receipt in an allowed state, and the gateway has the words"),
        keep=gives_a_receipt,
        plays=("accept",),
    ),
    Rule(id="check", sentence=N_("Checking finds the gateway and sends nothing"), keep=checks_only, plays=("accept",)),
    Rule(id="whole", sentence=N_("A text is sent whole or refused, never cut"), keep=never_cuts, plays=("accept",)),
    Rule(id="apart", sentence=N_("Messages sent at once do not mix recipients"), keep=keeps_apart, plays=("accept",)),
    Rule(
        id="key",
        sentence=N_("The same key twice is one message"),
        keep=knows_its_keys,
        plays=("accept",),
        unless=_keyless,
    ),
    Rule(
        id="bulk",
        sentence=N_("Many at once are answered one by one, in order"),
        keep=answers_each,
        plays=("accept",),
        unless=_singly,
    ),
)
