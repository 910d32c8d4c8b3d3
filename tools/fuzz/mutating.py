"""Inputs made of samples: the same seed gives the same ones, whatever machine they are made on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from tools.fuzz.words import WORDS

LONGEST = 1 << 15  # bytes of an input
MOST_CHANGES = 6
EDGES = (0, 1, 0x7F, 0x80, 0xFF)


def inputs(samples: Sequence[bytes], words: Sequence[bytes], seed: int, count: int) -> Iterator[bytes]:
    """`count` inputs: the samples themselves first, then what becomes of them."""
    dice, words = Random(seed), [*words, *WORDS]
    yield from samples[:count]
    for _number in range(count - len(samples)):
        yield _changed(dice.choice(samples), samples, words, dice)


def _changed(data: bytes, samples: Sequence[bytes], words: Sequence[bytes], dice: Random) -> bytes:
    for _time in range(dice.randint(1, MOST_CHANGES)):
        data = dice.choice(WAYS)(data, samples, words, dice)
    return data[:LONGEST]


def _flipped(data: bytes, _samples: Sequence[bytes], _words: Sequence[bytes], dice: Random) -> bytes:
    if not data:
        return data
    at = dice.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << dice.randrange(8)]) + data[at + 1 :]


def _edged(data: bytes, _samples: Sequence[bytes], _words: Sequence[bytes], dice: Random) -> bytes:
    if not data:
        return data
    at = dice.randrange(len(data))
    return data[:at] + bytes([dice.choice(EDGES)]) * dice.choice((1, 2, 4)) + data[at + 1 :]


def _cut(data: bytes, _samples: Sequence[bytes], _words: Sequence[bytes], dice: Random) -> bytes:
    start, end = _span(data, dice)
    return data[:start] + data[end:]


def _repeated(data: bytes, _samples: Sequence[bytes], _words: Sequence[bytes], dice: Random) -> bytes:
    start, end = _span(data, dice)
    return data[:end] + data[start:end] * dice.choice((1, 2, 20, 300)) + data[end:]


def _spoken(data: bytes, _samples: Sequence[bytes], words: Sequence[bytes], dice: Random) -> bytes:
    start, end = _span(data, dice)
    return data[:start] + dice.choice(words) + data[dice.choice((start, end)) :]


def _crossed(data: bytes, samples: Sequence[bytes], _words: Sequence[bytes], dice: Random) -> bytes:
    other = dice.choice(samples)
    start, end = _span(other, dice)
    at = dice.randint(0, len(data))
    return data[:at] + other[start:end] + data[at:]


def _numbered(data: bytes, _samples: Sequence[bytes], _words: Sequence[bytes], dice: Random) -> bytes:
    """A digit somewhere becomes another number."""
    digits = [place for place, code in enumerate(data[:4096]) if 0x30 <= code <= 0x39]
    if not digits:
        return data
    at = dice.choice(digits)
    return data[:at] + dice.choice((b"-1", b"0", b"65536", b"2147483648", b"9" * 40, b"1e999")) + data[at + 1 :]


def _noise(data: bytes, _samples: Sequence[bytes], _words: Sequence[bytes], dice: Random) -> bytes:
    at = dice.randint(0, len(data))
    return data[:at] + dice.randbytes(dice.randint(1, 16)) + data[at:]


def _span(data: bytes, dice: Random) -> tuple[int, int]:
    start = dice.randint(0, len(data))
    return start, min(len(data), start + dice.choice((1, 2, 4, 16, 64, 256)))


WAYS = (_flipped, _edged, _cut, _repeated, _spoken, _spoken, _crossed, _numbered, _noise)
