"""A channel over a session: plain methods outside, the session's own thread inside."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Any

from desk.plugins.channels import Channel, ChannelSettings
from desk.plugins.messages import Message, Receipt, Reply, Report
from desk.plugins.outage_types import Problem
from desk.plugins.send_errors import SendError
from desk.plugins.sessions.dialect import Dialect
from desk.plugins.settings import described

if TYPE_CHECKING:
    from desk.plugins.sessions.line import Line

LISTENS = 3.0  # seconds that the first poll waits for the login and what waits behind it


class SessionSettings(ChannelSettings, frozen=True, kw_only=True):
    """Where the gateway is, and how much may be on its way at once."""

    host: Annotated[str, described({"zh_CN": "网关地址", "en": "the gateway's address"})]
    port: Annotated[int, described({"zh_CN": "网关端口", "en": "the gateway's port"}, least=1, most=65535)]
    window: Annotated[
        int,
        described(
            {"zh_CN": "滑动窗口：未应答的条数上限", "en": "messages without an answer at once"}, least=1, most=1000
        ),
    ] = 16
    ping_seconds: Annotated[
        float,
        described({"zh_CN": "空闲多少秒后发链路检测", "en": "silent seconds after which the line is tested"}, least=1),
    ] = 30.0


class SessionChannel(Channel):
    """The base of channels that stay connected. A subclass gives `dialect`; making the object opens nothing."""

    def __init__(self, settings: ChannelSettings | None = None) -> None:
        super().__init__(settings)
        self._line: Line | None = None
        self._opening = Lock()

    def dialect(self) -> Dialect:
        """The protocol with these settings; made on first use, may import what it needs, may raise ConfigProblem."""
        raise NotImplementedError

    def send(self, message: Message, timeout: float) -> Receipt:
        (answer,) = self.send_many([message], timeout)
        if isinstance(answer, SendError):
            raise answer
        return answer

    def send_many(self, messages: Sequence[Message], timeout: float) -> Sequence[Receipt | SendError]:
        line = self._open()
        return line.wait(lambda session: session.send(messages, timeout), timeout)

    def check(self, timeout: float) -> Problem | None:
        """Log in if it is not, and ask whether the gateway is there; also what makes a stopped session try again."""
        try:
            self._open().wait(lambda session: session.check(timeout), timeout)
        except SendError as error:
            return Problem(str(error))
        return None

    def poll(self, ids: Sequence[str], timeout: float) -> Sequence[Report]:
        """The reports that came in and are not stored yet; connects, as receipts wait at the gateway."""
        fresh = self._line is None
        line = self._open()
        if fresh:
            line.wait(lambda session: session.listen(min(timeout, LISTENS)), timeout)
        return line.do(lambda session: session.reports(), timeout) or ()

    def stored(self, reports: Sequence[Report]) -> None:
        if self._line:
            tokens = [report.token for report in reports]
            self._line.tell(lambda session: session.stored(tokens))

    def replies(self, timeout: float) -> Sequence[Reply]:
        """What customers wrote since this was last asked."""
        return (self._line and self._line.do(lambda session: session.replies(), timeout)) or ()

    def close(self) -> None:
        with self._opening:
            line, self._line = self._line, None
        if line:
            line.close()

    def _open(self) -> Line:
        with self._opening:
            if self._line is None:
                self._line = self._connected()
            return self._line

    def _connected(self) -> Line:
        from desk.plugins.sessions.line import Line  # asyncio: 25 ms, paid by who sends

        settings: Any = self.settings
        return Line(self.name, self.dialect(), settings.host, settings.port, settings.window, settings.ping_seconds)
