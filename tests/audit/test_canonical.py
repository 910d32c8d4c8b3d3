"""What a line is hashed over is written the same by any program, and docs/audit.md says how."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

from audited import place_at, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.audit import Audit
from desk.audit.chain import canonical, plain
from desk.place import Place

DOCUMENT = Path(__file__).parents[2] / "docs" / "audit.md"
ROOT = Path(__file__).parents[2]

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters())
details = st.dictionaries(
    st.text(), st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
)


def as_python_writes_it(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@given(details)
@settings(max_examples=60)
def test_canonical_bytes_are_those_of_pythons_own_json(said: dict[str, object]) -> None:
    document = plain(said)
    assert canonical(document) == as_python_writes_it(document)
    assert json.loads(canonical(document)) == document


@given(details, st.text(st.characters()), st.text(st.characters()))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_noted_verifies(place: Place, said: dict[str, object], act: str, about: str) -> None:
    place.store.drop_table("audit")
    audit = Audit(place)
    audit.note(act, about, said)
    audit.note("case.open", "K1")
    assert audit.verify().ok


@given(
    st.from_regex(r"1[3-9][0-9]{9}|0[3-9][1-9][0-9]-?[2-8][0-9]{6}", fullmatch=True), st.sampled_from(["", "打", " "])
)
@settings(max_examples=60)
def test_no_telephone_number_stays_in_a_detail(number: str, around: str) -> None:
    words = f"{around}{number}{around}"
    assert number not in str(plain({"note": [words]}))


def test_the_short_program_of_the_document_verify_an_audit_and_find_a_change(tmp_path: Path) -> None:
    place = place_at(tmp_path / "seat1")
    written(place, 5).checkpoint()
    bodies = list(place.audit_table.bodies())
    place.store.close()
    code = next(text for text in re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL))
    assert len(code.splitlines()) <= 30
    script, lines = tmp_path / "check.py", tmp_path / "lines.jsonl"
    script.write_text(code, encoding="utf-8")
    lines.write_text("\n".join(bodies), encoding="utf-8")
    ask = [sys.executable, str(script), str(lines), str(tmp_path / "seat1" / "audit" / "checkpoints.jsonl")]
    whole = subprocess.run(ask, capture_output=True, text=True, check=False)
    assert (whole.returncode, whole.stderr) == (0, "")
    bodies[2] = bodies[2].replace("李敏", "王强")
    lines.write_text("\n".join(bodies), encoding="utf-8")
    assert subprocess.run(ask, capture_output=True, text=True, check=False).returncode == 1


def test_a_line_is_hashed_over_all_of_it_but_its_hash(place: Place) -> None:
    line = json.loads(next(iter(written(place, 1).lines.bodies())))
    stated = line.pop("hash")
    assert hashlib.sha256(as_python_writes_it(line)).hexdigest() == stated
    assert set(line) == {"id", "number", "previous", "at", "by", "seat", "role", "act", "about", "details"}
