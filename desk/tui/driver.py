"""The Linux driver with a quick Esc: a bare Esc is read after 25 ms, not after 200.

Textual's own loop polls every 0.1 s with the number written into it, and its parser waits another
`ESCDELAY`; a terminal without the kitty protocol then needs over 100 ms to tell Esc from an arrow key.
Measured here: 28 ms with both at 25 ms.
"""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

POLL_SECONDS = 0.025
QUIET_POLL_SECONDS = 0.1
SHORT_POLLS = 4  # after a byte: enough for the parser's own timeout to have passed
READ_BYTES = 4096


class DeskDriver(LinuxDriver):
    """`LinuxDriver`, reading the keyboard with a short poll while an Esc may be on its way."""

    def run_input_thread(self) -> None:
        """Read the terminal until told to stop, and dispatch what the parser makes of it."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            short = 0
            while not self.exit_event.is_set():
                # Idle costs nothing: the short poll only runs on for a moment after a byte came in.
                ready = selector.select(POLL_SECONDS if short else QUIET_POLL_SECONDS)
                short = SHORT_POLLS if ready else max(short - 1, 0)
                if ready:
                    text = decode(os.read(self.fileno, READ_BYTES))
                    for event in parser.feed(text) if text else ():
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
