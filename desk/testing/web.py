"""A bench for channels over HTTP: a FakeGateway behind the settings they are given.

WebBench(Pager, lambda url: {"url": f"{url}/send"}, {"reject": Answer(200, {"errcode": 93000, "errmsg": "{refusal}"})})
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from desk.plugins import AttemptState, Channel
from desk.testing.bench import MODES, Bench, Heard, Mode
from desk.testing.gateway import Answer, FakeGateway


class WebBench(Bench):
    """`settings` makes the channel's settings from the gateway's address; `answers` says how this gateway talks.

    `receipts` are what it calls the desk with, `{id}` filled in, and the state each means. Give `make` instead of
    `settings` where the channel is no class with settings: it is called with the gateway.
    """

    plays = frozenset(MODES)

    def __init__(
        self,
        type: type[Channel],
        settings: Callable[[str], Mapping[str, Any]] = lambda url: {"url": url},
        answers: Mapping[str, Answer] | None = None,
        *,
        receipts: Sequence[tuple[Mapping[str, Any], AttemptState]] = (),
        make: Callable[[FakeGateway], Channel] | None = None,
        gateway: FakeGateway | None = None,
    ) -> None:
        self.gateway = gateway or FakeGateway(answers, refusal=self.refusal)
        own = partial(make, self.gateway) if make else None
        super().__init__(type, {} if make else settings(self.gateway.url), make=own)
        self._receipts = receipts

    def play(self, mode: Mode) -> None:
        self.gateway.play(mode)

    def heard(self) -> Sequence[Heard]:
        return [Heard(words=request.words, id=request.id) for request in self.gateway.taken]

    def payloads(self, id: str) -> Sequence[tuple[Mapping[str, Any], AttemptState]]:
        return [(_named(payload, id), state) for payload, state in self._receipts]

    def reset(self) -> None:
        self.gateway.forget()
        self.gateway.play("accept")

    def close(self) -> None:
        self.gateway.close()


def _named(payload: Any, id: str) -> Any:
    if isinstance(payload, Mapping):
        return {key: _named(value, id) for key, value in payload.items()}
    if isinstance(payload, list):
        return [_named(value, id) for value in payload]
    return payload.replace("{id}", id) if isinstance(payload, str) else payload
