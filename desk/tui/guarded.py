"""What keeps one fault from ending the desk: a message that cannot be carried out is told, and the next one is heard.

Textual ends a widget, and with the app's own the whole program, at the first error of a handler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message
from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from desk.tui.app import DeskApp


class Guarded(MessagePump):
    """The base of the app, the screens and the widgets that do something."""

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as fault:
            app: DeskApp = self.app  # type: ignore[assignment]
            app.unexpected(fault)
