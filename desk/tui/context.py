"""What is open, what is typed, who is signed in: everything that decides which command may run.

Pure data, built by the app from its widgets and read by `commands`; tested without a terminal.
"""

from __future__ import annotations

from msgspec import Struct

# Where the keyboard is. The first five are the one screen; the others are screens of their own.
DESK = frozenset({"board", "results", "card", "call"})
FORMS = frozenset({"form", "settle", "approvals"})
DUTY_LISTS = frozenset({"work", "oversight", "orders", "rules"})
DUTY_PLACES = DUTY_LISTS | {"dial"}
MESSAGE_LISTS = frozenset({"messages", "sending", "paper"})
CASE_LISTS = frozenset(
    {"work_orders", "callbacks", "cases", "predicted", "shift", "calls_picture", "agents", "leaves", "audit"}
)
CHANNEL_FORMS = frozenset({"new_channel", "channel_settings"})
DOORS = frozenset({"sign_in", "locked", "hidden"})  # nobody is in: nothing of the desk shows, nothing of it works
PLACES = (
    *("board", "results", "card", "call", "ask", "form", "log", "import", "plugins", "help", "palette", "jump"),
    *(
        "work",
        "dial",
        "settle",
        "approvals",
        "oversight",
        "orders",
        "rules",
        *sorted(MESSAGE_LISTS | CHANNEL_FORMS | CASE_LISTS),
        "password",
        *sorted(DOORS),
    ),
)


class InputContext(Struct, frozen=True, kw_only=True):
    """A moment at the keyboard."""

    where: str = "board"
    typing: bool = False  # a text field has the keyboard: no letter is a command
    outage: str = ""  # id of the outage under the cursor or on the card
    stage: str = ""  # its stage on the board
    open_call: bool = False  # a call is open and not saved
    has_customer: bool = False  # that call has a customer
    has_number: bool = False  # that call came with a number
    waiting: int = 0  # further calls that are not saved
    ringing: int = 0  # telephones that ring and wait to be taken
    narrow: bool = False  # one pane at a time
    busy: bool = False  # long work is running
    may_write: bool = True  # the role may change outages
    signed_in: bool = False  # by a password: one may sign out
    leads: bool = False  # the role deals with agents
    picking: bool = False  # a completion list is open under the field
    conflicts: int = 0  # fields that another seat has changed too
    held: bool = False  # another seat has what is under the cursor, and the role may take it over
    part: str = ""  # name of the part or channel under the cursor
    message: str = ""  # id of the message under the cursor
    duty: str = ""  # id of the duty under the cursor, or on the telephone
    results: tuple[str, ...] = ()  # what a try at that duty may come to
    asking: bool = False  # a result waits for a name or a reason
