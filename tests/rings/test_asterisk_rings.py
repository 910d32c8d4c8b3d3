"""Asterisk's events become rings: through a socket, in halves, with junk between, over cuts and restarts."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from time import monotonic, sleep

import pytest
from fake_ami import FakeAmi
from hypothesis import given, settings
from hypothesis import strategies as st
from ring_county import County, comes

import desk.feeds.reading as reading
from desk.app import Desk
from desk.plugins import Incoming
from desk.plugins.folders import Source
from desk.plugins.loading import load_shipped
from desk.records import RingState

PART = Path(__file__).parents[2] / "plugins" / "asterisk_rings"
SECTIONS = """
[ring]
seats = {{ "8001" = "1", "8002" = "2" }}

[feeds.phone]
type = "asterisk_rings"
host = "127.0.0.1"
port = {port}
user = "desk"
secret = {{ file = "ami" }}
"""


class Modules:
    """The modules of the shipped part, as the desk loads them."""

    def __init__(self) -> None:
        name = load_shipped(Source("asterisk_rings", PART, shipped=True)).__name__
        self.calls, self.session = import_module(f"{name}.calls"), import_module(f"{name}.session")


@pytest.fixture(scope="module")
def modules() -> Modules:
    return Modules()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FIRST_WAIT", 0.02)
    monkeypatch.setattr(reading, "LONGEST_WAIT", 0.1)


def listening(county: County, ami: FakeAmi, secret: str = "s3cret") -> Desk:
    (county.folder / "ami").write_text(secret)
    county.sections = SECTIONS.format(port=ami.port)
    desk = county.open()
    desk.start_listening()
    return desk


@pytest.fixture
def desk(county: County, ami: FakeAmi) -> Desk:
    desk = listening(county, ami)
    ami.wait_for_login()
    return desk


def states(desk: Desk) -> list[tuple[str, str, str]]:
    return [(ring.written_number, ring.seat, ring.state.value) for ring in desk.rings._table.all()]


def test_a_call_of_many_events_is_one_ring_at_the_seat_of_its_telephone(desk: Desk, ami: FakeAmi) -> None:
    ami.come_in("13800138000", "8001")
    [ring] = comes(lambda: desk.rings.waiting("1"))
    ami.come_in("13900139000", "8002")
    comes(lambda: desk.rings.waiting("2"))
    assert (ring.number, ring.seat, ring.source) == ("13800138000", "1", "phone")
    assert len(states(desk)) == 2


def test_a_telephone_that_no_seat_has_rings_at_every_seat(desk: Desk, ami: FakeAmi) -> None:
    ami.come_in("13800138000", "8099")
    assert comes(lambda: desk.rings.waiting("1")) == desk.rings.waiting("2")


def test_all_telephones_that_ring_are_told(desk: Desk, ami: FakeAmi) -> None:
    ami.come_in("13800138000", "8001", "8002")
    comes(lambda: desk.rings.waiting("2"))
    assert comes(lambda: desk.rings.waiting("1")) == desk.rings.waiting("2")


def test_who_hangs_up_is_missed_and_who_was_talked_to_is_over(desk: Desk, ami: FakeAmi) -> None:
    missed, talked = ami.come_in("138", "8001"), ami.come_in("139", "8002")
    ami.tell(Event="DialEnd", DialStatus="ANSWER", DestChannel="PJSIP/8002-0000002a", Linkedid=talked, Uniqueid=talked)
    comes(lambda: [ring for ring in desk.rings.waiting("2") if ring.state is RingState.ANSWERED])
    ami.hang_up(missed)
    ami.hang_up(talked)
    comes(lambda: sorted(states(desk)) == [("138", "1", "missed"), ("139", "2", "ended")])


def test_the_next_telephone_of_a_queue_takes_over(desk: Desk, ami: FakeAmi) -> None:
    id = ami.come_in("138", "8001")
    comes(lambda: desk.rings.waiting("1"))
    ami.tell(Event="DialEnd", DialStatus="NOANSWER", DestUniqueid=f"{id}.8001", Linkedid=id, Uniqueid=id)
    ami.ring({"Channel": "PJSIP/trunk-0000001a", "CallerIDNum": "138", "Uniqueid": id, "Linkedid": id}, "8002")
    comes(lambda: desk.rings.waiting("2"))
    assert (desk.rings.waiting("1"), len(states(desk))) == ([], 1)


def test_calls_of_the_agents_own_telephones_are_no_rings(desk: Desk, ami: FakeAmi) -> None:
    out = {"Channel": "PJSIP/8001-00000001", "CallerIDNum": "8001", "Uniqueid": "5.1", "Linkedid": "5.1"}
    ami.tell(Event="Newchannel", **out)
    ami.tell(Event="DialBegin", DestChannel="PJSIP/trunk-00000002", DestUniqueid="5.2", **out)
    ami.tell(Event="DialBegin", DestChannel="PJSIP/8002-00000003", DestUniqueid="5.3", **out)
    ami.tell(Event="DialBegin", DestChannel="PJSIP/8001-00000004", DestUniqueid="6.1", DestLinkedid="6.1")
    ami.come_in("138", "8001")
    comes(lambda: desk.rings.waiting("1"))
    assert [number for number, *_rest in states(desk)] == ["138"]


def test_a_withheld_number_rings_too(desk: Desk, ami: FakeAmi) -> None:
    ami.come_in("<unknown>", "8001")
    [ring] = comes(lambda: desk.rings.waiting("1"))
    assert (ring.number, ring.written_number) == ("", "<unknown>")


@pytest.mark.parametrize("end", [b"\r\n", b"\n"], ids=["crlf", "lf"])
def test_lines_end_as_they_like_and_come_in_pieces_with_junk_between(county: County, end: bytes) -> None:
    ami = FakeAmi(end=end)
    desk = listening(county, ami)
    ami.wait_for_login()
    own = {"Channel": "PJSIP/trunk-1", "CallerIDNum": "13800138000", "Uniqueid": "7.1", "Linkedid": "7.1"}
    whole = ami.block(Event="Newchannel", **own)
    whole += b"\xff\xfe no such line" + end + b":" + end + end + b"Event" + end + end
    whole += ami.block(Event="DialBegin", DestChannel="PJSIP/8001-2", DestUniqueid="7.2", **own)
    for at in range(0, len(whole), 7):
        ami.send(whole[at : at + 7])
        sleep(0.0005)
    [ring] = comes(lambda: desk.rings.waiting("1"))
    assert ring.call_id == "7.1"
    ami.gone()


def test_a_cut_session_is_logged_in_again_and_goes_on(desk: Desk, ami: FakeAmi) -> None:
    id = ami.come_in("138", "8001")
    comes(lambda: desk.rings.waiting("1"))
    ami.send(b"Event: Hang")  # half a line, and gone
    ami.cut()
    ami.wait_for_login(2)
    ami.hang_up(id)
    comes(lambda: desk.rings.missed())
    ami.come_in("139", "8001")
    comes(lambda: [ring for ring in desk.rings.waiting("1") if ring.number == "" and ring.written_number == "139"])


def test_asterisk_that_is_away_is_asked_again_and_found_when_it_is_back(desk: Desk, ami: FakeAmi) -> None:
    ami.gone()
    [row] = comes(lambda: [row for row in desk.feeds.states() if row.state == "waiting"])
    assert "not reached" in row.reason
    ami.listen()
    ami.wait_for_login(2)
    comes(lambda: desk.feeds.states()[0].state == "on")


def test_the_waits_grow_and_begin_again_after_a_good_login(
    county: County, ami: FakeAmi, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    original = reading.Reading._failed

    def noted(self: reading.Reading, words: str) -> float:
        waits.append(original(self, words))
        return waits[-1]

    monkeypatch.setattr(reading.Reading, "_failed", noted)
    monkeypatch.setattr(reading.random, "uniform", lambda _low, high: high)
    ami.gone()
    listening(county, ami)
    comes(lambda: len(waits) >= 4)
    ami.listen()
    ami.wait_for_login()
    grown = list(waits)
    ami.cut()
    ami.wait_for_login(2)
    assert grown[:4] == [0.02, 0.04, 0.08, 0.1]
    assert waits[len(grown)] == 0.02


def test_a_wrong_password_ends_the_feed_and_says_so(county: County, ami: FakeAmi) -> None:
    desk = listening(county, ami, secret="guessed")
    [row] = comes(lambda: [row for row in desk.feeds.states() if row.state == "off"])
    assert "lets nobody in" in row.reason
    assert "guessed" not in row.reason
    sleep(0.3)
    assert ami.refused == 1


def test_one_desk_of_a_machine_reads_and_the_next_takes_over(
    desk: Desk, county: County, ami: FakeAmi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LOCK_WAIT", 0.05)
    second = county.open(seat="2")
    second.start_listening()
    comes(lambda: second.feeds.states()[0].state == "elsewhere")
    ami.come_in("138", "8002")
    comes(lambda: second.rings.waiting("2"))
    desk.close()
    ami.wait_for_login(2)
    comes(lambda: second.feeds.states()[0].state == "on")


def test_a_ring_is_stored_within_a_few_milliseconds_of_its_event(desk: Desk, ami: FakeAmi) -> None:
    took = []
    for number in range(20):
        began = monotonic()
        ami.come_in(str(13800138000 + number), "8001")
        comes(lambda number=number: len(desk.rings.waiting("1")) > number)
        took.append(monotonic() - began)
    assert sorted(took)[10] < 0.1


def test_a_mistake_in_the_section_is_told_with_its_line(county: County) -> None:
    county.sections = '[feeds.phone]\ntype = "asterisk_rings"\nhost = "127.0.0.1"\nport = 99999\nuser = "desk"\n'
    desk = county.open()
    desk.start_listening()
    [row] = desk.feeds.states()
    assert row.state == "not_configured"
    assert "config.toml line 4: [feeds.phone]" in row.reason
    assert "secret is missing" in row.reason


# Any bytes, any events: nothing but our own words.


@settings(max_examples=200, deadline=None)
@given(pieces=st.lists(st.binary(max_size=40) | st.sampled_from([b"\r\n", b"\n\n", b"Event: Hangup\n", b":", b"\r"])))
def test_any_bytes_in_any_pieces_are_the_same_blocks(modules: Modules, pieces: list[bytes]) -> None:
    whole, cut = modules.session.Blocks(), modules.session.Blocks()
    found = [block for piece in pieces for block in cut.take(piece)]
    assert found == list(whole.take(b"".join(pieces)))
    assert all(isinstance(value, str) for block in found for value in block.values())


fields = ["event", "uniqueid", "linkedid", "destuniqueid", "channel", "destchannel", "channelstate", "dialstatus"]
kinds = ["Newchannel", "NewCallerid", "DialBegin", "AgentCalled", "Newstate", "DialEnd", "AgentConnect", "Hangup"]
places = ["PJSIP/8001-1", "PJSIP/8002-2", "PJSIP/trunk-3", "Local/8001@q-1;1"]
values = st.sampled_from([*kinds, *places, "1", "2", "3", "5", "6", "ANSWER", ""])
event = st.dictionaries(st.sampled_from([*fields, "calleridnum", "interface"]), values | st.text(max_size=4))


@settings(max_examples=300, deadline=None)
@given(events=st.lists(event, max_size=30))
def test_any_events_give_words_about_calls_that_end_once(modules: Modules, events: list[dict[str, str]]) -> None:
    calls = modules.calls.Calls(r"\d{3,4}")
    told: dict[str, list[str]] = {}
    for one in events:
        for word in calls.hear(one):
            assert isinstance(word, Incoming)
            assert word.call_id
            told.setdefault(word.call_id, []).append(word.state)
    for states in told.values():
        assert states[0] != "ended"


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        ("PJSIP/8001-0000002a", "8001"),
        ("SIP/8001-0000002a", "8001"),
        ("Local/8001@from-queue-00000007;1", "8001"),
        ("Local/8001@from-queue/n", "8001"),
        ("PJSIP/8001", "8001"),
        ("8001", "8001"),
        ("PJSIP/my-trunk-00000001", "my-trunk"),
        ("DAHDI/i1/13800138000-5", "i1/13800138000"),
        ("", ""),
    ],
)
def test_the_telephone_is_read_from_the_name_of_its_channel(modules: Modules, channel: str, name: str) -> None:
    assert modules.calls.device(channel) == name
