"""Rules read back in words: a duty on one line, an entry in full, and the command line over them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from owed_county import PLUGINS, outage, owed

from desk.cli import main
from desk.durations import Duration
from desk.i18n import set_language
from desk.regulation import words
from desk.regulation.derive import calendar_due


def line(regulation, rule: str, kind: str = "planned_maintenance") -> str:
    duties = owed(outage(kind), regulation).duties
    return words.duty(next(draft for draft in duties if f"county:{rule}" in draft.terms.rules), regulation)


def test_a_duty_says_its_articles_and_why_it_is_due(regulation):
    assert line(regulation, "A9.4") == "9.4: second notice, due 24 hours before the planned start"
    assert line(regulation, "A9.1d") == "9.1+28.1: public announcement, due 7 days before the planned start"
    assert line(regulation, "A9.2c") == "9.2: important customers phoned, due 2 hours after the entry"
    assert (
        line(regulation, "A12.2b", "supply_shortage")
        == "12.2: phoned or texted about the shortage, due the planned start, or sooner 2 hours after the entry"
    )


def test_a_duty_of_a_pack_that_is_gone_still_names_its_article(regulation):
    from owed_county import shipped

    duties = owed(outage("planned_maintenance"), regulation).duties
    assert words.duty(duties[0], shipped("national")) == duties[0].terms.articles[0]


def test_an_entry_says_everything_an_auditor_compares_with_the_text(regulation):
    said = dict(words.entry(regulation.by_name["county:A9.4"], regulation))
    assert said["deadline"] == "24 hours before the planned start"
    assert said["not earlier than"] == "48 hours before the planned start"
    assert said["owed to"] == "special customers, important customers"
    assert said["by way of"] == "telephone or text message"
    assert said["comes after"] == "A9.2c, A9.3"


def test_every_entry_of_every_pack_can_be_said_in_both_languages(regulation):
    for language in ("en", "zh_CN"):
        set_language(language)
        for pack in regulation.packs:
            for entry in pack.entries:
                assert entry.title
                assert all(name and text for name, text in words.entry(entry, regulation))


def test_every_word_that_packs_use_has_its_translation_table(regulation):
    for rule in regulation.rules:
        assert set(rule.channels) <= set(words.CHANNELS)
        assert rule.owner in words.OWNERS
        assert rule.evidence_kind in words.EVIDENCE
        assert set(rule.recipients) <= set(words.RECIPIENTS)
    for approval in regulation.approvals:
        assert {step.step for step in approval.steps} <= set(words.STEPS)
        assert {step.post for step in approval.steps} <= set(words.POSTS)


LENGTHS = {
    Duration(7): "7 days", Duration(1): "1 day", Duration(0, 900): "15 minutes", Duration(0, 5400): "1 hour 30 minutes",
    Duration(): "no time",
}  # fmt: skip


@pytest.mark.parametrize(("length", "said"), LENGTHS.items(), ids=LENGTHS.values())
def test_a_length_of_time_in_words(length, said):
    assert words.length(length) == said


def test_a_stretch_leaves_seconds_out_where_there_is_anything_longer():
    assert words.stretch(timedelta(hours=1, seconds=5)) == "1 hour"
    assert words.stretch(timedelta(seconds=5)) == "5 seconds"


def test_the_calendar_s_day_ends_with_its_last_second(regulation):
    from owed_county import ENTRY

    (table,) = regulation.calendar
    assert calendar_due(table.every, 2027, ENTRY).isoformat() == "2027-04-30T23:59:59+08:00"


# On the command line; no desk is needed


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    for name in ("DESK_CONFIG", "DESK_NOW", "DESK_PLUGINS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DESK_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)

    def ran(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["regulation", *arguments])
        return (code, *capsys.readouterr())

    return ran


def test_the_list_names_every_entry_under_its_pack(run):
    code, out, err = run("list")
    assert (code, err) == (0, "")
    assert all(id in out for id in ("A9.4", "N28.2", "correction", "县客户停电管理办法（试行）"))


def test_the_list_as_json_has_the_keys_of_the_file(run):
    code, out, _err = run("list", "--json")
    rules = {entry["rule"]: entry for entry in json.loads(out)}
    assert code == 0
    assert rules["county:A9.4"]["due"] == ["planned_start - PT24H"]
    assert rules["county:A9.1a"]["holds"] == "received_at <= planned_start - P7D"
    assert rules["county:A17"]["steps"][0] == {"order": 1, "step": "application", "post": "applicant"}


@pytest.mark.parametrize(
    ("article", "rules"),
    [
        ("9.4", ["county:A9.4"]),
        ("9", ["A9.1a", "A9.1c", "A9.1d", "A9.2c", "A9.2d", "A9.3", "A9.4", "A9.5b", "A9.5c"]),
        ("28.2", ["national:N28.2"]),
        ("N39", ["national:N39"]),
        ("desk:changed", ["desk:changed"]),
    ],
)
def test_an_article_is_shown_with_all_that_stands_in_it(run, article, rules):
    _code, out, _err = run("show", article, "--json")
    assert [entry["rule"].removeprefix("county:") for entry in json.loads(out)] == [
        rule.removeprefix("county:") for rule in rules
    ]


def test_an_article_that_is_nowhere_is_refused(run):
    code, out, err = run("show", "77")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "77" in err


def test_what_ships_has_no_mistake(run):
    assert run("check")[0] == 0


def test_a_file_with_a_mistake_is_told_with_its_line_and_exit_code_one(run, tmp_path):
    file = tmp_path / "county.toml"
    file.write_text((PLUGINS / "county.toml").read_text(encoding="utf-8").replace("PT2H", "2h"), encoding="utf-8")
    code, out, _err = run("check", str(file))
    assert code == 1
    assert out.startswith(f"{file}:")
    code, out, _err = run("check", str(file), "--json")
    assert (code, len(json.loads(out)["problems"])) == (1, 1)


def test_a_pack_dropped_into_the_data_folder_holds_without_anyone_s_approval(run, tmp_path):
    folder = tmp_path / "data" / "plugins"
    folder.mkdir(parents=True)
    text = (PLUGINS / "desk_practice.toml").read_text(encoding="utf-8").replace('id = "desk"', 'id = "village"')
    (folder / "village.toml").write_text(text, encoding="utf-8")
    assert {entry["rule"] for entry in json.loads(run("show", "desk practice", "--json")[1])} >= {"village:changed"}


def test_settings_about_the_packs_are_checked_too(run, tmp_path):
    (tmp_path / "config.toml").write_text('[regulation.overrides.county]\nimediately = "PT5M"\n', encoding="utf-8")
    code, out, _err = run("check")
    assert code == 1
    assert "imediately" in out
    assert "immediately" in out


def test_a_figure_of_the_settings_is_read_back(run, tmp_path):
    (tmp_path / "config.toml").write_text(
        '[desk]\nlanguage = "en"\n[regulation.overrides.county]\nimmediately = "PT5M"\n', encoding="utf-8"
    )
    assert "5 minutes after the entry" in run("show", "10.3")[1]
