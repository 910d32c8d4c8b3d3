"""One target, from the first input to the last, guided by coverage or by the mutator alone."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

import msgspec

from tools.fuzz.mutating import LONGEST, inputs
from tools.fuzz.watching import Result, Watch
from tools.fuzz.words import WORDS

MEMORY = 8 << 30  # bytes of address space: who takes more is stopped before the machine is
GUIDED = ("desk", "plugins")  # whose branches atheris watches


def run(name: str, engine: str, count: int, seed: int, out: Path) -> Result:
    """Give `count` inputs to the target and write down what came of them; with atheris the process ends here."""
    if engine == "atheris":
        import atheris

        with atheris.instrument_imports(include=list(GUIDED)):
            from tools.fuzz.targets import target_named

            target = target_named(name)
    else:
        from tools.fuzz.targets import target_named

        target = target_named(name)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    shared = Path("/dev/shm")  # in memory where there is such a place: a disk is not what is tried
    with TemporaryDirectory(prefix=f"desk-fuzz-{name}-", dir=shared if shared.is_dir() else None) as folder:
        result = Result(target=name, engine=engine, seed=seed)
        with target.opened(Path(folder)) as door:
            watch = Watch(result, door, target.ours, out)
            samples = [sample for sample in target.samples() if len(sample) <= LONGEST]
            if engine == "atheris":
                _guided(watch, samples, target.words, count, seed, Path(folder), out)
            for data in inputs(samples, target.words, seed, count):
                watch.give(data)
        return _written(watch, out)


def _guided(
    watch: Watch, samples: list[bytes], words: tuple[bytes, ...], count: int, seed: int, folder: Path, out: Path
) -> None:
    import atheris

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, sample in enumerate(samples):
        (corpus / str(number)).write_bytes(sample)
    said = folder / "words"
    said.write_text("".join(f'"{_quoted(word)}"\n' for word in (*words, *WORDS) if 0 < len(word) <= 64))

    def one(data: bytes) -> None:
        watch.give(data)
        if watch.result.inputs >= count:
            _written(watch, out)
            rmtree(folder, ignore_errors=True)
            os._exit(0)  # libFuzzer would say much more

    options = [
        f"-seed={seed}",
        f"-max_len={LONGEST}",
        f"-dict={said}",
        "-rss_limit_mb=0",
        "-timeout=60",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


def _quoted(word: bytes) -> str:
    return "".join(chr(code) if 0x20 <= code < 0x7F and code not in b'"\\' else f"\\x{code:02x}" for code in word)


def _written(watch: Watch, out: Path) -> Result:
    result = watch.over()
    (out / f"{result.target}.json").write_bytes(msgspec.json.encode(result))
    return result
