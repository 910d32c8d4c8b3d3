"""The second and third rung: a channel as one decorated function, or as the one class of a file, without a hook."""

from __future__ import annotations

import pytest

from desk.plugins import Message, Receipt

FUNCTION = '''
from desk.plugins import *

@channel("pager", labels={"zh_CN": "呼机", "en": "pager"}, family="internal", address="phone")
def pager(message):
    """Prints on the duty room's pager."""
    return Receipt(state="sent", external_id=message.body)
'''
CLASS = """
from desk.plugins import *

class Pager(Channel):
    name = "pager"
    labels = {"en": "pager"}
    can = Capabilities(family="internal")

    def send(self, message, timeout):
        return Receipt(state="sent", external_id="class")
"""
MESSAGE = Message(recipient="县医院", address="1", body="x")


def sent(parts, **section) -> object:
    parts.channels = {"pager": section} if section else {}
    return parts.host().runner("pager").send([MESSAGE]).result(5)[0]


def test_one_function_is_a_channel(parts):
    parts.ship(pager=FUNCTION)
    host = parts.host()
    channel = host.channels["pager"]
    assert (channel.can.family, channel.can.address, channel.label) == ("internal", "phone", "pager")
    assert type(channel).__doc__ == "Prints on the duty room's pager."
    assert host.runner("pager").send([MESSAGE]).result(5) == [Receipt(state="sent", external_id="x")]
    (row,) = host.listed()
    assert (row.kind, row.parts) == ("channel", ("pager",))


def test_a_function_may_take_settings_and_the_time_it_has(parts):
    text = FUNCTION.replace(
        '@channel("pager"',
        'class Settings(ChannelSettings, frozen=True, kw_only=True):\n    line: int\n\n@channel("pager"',
    ).replace("def pager(message)", "def pager(timeout, message, settings: 'Settings')")
    parts.ship(pager=text.replace("external_id=message.body", 'external_id=f"{settings.line} {timeout:g}"'))
    assert sent(parts, line=3).external_id == "3 30"
    parts.channels = {}
    assert parts.host().channel_states()[0].state == "not_configured"


def test_capabilities_may_say_more_than_family_and_address(parts):
    parts.ship(pager=FUNCTION.replace('family="internal", address="phone"', 'can=Capabilities(family="sms", bulk=3)'))
    assert parts.host().channels["pager"].can.bulk == 3


def test_several_functions_are_several_channels(parts):
    parts.ship(pager=FUNCTION + FUNCTION.replace("pager", "beeper"))
    assert set(parts.host().channels) == {"pager", "beeper"}


def test_a_function_stays_a_function_that_can_be_called(parts):
    parts.ship(pager=FUNCTION + "\nassert pager(Message(recipient='a', address='b', body='c')).external_id == 'c'\n")
    assert parts.row("pager").state == "on"


FUNCTIONS = {
    "strange argument": (
        "def pager(msg)",
        "a channel function takes message, and if it wants settings and timeout; not msg",
    ),
    "no argument": ("def pager()", "a channel function takes message"),
    "settings of no kind": ("def pager(message, settings: int)", "settings must be annotated with a subclass of"),
    "settings that are not there": ("def pager(message, settings: 'Nope')", "name 'Nope' is not defined"),
}


@pytest.mark.parametrize(("head", "words"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_that_cannot_be_a_channel_is_named_with_its_line(parts, head, words):
    parts.ship(pager=FUNCTION.replace("def pager(message)", head))
    row = parts.row("pager")
    assert row.state == "off"
    assert row.reason.startswith("plugins/pager.py line 4: ")
    assert words in row.reason


@pytest.mark.parametrize("name", ["Pager!", "", "2"])
def test_a_function_with_a_name_that_no_section_can_have_is_off(parts, name):
    parts.ship(pager=FUNCTION.replace('"pager"', repr(name), 1))
    assert "matching regex" in parts.row("pager").reason


@pytest.mark.parametrize("answer", ["None", "True", "'4711'"])
def test_a_function_that_answers_no_receipt_is_to_blame_in_its_line(parts, answer):
    parts.ship(pager=FUNCTION.replace('Receipt(state="sent", external_id=message.body)', answer))
    fault = sent(parts)
    assert str(fault).startswith("fault in plugins/pager.py line 4: send() must return a Receipt, not " + answer)


def test_the_one_class_of_a_file_is_its_channel(parts):
    parts.ship(pager=CLASS)
    assert sent(parts).external_id == "class"


def test_two_classes_are_a_clear_error(parts):
    parts.ship(pager=CLASS + CLASS.replace("Pager", "Beeper").replace("pager", "beeper"))
    assert "has 2 channels (Pager, Beeper): keep one, or return them from desk_channels()" in parts.row("pager").reason


def test_a_class_that_was_imported_or_begins_with_an_underscore_does_not_count(parts):
    parts.ship(pager=CLASS.replace("class Pager(Channel)", "class _Base(Channel):\n    pass\n\nclass Pager(_Base)"))
    assert list(parts.host().channels) == ["pager"]


def test_a_file_that_answers_a_hook_says_itself_what_its_channels_are(parts):
    parts.ship(pager=CLASS + "@hookimpl\ndef desk_channels():\n    return []\n")
    assert dict(parts.host().channels) == {}
    assert parts.row("pager").state == "on"
