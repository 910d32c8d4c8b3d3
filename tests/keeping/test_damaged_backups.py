"""Whatever was done to a backup is found before anything is restored, and told in one sentence."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kept_county import CHEAP, PASSPHRASE, opened, put_back, repacked

from desk.errors import BadInput
from desk.keeping.backup import back_up
from desk.keeping.opening import verified
from desk.keeping.sealed import CHUNK, TAG, Damaged, Sealing, Unsealing

MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def sealed(backup: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("sealed") / "sealed.backup"
    with target.open("wb") as out:
        sealing = Sealing(out, PASSPHRASE, CHEAP)
        sealing.write(backup.read_bytes())
        sealing.close()
    return target


@st.composite
def damage(draw: st.DrawFn) -> list[tuple[str, float, int]]:
    """What happens to a file, at which part of it, and with which number."""
    acts = st.sampled_from(["flip", "cut", "swap", "double", "lose", "append"])
    return draw(st.lists(st.tuples(acts, st.floats(0, 1), st.integers(1, 255)), min_size=1, max_size=2))


def damaged(content: bytes, acts: list[tuple[str, float, int]]) -> bytes:
    for act, share, number in acts:
        at = min(int(share * len(content)), len(content) - 1)
        if act == "flip":
            content = content[:at] + bytes((content[at] ^ number,)) + content[at + 1 :]
        elif act == "cut":
            content = content[:at]
        elif act == "swap":
            one, two = content[at : at + number], content[at + number : at + 2 * number]
            content = content[:at] + two + one + content[at + 2 * number :]
        elif act == "double":
            content = content[: at + number] + content[at:]
        elif act == "lose":
            content = content[:at] + content[at + number :]
        else:
            content += bytes((number,)) * number
        if not content:
            break
    return content


@pytest.mark.parametrize("kind", ["open", "encrypted"])
@given(acts=damage())
@MANY
def test_no_damage_goes_unnoticed_wherever_it_is(
    kind: str, backup: Path, sealed: Path, tmp_path: Path, acts: list[tuple[str, float, int]]
) -> None:
    whole = (backup if kind == "open" else sealed).read_bytes()
    content = damaged(whole, acts)
    if content == whole:
        return
    file = tmp_path / "damaged.backup"
    file.write_bytes(content)
    with pytest.raises(BadInput) as told:
        verified(file, PASSPHRASE)
    assert "\n" not in str(told.value)
    assert str(file) in str(told.value)


@pytest.mark.parametrize("at", [0, 9, 30, 40, 60], ids=["magic", "version", "costs", "salt", "check"])
def test_a_damaged_head_of_an_encrypted_backup_is_no_wrong_passphrase(sealed: Path, tmp_path: Path, at: int) -> None:
    content = bytearray(sealed.read_bytes())
    content[at] ^= 1
    (tmp_path / "damaged.backup").write_bytes(content)
    with pytest.raises(BadInput, match="damaged"):
        verified(tmp_path / "damaged.backup", PASSPHRASE)


def test_nothing_is_restored_out_of_a_damaged_backup(backup: Path, tmp_path: Path) -> None:
    content = bytearray(backup.read_bytes())
    content[-200] ^= 1
    (tmp_path / "damaged.backup").write_bytes(content)
    with pytest.raises(BadInput, match=r"damaged\.backup is damaged or was cut off"):
        put_back(tmp_path / "damaged.backup", tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("passphrase", ["correct horse battery stable", "", "x"])
def test_a_wrong_passphrase_is_told_as_such(sealed: Path, tmp_path: Path, passphrase: str) -> None:
    with pytest.raises(BadInput, match="passphrase"):
        put_back(sealed, tmp_path / "new", passphrase=passphrase)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x1f\x8b\x08", b"PK\x03\x04" * 99], ids=["nothing", "text", "gz", "zip"]
)
def test_another_file_is_no_backup(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(BadInput, match="is no backup of a desk"):
        verified(tmp_path / "other")


def test_a_backup_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        verified(tmp_path / "desk.backup")


# Sound in itself, and made up all the same


def renamed(path: str) -> object:
    def change(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
        if name == "files/sandbox":
            name = f"files/{path}"
        if name == "manifest.json":
            told = json.loads(content)
            for file in told["files"]:
                file["path"] = path if file["path"] == "sandbox" else file["path"]
            content = json.dumps(told).encode()
        yield name, content

    return change


@pytest.mark.parametrize(
    "path",
    [
        *("../evil", "/etc/evil", "plugins/../../evil", "scripts//x", "./config.toml", "desk.db", "C:\\evil"),
        *("scripts/\x1b[2J", "scripts/.."),
    ],
)
def test_no_path_of_a_backup_leaves_the_folder(backup: Path, tmp_path: Path, path: str) -> None:
    evil = repacked(backup, tmp_path / "evil.backup", renamed(path))  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="no place for a file of a desk"):
        put_back(evil, tmp_path / "a" / "new")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["evil.backup"]


def test_a_link_in_the_new_folder_leads_nowhere(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "new" / "scripts").symlink_to(tmp_path / "outside")
    with pytest.raises(BadInput, match="leads out of the data folder"):
        put_back(backup, tmp_path / "new")
    assert list((tmp_path / "outside").iterdir()) == []


def left_out(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if not name.startswith("tables/calls"):
        yield name, content


def one_more(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if name.startswith("tables/calls"):
        yield "tables/agents.00001.jsonl", b'[1,{"name":"mallory","role":"administrator"}]\n'
    yield name, content


def changed(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, content.replace(b'"topic"', b'"topik"') if name.startswith("tables/calls") else content


def manifest_first(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if name == "manifest.json":
        yield name, content
        yield "tables/late.00001.jsonl", b"[1,{}]\n"
    else:
        yield name, content


@pytest.mark.parametrize("change", [left_out, one_more, changed, manifest_first])
def test_a_backup_that_is_not_what_its_manifest_says_is_refused(backup: Path, tmp_path: Path, change: object) -> None:
    with pytest.raises(BadInput, match="damaged"):
        verified(repacked(backup, tmp_path / "evil.backup", change))  # type: ignore[arg-type]


def newer(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, content.replace(b'"format": 1', b'"format": 2') if name == "desk-backup.json" else content


def test_a_backup_of_a_newer_desk_is_refused(backup: Path, sealed: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="newer version of the desk"):
        verified(repacked(backup, tmp_path / "newer.backup", newer))
    content = sealed.read_bytes()
    (tmp_path / "sealed.backup").write_bytes(content[:15] + b"\x02" + content[16:])
    with pytest.raises(BadInput, match="newer version of the desk"):
        verified(tmp_path / "sealed.backup", PASSPHRASE)


# The sealed stream by itself


def sealed_bytes(content: bytes) -> bytes:
    out = io.BytesIO()
    sealing = Sealing(out, PASSPHRASE, CHEAP)
    sealing.write(content)
    sealing.close()
    return out.getvalue()


def unsealed(content: bytes) -> bytes:
    return io.BufferedReader(Unsealing(io.BytesIO(content), PASSPHRASE)).read()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
def test_what_was_sealed_is_what_is_unsealed(size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    assert unsealed(sealed_bytes(content)) == content


@pytest.mark.parametrize(
    "order",
    [(0, 1, 2, 3), (0, 2, 3, 4), (0, 1, 3, 2, 4), (0, 1, 1, 2, 3, 4), (0, 4), (0,)],
    ids=["cut", "lost", "swapped", "doubled", "only the last", "none"],
)
def test_no_chunk_can_be_missing_moved_or_repeated(order: tuple[int, ...]) -> None:
    whole = sealed_bytes(bytes(4 * CHUNK))
    size = CHUNK + TAG
    head = len(whole) - 4 * size
    parts = [whole[:head], *(whole[head + n * size : head + (n + 1) * size] for n in range(4))]
    with pytest.raises(Damaged):
        unsealed(b"".join(parts[number] for number in order))


def test_the_same_passphrase_seals_differently_each_time() -> None:
    assert sealed_bytes(b"x")[:60] != sealed_bytes(b"x")[:60]


def test_a_sealed_backup_is_opened_by_its_description_alone(sealed: Path, backup: Path) -> None:
    """As docs/backup.md describes the file, with the libraries only."""
    from argon2.low_level import Type, hash_secret_raw
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    content = sealed.read_bytes()
    passes, memory, lanes, size = (int.from_bytes(content[16 + 4 * n : 20 + 4 * n], "big") for n in range(4))
    salt, check, summed = content[32:48], content[48:64], content[64:72]
    assert summed == sha256(content[:64]).digest()[:8]
    cipher = AESGCM(hash_secret_raw(PASSPHRASE.encode(), salt, passes, memory, lanes, 32, Type.ID))
    assert cipher.decrypt(b"\xff" * 12, check, content[:48]) == b""
    chunks = [content[at : at + size + 16] for at in range(72, len(content), size + 16)]
    opened = [
        cipher.decrypt(number.to_bytes(11, "big") + bytes((number == len(chunks) - 1,)), chunk, content[:72])
        for number, chunk in enumerate(chunks)
    ]
    assert b"".join(opened) == backup.read_bytes()


def test_a_desk_encrypts_with_dear_guesses() -> None:
    from desk.keeping.sealed import Costs

    assert (Costs().passes, Costs().memory) >= (3, 256 * 1024)


def test_the_encrypted_backup_of_a_desk_is_whole(data: Path, tmp_path: Path) -> None:
    with opened(data) as desk:
        done = back_up(desk.place, tmp_path / "desk.backup", passphrase=PASSPHRASE, costs=CHEAP)
    assert verified(done.file, PASSPHRASE) == done.manifest
