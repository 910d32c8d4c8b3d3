"""Each door by each attack: what comes in is taken or refused in the desk's own words; and a few hundred inputs more.

The doors are those that `make fuzz` tries with a hundred thousand inputs each.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from time import process_time

import pytest
from hostile_county import ESCAPES, HIDDEN, MARKUP, STARTS

from tools.fuzz.mutating import inputs
from tools.fuzz.targets import NAMES, target_named
from tools.fuzz.targets.target import Door, Target

ATTACKS = {
    "escapes": ESCAPES,
    "hidden signs": HIDDEN,
    "marks": "e" + "\u0301" * 200,
    "markup": MARKUP,
    "lines": "a\r\nX-Injected: 1\r\n\r\nb\u2028c\x85d",
    "zero": "a\x00b",
    "formula": STARTS["formula"],
    "path": STARTS["path"],
    "typst": STARTS["typst"],
    "jinja": "{{ ''.__class__.__mro__ }}{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "format": "{0.__class__}%(x)s%n{settings.password}",
    "sql": "'; DROP TABLE customers; --\" OR 1=1 NEAR(a b) *",
    "option": "-oProxyCommand=reboot",
    "long": "长" * 5000,
    "digits": "9" * 5000,
    "lone surrogates": "\ud800\udfff",
}
# What the attack is put in place of, in what usually comes to a door.
HONEST = ("张三", "城东线", "13800138000", "停电", "DELIVRD", "planned", "trouble", "x1", "SIP/8001-2", "1.1", "Ok")
RANDOM = {"workbooks": 15, "imports": 60, "rings_http": 80, "rings_lines": 80, "ami": 80, "templates": 60}
SLOW = ("workbooks",)  # a process for each: fewer


@pytest.fixture(scope="module", params=sorted(NAMES))
def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Target, Door]]:
    target = target_named(request.param)
    folder = tmp_path_factory.mktemp(request.param)
    door: AbstractContextManager[Door] = target.opened(folder)
    with door as through:
        yield request.param, target, through


def with_attack(sample: bytes, attack: str) -> Iterator[bytes]:
    """A good input in which one word after the other is the attack; in JSON as JSON writes it."""
    for word in HONEST:
        for said, becomes in ((word, attack), (json.dumps(word)[1:-1], json.dumps(attack)[1:-1])):
            if said.encode() in sample:
                yield sample.replace(said.encode(), becomes.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_door_takes_an_attack_or_refuses_it(opened: tuple[str, Target, Door], attack: str) -> None:
    name, target, door = opened
    tried = [given for sample in target.samples() for given in with_attack(sample, ATTACKS[attack])]
    given_alone = ATTACKS[attack].encode("utf-8", "surrogatepass")
    for given in [given_alone, b"\1" + given_alone, *tried][: 4 if name in SLOW else 12]:
        quickly(target, door, given)


def test_a_door_bears_what_nobody_thought_of(opened: tuple[str, Target, Door]) -> None:
    name, target, door = opened
    for given in inputs(list(target.samples())[:8], target.words, seed=1, count=RANDOM.get(name, 200)):
        quickly(target, door, given)


def quickly(target: Target, door: Door, given: bytes) -> None:
    """Give it to the door; fails for an exception that is not ours, or a second of work."""
    began = process_time()
    try:
        door(given)
    except target.ours as refused:
        assert str(refused)  # noqa: PT017 - both ends are good
    assert process_time() - began < 1.0


def test_the_same_seed_gives_the_same_inputs(tmp_path: Path) -> None:
    assert tmp_path.exists()
    samples = [b"one", b"two"]
    assert list(inputs(samples, (), 7, 50)) == list(inputs(samples, (), 7, 50))
    assert list(inputs(samples, (), 7, 50)) != list(inputs(samples, (), 8, 50))
