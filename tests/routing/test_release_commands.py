"""`desk messages preview` and `release`, as a county would type them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from noticed_county import HOUR, approve_all, opened, plan

from desk.app import Desk
from desk.cli import main

CHANNEL = """
kind = "webhook"
name = "gateway"
label = { zh_CN = "短信", en = "text message" }

[can]
family = "sms"
address = "mobile"
price = 0.05

[request]
url = "http://127.0.0.1:9/send"

[request.json]
to = "{address}"
text = "{body}"

[answer]
id = "id"

[example]
message = { recipient = "张三", address = "13800138000", body = "停电" }
expect = { method = "POST", url = "http://127.0.0.1:9/send", json = { to = "13800138000", text = "停电" } }
answers = [{ status = 200, text = '{ "id": "1" }', gives = "accepted", id = "1" }]
"""


@pytest.fixture
def outage(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> str:
    """An approved outage of today, in a county with one text gateway."""
    now = desk.place.now()
    asked = plan(type="temporary_maintenance", planned_start=now + 2 * HOUR, planned_end=now + 6 * HOUR)
    outage = opened(desk, asked)
    approve_all(desk, outage)
    data = Path(desk.place.config.data)
    (data / "plugins").mkdir(exist_ok=True)
    (data / "plugins" / "gateway.toml").write_text(CHANNEL, encoding="utf-8")
    assert desk.place.config.path is not None
    monkeypatch.setenv("DESK_CONFIG", str(desk.place.config.path))
    monkeypatch.setenv("DESK_DATA", str(data))
    monkeypatch.setenv("DESK_NOW", now.isoformat())
    return outage.id


@pytest.fixture
def settings() -> str:
    return '[desk]\nlanguage = "en"\n[messages]\nrelease = "person"\nmost_per_outage = 3\n'


def test_a_preview_shows_people_parts_cost_words_and_who_is_left(
    outage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["messages", "preview", outage]) == 0
    shown = capsys.readouterr().out
    for expected in ("people", "yuan", "gateway", "城东", "mine", "Left to people", "a second person confirms"):
        assert expected in shown


def test_a_preview_is_read_by_programs_too(outage: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["messages", "preview", outage, "--json"]) == 0
    preview = json.loads(capsys.readouterr().out)
    assert preview["people"] == sum(one["people"] for one in preview["over"])
    assert preview["needs_confirmation"]


def test_a_release_makes_the_messages_and_names_what_must_be_confirmed(
    outage: str, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["messages", "release", outage, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == {"outage": outage, "made": desk.outbox.counts()["held"], "to_confirm": [f"{outage}-1"]}


def test_a_plan_is_previewed_before_it_is_opened(
    outage: str, desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    times = {"planned_start": "2026-12-01T12:00", "planned_end": "2026-12-01T15:00"}
    asked = {"type": "temporary_maintenance", "feeders": ["城西线"], "cause": "换线", **times}
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(asked), encoding="utf-8")
    capsys.readouterr()
    assert main(["messages", "preview", "--plan", str(file), "--json"]) == 0
    preview = json.loads(capsys.readouterr().out)
    assert preview["people"] == 2
    assert [one.id for one in desk.outages.listed()] == [outage]


def test_a_channel_that_is_set_up_wrongly_is_named_in_the_preview(
    outage: str, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    file = desk.place.config.path
    assert file is not None
    file.write_text(file.read_text(encoding="utf-8") + '[channels.wecom]\nkey = "in clear"\n', encoding="utf-8")
    capsys.readouterr()
    assert main(["messages", "preview", outage]) == 0
    assert "wecom sends nothing now" in capsys.readouterr().out


def test_a_preview_asks_for_an_outage_or_a_plan(outage: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["messages", "preview", outage, "--plan", "x.json"]) == 2
    assert "--plan" in capsys.readouterr().err


def test_an_outage_that_is_not_there_is_named(outage: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert outage
    assert main(["messages", "preview", "O77"]) == 2
    assert "O77" in capsys.readouterr().err
