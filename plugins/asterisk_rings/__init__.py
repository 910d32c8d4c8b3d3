"""来电弹屏：从 Asterisk 的管理接口（AMI）听来电，哪部话机响，哪个坐席弹。

A feed of telephone calls: one session with Asterisk that only listens. The several events of one call are one ring
(calls.py); the session is logged in again when it is cut (session.py), and a wrong password ends it with a sentence.
Set-up: docs/phone.md
"""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Literal

from desk.plugins import ChannelSettings, Feed, Incoming, Secret, described, hookimpl

if TYPE_CHECKING:
    from .session import Session

PATIENCE = 1.0  # seconds of one reading: a desk that closes waits as long for its end


class Settings(ChannelSettings, frozen=True, kw_only=True):
    host: Annotated[str, described({"zh_CN": "Asterisk 服务器地址", "en": "where Asterisk runs"})]
    user: Annotated[str, described({"zh_CN": "manager.conf 中的用户", "en": "a user of manager.conf"})]
    secret: Annotated[Secret, described({"zh_CN": "该用户的密码", "en": "the user's secret"})]
    port: Annotated[int, described({"zh_CN": "端口", "en": "port"}, least=1, most=65535)] = 5038
    extensions: Annotated[
        str,
        described({"zh_CN": "分机号的样子（正则）；其余的是中继", "en": "what telephones are called; else trunks"}),
    ] = r"\d{3,4}"
    ring_on: Annotated[
        Literal["dial", "arrival"],
        described(
            {
                "zh_CN": "dial：分机响了才弹；arrival：电话一进来就弹（所有坐席）",
                "en": "dial: when a telephone rings; arrival: as soon as the call comes in, at every seat",
            }
        ),
    ] = "dial"


class AsteriskRings(Feed):
    name = "asterisk_rings"
    every = 0.0  # a reading waits for news itself
    timeout = 10.0
    brings = "calls"
    Settings = Settings

    def __init__(self, settings: ChannelSettings | None = None) -> None:
        from .calls import Calls

        super().__init__(settings)
        self._session: Session | None = None
        self._calls = Calls(self.settings.extensions, on_arrival=self.settings.ring_on == "arrival")

    def read(self, timeout: float) -> Sequence[Incoming]:
        """What was heard; comes back at once after a login, and as soon as there is a word about a call."""
        from .session import Session

        if self._session is None:
            self._session = Session(self.settings, timeout * 0.8)
            return []
        until = monotonic() + PATIENCE
        heard: list[Incoming] = []
        try:
            while not heard and monotonic() < until:
                for event in self._session.events(until):
                    heard += self._calls.hear(event)
        except BaseException:
            self.close()
            raise
        return heard

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None


@hookimpl
def desk_feeds() -> list[type[Feed]]:
    return [AsteriskRings]
