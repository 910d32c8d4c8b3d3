"""Textual's driver for a page in a browser, with a quick Esc, and an end when whoever serves the page is gone.

Textual's own goes on without a reader when its input ends: the desk would be left open for nobody.
"""

from __future__ import annotations

import os
import selectors
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable

from textual import messages
from textual._xterm_parser import XTermParser
from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver

from desk.tui.driver import POLL_SECONDS, QUIET_POLL_SECONDS, READ_BYTES, SHORT_POLLS


class ServedDriver(WebDriver):
    """`WebDriver`, reading with a short poll while an Esc may be on its way."""

    def run_input_thread(self) -> None:
        """Read the page's packets until told to stop, or until there is nobody to send any."""
        if sys.platform == "win32":  # where a pipe cannot be waited for like this
            super().run_input_thread()
            return
        parser, packets = XTermParser(self._debug), ByteStream()
        decode = getincrementaldecoder("utf-8")("replace").decode
        number = sys.__stdin__.fileno() if sys.__stdin__ else 0
        with selectors.DefaultSelector() as selector:
            selector.register(number, selectors.EVENT_READ)
            short = 0
            while not self.exit_event.is_set():
                ready = selector.select(POLL_SECONDS if short else QUIET_POLL_SECONDS)
                short = SHORT_POLLS if ready else max(short - 1, 0)
                if ready and not self._hear(os.read(number, READ_BYTES), packets, parser, decode):
                    self._app.post_message(messages.ExitApp())
                    return
                for event in parser.tick():
                    self.process_message(event)

    def _hear(self, data: bytes, packets: ByteStream, parser: XTermParser, decode: Callable[[bytes], str]) -> bool:
        """Pass on what came; False at the end of the input."""
        for kind, payload in packets.feed(data) if data else ():
            if kind == "D":
                for event in parser.feed(decode(payload)):
                    self.process_message(event)
            else:
                self._on_meta(kind, payload)
        return bool(data)
