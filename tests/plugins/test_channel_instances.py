"""From types and sections to the county's channels: which there are, which may be used, and why not."""

from __future__ import annotations

import pytest

from desk.config import MessageSettings
from desk.errors import NotFound
from desk.plugins import Message, Receipt

HEAD = "from typing import Annotated\nfrom desk.plugins import *\n"
PAGER = HEAD + (
    "class Pager(Channel):\n"
    "    name = 'pager'\n"
    "    labels = {'en': 'pager'}\n"
    "    can = Capabilities(family='sms', price=0.1, rate=5)\n"
    "    def send(self, message, timeout):\n"
    "        return Receipt(state='sent', external_id=self.name)\n"
)
CENTRE = HEAD + (
    "class Centre(Channel):\n"
    "    name = 'centre'\n"
    "    labels = {'en': 'centre'}\n"
    "    can = Capabilities(family='sms')\n"
    "    class Settings(ChannelSettings, frozen=True, kw_only=True):\n"
    "        host: str\n"
    "        port: Annotated[int, described({'en': 'port'}, least=1, most=65535)] = 2775\n"
    "        password: Secret | None = None\n"
    "    def send(self, message, timeout):\n"
    "        return Receipt(state='sent', external_id=self.settings.host)\n"
)
MESSAGE = Message(recipient="县医院", address="1", body="x")


def states(parts) -> dict[str, tuple[str, str]]:
    return {row.name: (row.type, row.state) for row in parts.host().channel_states()}


def reason(parts, name: str) -> str:
    return next(row.reason for row in parts.host().channel_states() if row.name == name)


def test_a_type_that_needs_no_setting_is_there_under_its_own_name(parts):
    parts.ship(pager=PAGER)
    host = parts.host()
    assert list(host.channels) == ["pager"]
    assert host.runner("pager").send([MESSAGE]).result(5) == [Receipt(state="sent", external_id="pager")]


def test_a_type_that_needs_a_setting_waits_for_a_section(parts):
    parts.ship(centre=CENTRE)
    (row,) = parts.host().channel_states()
    assert (row.state, row.section, row.family) == ("not_configured", False, "sms")
    assert "config.toml has no [channels.centre]; desk plugins show centre prints an example" in row.reason
    with pytest.raises(NotFound, match=r"centre cannot be used: config\.toml has no"):
        parts.host().runner("centre")


def test_several_channels_of_one_type_have_their_own_names_and_settings(parts):
    parts.ship(centre=CENTRE)
    parts.channels = {"north": {"type": "centre", "host": "n"}, "south": {"type": "centre", "host": "s"}}
    host = parts.host()
    assert {name: channel.settings.host for name, channel in host.channels.items()} == {"north": "n", "south": "s"}
    assert host.channels["south"].name == "south"
    assert host.runner("south").send([MESSAGE]).result(5)[0].external_id == "s"
    assert list(host.channel_types) == ["centre"]
    assert host.channel_types["centre"].name == "centre"


def test_a_section_may_say_whom_it_serves_and_what_it_costs(parts):
    parts.ship(pager=PAGER)
    parts.channels = {"pager": {"serves": ["hospital"], "price": 0.05}}
    channel = parts.host().channels["pager"]
    assert (channel.serves, channel.can.price, channel.can.rate) == (("hospital",), 0.05, 5)
    assert type(channel).can.price == 0.1


def test_a_channel_can_be_switched_off_in_its_section(parts):
    parts.ship(pager=PAGER)
    parts.channels = {"pager": {"enabled": False}}
    assert states(parts) == {"pager": ("pager", "off")}
    assert dict(parts.host().channels) == {}


SECTIONS = {
    "missing": ("", "line 1: [channels.centre] host is missing"),
    "unknown": ('hsot = "x"\nhost = "y"', 'line 2: [channels.centre] there is no setting "hsot"; did you mean host?'),
    "wrong type": ("host = 5", "line 2: [channels.centre] host: must be a text in quotes, not 5"),
    "out of range": ('host = "x"\nport = 0', "line 3: [channels.centre] port: 0 does not fit: Expected `int` >= 1"),
    "common": ('host = "x"\nenabled = "no"', "line 3: [channels.centre] enabled: must be true or false, not 'no'"),
    "secret in clear": (
        'host = "x"\npassword = "geheim"',
        "line 3: [channels.centre] password: a secret is never written",
    ),
    "secret missing": (
        'host = "x"\npassword = { env = "NOT_SET_ANYWHERE" }',
        "line 3: [channels.centre] password: the environment variable NOT_SET_ANYWHERE is not set",
    ),
}


@pytest.mark.parametrize(("section", "words"), SECTIONS.values(), ids=SECTIONS)
def test_a_wrong_setting_keeps_that_channel_out_with_line_and_reason(parts, section, words):
    import tomllib

    parts.ship(centre=CENTRE, pager=PAGER)
    parts.file = parts.data / "config.toml"
    parts.file.write_text(f"[channels.centre]\n{section}\n", encoding="utf-8")
    parts.channels = tomllib.loads(parts.file.read_text(encoding="utf-8"))["channels"]
    told = reason(parts, "centre")
    assert told.startswith(f"config.toml {words}")
    assert "geheim" not in told
    assert states(parts)["centre"] == ("centre", "not_configured")
    assert list(parts.host().channels) == ["pager"]


def test_all_mistakes_of_a_section_are_told_at_once_in_the_order_of_the_file(parts):
    import tomllib

    parts.ship(centre=CENTRE)
    parts.file = parts.data / "config.toml"
    parts.file.write_text('[channels.centre]\nport = "x"\nhsot = "y"\n', encoding="utf-8")
    parts.channels = tomllib.loads(parts.file.read_text(encoding="utf-8"))["channels"]
    told = reason(parts, "centre")
    assert told.index("host is missing") < told.index("port: must be") < told.index('"hsot"')


def test_a_type_that_is_not_there_is_named_with_what_is_near(parts):
    parts.ship(centre=CENTRE)
    parts.channels = {"north": {"type": "center"}}
    assert 'there is no type of channel called "center"; did you mean centre?' in reason(parts, "north")


def test_a_channel_whose_plugin_waits_for_approval_says_so(parts):
    parts.drop(pager=PAGER)
    parts.channels = {"pager": {}}
    assert states(parts) == {"pager": ("pager", "not_approved")}
    assert "nobody has approved it yet" in reason(parts, "pager")


def test_a_channel_that_cannot_be_made_from_its_settings_is_off_with_file_and_line(parts):
    parts.ship(
        centre=CENTRE.replace(
            "    def send", "    def __init__(self, settings=None):\n        1 / (settings.port - 1)\n    def send"
        ),
        pager=PAGER,
    )
    parts.channels = {"centre": {"host": "x", "port": 1}}
    assert states(parts) == {"pager": ("pager", "on"), "centre": ("centre", "off")}
    assert "plugins/centre.py line 12: ZeroDivisionError" in reason(parts, "centre")


def test_a_channel_that_promises_nonsense_when_it_is_made_is_off(parts):
    parts.ship(
        centre=CENTRE.replace(
            "    def send",
            "    def __init__(self, settings=None):\n        super().__init__(settings)\n"
            "        self.can = Capabilities(bulk=0)\n    def send",
        )
    )
    parts.channels = {"centre": {"host": "x"}}
    assert states(parts) == {"centre": ("centre", "off")}
    assert "plugins/centre.py line 11: can: timeout must be above 0" in reason(parts, "centre")


def test_changed_settings_hold_at_once_and_what_was_open_is_closed(parts):
    parts.ship(centre=CENTRE)
    parts.channels = {"centre": {"host": "old"}}
    host = parts.host()
    before = host.runner("centre")
    parts.channels = {"centre": {"host": "new"}}
    host.reconfigured(parts.config())
    assert host.runner("centre") is not before
    assert host.runner("centre").send([MESSAGE]).result(5)[0].external_id == "new"


def test_in_training_nothing_reaches_the_channel(parts):
    parts.ship(pager=PAGER.replace("return Receipt", "raise SystemExit\n        return Receipt"))
    parts.messages = MessageSettings(training=True)
    runner = parts.host().runner("pager")
    assert runner.send([MESSAGE]).result(5) == [Receipt(state="sent")]
    assert (runner.channel.label, runner.channel.can.price) == ("pager", 0.1)


def test_a_runner_is_made_once(parts):
    parts.ship(pager=PAGER)
    host = parts.host()
    assert host.runner("pager") is host.runner("pager")


def test_a_declared_channel_is_read_when_channels_are_asked_for(parts):
    (parts.dropped / "notes.toml").write_text(
        'kind = "human"\nname = "notes"\nlabel = { en = "notes" }\n[can]\nfamily = "internal"\n'
        '[steps]\nen = ["write {body}"]\n',
        encoding="utf-8",
    )
    (parts.dropped / "broken.toml").write_text('kind = "human"\nname = "broken"\nno TOML\n', encoding="utf-8")
    host = parts.host()
    assert [row.state for row in host._parts.rows] == ["on", "on"]
    rows = {row.name: row for row in host.listed()}
    assert rows["broken"].state == "off"
    assert "broken.toml line 3" in rows["broken"].reason
    assert "broken" not in host.channels
