"""The desk's own door for telephone systems and gateways, on this machine only: HTTP and lines of JSON on one port.

    POST /ring                {"number": "13800138000", "extension": "8001", "call_id": "17.1", "state": "ringing"}
    POST /receipt/CHANNEL     what a gateway calls back with; GET too, as some gateways can nothing else
    {"number": …, "token": …} a line over TCP, or without token over the unix socket, which only this user may open

Where another desk of this folder has the door, it writes into the same store: this one waits, and takes over when the
other has ended.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import BoundedSemaphore, Event, Lock, Thread
from typing import TYPE_CHECKING, Any

from desk.errors import DeskError, StoreProblem
from desk.i18n import N_, _
from desk.plugins.secrets import Secret, secret
from desk.plugins.send_errors import ConfigProblem
from desk.rings.alone import Alone

if TYPE_CHECKING:
    from desk.config.settings import RingSettings
    from desk.rings import Rings

LOOPBACK = "127.0.0.1"
MOST_TALKS = 32  # at a time; a telephone system needs one
AGAIN = 5.0  # seconds until a port that is taken is tried again
FIRST_WORD = 10.0  # seconds in which a caller says what it wants
NO_TOKEN = N_('[ring] token says nothing: name where it is kept, like {{ file = "secrets/ring" }}')
NO_UNIX = N_("this system has no unix sockets; use [ring] port")

Receive = Callable[[str, Mapping[str, Any]], int]


class Endpoint:
    """Open after `open`, on threads of its own. `trouble` is why it is not, in a sentence; empty while it is."""

    def __init__(self, settings: RingSettings, data: Path, folder: Path, rings: Rings, receive: Receive) -> None:
        self.rings = rings
        self.receive = receive
        self.trouble = ""
        self._settings = settings
        self._data = data
        self._folder = folder
        self._stop = Event()
        self._listening: list[socket.socket] = []
        self._talks = BoundedSemaphore(MOST_TALKS)
        self._lock = Lock()
        self._begun = False

    @property
    def port(self) -> int:
        """The port that is listened on, 0 while none is."""
        ports = [one.getsockname()[1] for one in self._listening if one.family == socket.AF_INET]
        return int(ports[0]) if ports else 0

    def open(self) -> None:
        """Listen from here on; returns at once, and does nothing the second time."""
        if self._begun:
            return
        self._begun = True
        if self._settings.port:
            self._in_background(self._hold, "port", self._tcp, self._token)
        if self._settings.socket:
            self._in_background(self._hold, "socket", self._unix, lambda: None)

    def close(self) -> None:
        """Listen no more; a talk under way ends by itself."""
        self._stop.set()
        with self._lock:
            listening, self._listening = self._listening, []
        for one in listening:
            _shut(one)

    def mistake(self) -> str:
        """What keeps the port from being opened whenever it is tried, in a sentence; empty when nothing does."""
        try:
            self._token()
        except ConfigProblem as problem:
            return str(problem)
        return ""

    def is_token(self, given: str, token: Secret) -> bool:
        """Whether a caller knows the token; takes as long for a near miss as for any."""
        from hmac import compare_digest

        return compare_digest(given.encode("utf-8", "replace"), token.reveal().encode())

    # Inside

    def _in_background(self, work: Callable[..., None], *about: Any) -> None:
        Thread(target=work, args=about, name="desk ring", daemon=True).start()

    def _hold(self, name: str, bind: Callable[[], socket.socket], credential: Callable[[], Secret | None]) -> None:
        """Have the door, wait for it where another desk has it, and take calls until the end."""
        alone = Alone(self._data / "feeds", f"ring-{name}")
        while not self._stop.is_set():
            if not alone.hold():
                self._stop.wait(AGAIN)
                continue
            try:
                token, listening = credential(), bind()
            except ConfigProblem as problem:
                self.trouble = str(problem)
                break  # waiting mends nothing
            except OSError as problem:
                place = (
                    f"[ring] {LOOPBACK}:{self._settings.port}" if name == "port" else f"[ring] {self._settings.socket}"
                )
                self.trouble = _("{place}: {problem}").format(place=place, problem=problem.strerror or problem)
                self._stop.wait(AGAIN)
                continue
            self._serve(listening, token)
        alone.let_go()

    def _serve(self, listening: socket.socket, token: Secret | None) -> None:
        import desk.rings.talks  # noqa: F401  # 40 ms that the first caller need not wait for

        self.trouble = ""
        with self._lock:
            self._listening.append(listening)
        if self._stop.is_set():
            _shut(listening)
        self._take_calls(listening, token)

    def _token(self) -> Secret:
        if not self._settings.token:
            raise ConfigProblem(_(NO_TOKEN).format())
        found = secret(self._settings.token, self._folder)
        found.reveal()  # raises ConfigProblem where it is not to be had
        return found

    def _tcp(self) -> socket.socket:
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if os.name != "nt":  # there it would let two listen on one port
                made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind((LOOPBACK, self._settings.port))
            made.listen(MOST_TALKS)
        except BaseException:
            made.close()
            raise
        return made

    def _unix(self) -> socket.socket:
        if not hasattr(socket, "AF_UNIX"):
            raise ConfigProblem(_(NO_UNIX))
        path = str(self._data / self._settings.socket)
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            os.fchmod(made.fileno(), 0o600)  # before it has a name: nobody else may open it, at no time
            _unlink_dead(path)
            made.bind(path)
            os.chmod(path, 0o600)
            made.listen(MOST_TALKS)
        except BaseException:
            made.close()
            raise
        return made

    def _take_calls(self, listening: socket.socket, token: Secret | None) -> None:
        while not self._stop.is_set():
            try:
                talk, _address = listening.accept()
            except OSError:
                return  # closed
            if self._talks.acquire(blocking=False):
                self._in_background(self._talk, talk, token)
            else:
                talk.close()

    def _talk(self, talk: socket.socket, token: Secret | None) -> None:
        from desk.rings.talks import serve

        try:
            with talk, suppress(OSError):
                talk.settimeout(FIRST_WORD)
                serve(talk, self, token)
        finally:
            self._talks.release()


@contextmanager
def told_errors(answer: Callable[[int, str], None]) -> Iterator[None]:
    """What goes wrong inside is told to the caller as a status and a sentence; nothing else gets out."""
    try:
        yield
    except StoreProblem as problem:
        answer(503, str(problem))
    except DeskError as problem:
        answer(400, str(problem))
    except OSError:
        raise
    except Exception as problem:
        answer(500, _("the desk did not expect this ({problem})").format(problem=type(problem).__name__))


def _shut(listening: socket.socket) -> None:
    path = listening.getsockname() if listening.family != socket.AF_INET else ""
    with suppress(OSError):
        listening.shutdown(socket.SHUT_RDWR)  # wakes whoever waits in accept
    listening.close()
    if path:
        with suppress(OSError):
            os.unlink(path)


def _unlink_dead(path: str) -> None:
    """Take away the socket of a desk that has ended; one that answers is left, and binding will say so."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)
        except OSError:
            return
