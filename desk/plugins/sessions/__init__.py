"""Gateways that one stays connected to (SMPP, CMPP, SGIP, SMGP): a channel writes the protocol's words, no more.

    class Smgp(SessionChannel):
        name, labels, can, Settings = …          # Settings is a SessionSettings

        def dialect(self):
            return SmgpDialect(self.settings)    # how a login, a submit, a receipt read on the wire

The session is one daemon thread with an event loop, started when the channel is first used. It keeps a window of
unanswered messages, asks a silent line whether it is there, comes back after a drop with growing waits that start
anew after a good login, stops when the gateway refuses the login, and says "got it" of a receipt only when the desk
has stored it. What was on its way when the line broke is UnknownOutcome, and is never sent again.
"""

from desk.plugins.sessions.channel import SessionChannel, SessionSettings
from desk.plugins.sessions.dialect import Dialect, Frame

__all__ = ["Dialect", "Frame", "SessionChannel", "SessionSettings"]
