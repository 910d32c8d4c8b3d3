"""Five answers make a file that works; what is wrong with them is told at once."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.errors import BadInput
from desk.i18n import set_language
from desk.plugins.authoring import QUESTIONS, check_file, file_text, mistakes, questions, write_new
from desk.plugins.authoring.questions import FAMILIES, KINDS, WHERE
from desk.plugins.declared import Ground

GOOD = {"name": "pager", "label": "呼机", "kind": "webhook", "family": "sms", "where": "http://127.0.0.1:8080/send"}
WITH_SETTINGS = {
    "webhook": "http://127.0.0.1:8080/{settings.room}?token={settings.token}",
    "command": "/usr/local/bin/page --room {settings.room} -- {address} {body}",
    "apprise": "mailtos://mail.example.cn?user={settings.user}&pass={settings.password}&to={address}",
    "human": "call {address}; say {body}; note it; or that it failed {settings.room}",
    "file": "{settings.room}-{key}.txt",
}


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_for_every_family_works_as_it_is_written(tmp_path, kind, family, language):
    set_language(language)
    for number, where in enumerate((questions({"kind": kind})[4].default, WITH_SETTINGS[kind])):
        answers = {**GOOD, "name": f"n{number}", "kind": kind, "family": family, "where": where}
        file = write_new(answers, tmp_path)
        findings = check_file(file, Ground(loopback=True))
        assert [(each.what, each.result, each.words) for each in findings] == [
            ("file", "ok", ""),
            ("example", "ok", ""),
        ]


def test_the_five_questions_fit_the_answers():
    assert [question.name for question in questions({})] == [*QUESTIONS] == [*GOOD]
    assert WHERE.keys() == KINDS.keys()


WRONG = {
    "nothing": ({}, {*QUESTIONS}),
    "a name with capitals": ({"name": "The Pager"}, {"name"}),
    "a near kind": ({"kind": "webhok"}, {"kind"}),
    "a family nobody knows": ({"family": "smoke"}, {"family"}),
    "no address": ({"where": "10.0.0.1/send"}, {"where"}),
    "a blank nobody knows": ({"where": "http://a/{adress}"}, {"where"}),
    "a host that is filled in": ({"where": "http://{address}/"}, {"where"}),
    "all at once": ({"name": "A", "kind": "x", "family": "y", "where": "{"}, {"name", "kind", "family", "where"}),
    "one too many": ({"colour": "red"}, {"colour"}),
    "two lines": ({"label": "a\nkind = 'command'"}, {"label"}),
}


@pytest.mark.parametrize(("answers", "wrong"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_answer_by_answer(tmp_path, answers, wrong):
    given = {**GOOD, **answers} if answers else {}
    assert mistakes(given).keys() == wrong
    with pytest.raises(BadInput):
        write_new(given, tmp_path / "plugins")
    assert not (tmp_path / "plugins").exists()


def test_no_file_is_written_over(tmp_path):
    write_new(GOOD, tmp_path)
    with pytest.raises(BadInput, match="is there already"):
        write_new({**GOOD, "label": "other"}, tmp_path)
    assert "other" not in (tmp_path / "pager.toml").read_text(encoding="utf-8")


def test_a_setting_with_a_secret_s_name_is_a_secret():
    text = file_text({**GOOD, "where": "http://a/{settings.room}?k={settings.token}"})
    assert "token = { secret = true }" in text
    assert 'room = { type = "text" }' in text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(label=st.text(max_size=20), where=st.text(max_size=20), kind=st.sampled_from([*KINDS]))
def test_any_answers_make_a_file_that_is_right_or_are_refused(tmp_path, label, where, kind):
    base = {"webhook": "http://a/", "apprise": "mailtos://a?to=", "command": "x ", "human": "x", "file": "x"}[kind]
    answers = {**GOOD, "label": label, "kind": kind, "where": base + where}
    if mistakes(answers):
        return
    file = tmp_path / "pager.toml"
    file.unlink(missing_ok=True)
    findings = check_file(write_new(answers, tmp_path), Ground(loopback=True))
    assert findings[0].result == "ok", findings[0].words
