"""What the pages say: sentences by name, in the language of the settings, and why a screen ended by its close code."""

from __future__ import annotations

from collections.abc import Mapping

from desk.i18n import N_, _, language

# Close codes of the socket from 4000 on are an application's own.
LEFT, SIGNED_OUT, IDLE, OVER, FULL, ENOUGH, NOT_OPENED = range(4000, 4007)
GOING_AWAY = 1001  # of the protocol itself: the server ends
NONE = 0  # stands for every code that is not ours

WHY_ENDED: Mapping[int, str] = {
    LEFT: N_("The desk was closed."),
    SIGNED_OUT: N_("You signed out."),
    IDLE: N_("Nothing was typed for a long time, so this screen was closed."),
    OVER: N_("Your sign-in has ended; sign in again."),
    FULL: N_("All screens are in use; try again later."),
    ENOUGH: N_("You have as many screens open as one agent may; close one of them."),
    NOT_OPENED: N_("The desk could not be opened; the administrator finds out why with: desk doctor"),
    NONE: N_("The line to the desk was cut. What was saved is kept."),
}

WORDS: Mapping[str, str] = {
    "title": N_("95598 desk"),
    "sign_in": N_("Sign in"),
    "sign_out": N_("Sign out"),
    "name": N_("Agent name"),
    "password": N_("Password"),
    "new": N_("New password"),
    "repeated": N_("New password again"),
    "seat": N_("Seat"),
    "seat_hint": N_("Calls to this seat ring here; empty: your own name"),
    "again": N_("Open again"),
    "full_screen": N_("Full screen"),
    "full_screen_hint": N_("In full screen Ctrl+W, Ctrl+T and Ctrl+N are the desk's too; hold Esc to leave"),
    "opening": N_("Opening the desk …"),
    "no_script": N_("The desk needs JavaScript of its own address."),
}

REFUSED: Mapping[str, str] = {
    "form": N_("The form was too old or came from elsewhere; sign in again."),
    "slow": N_("Too many wrong sign-ins from here; wait five minutes."),
    "seat": N_("{agent} is at seat {seat} in another browser; choose another seat"),
    "repeated": N_("The new password was not typed the same way twice."),
    "empty": N_("Name and password are both needed."),
    "store": N_("The desk's store does not answer; try again in a moment."),
}


def in_words(table: Mapping[str, str]) -> dict[str, str]:
    """The table's sentences in the language in force."""
    return {name: _(words) for name, words in table.items()}


def html_language() -> str:
    """The language in force, as HTML names it."""
    return language().replace("_", "-")


def endings() -> list[tuple[int, str]]:
    """Close code and sentence, for the page that waits for its end."""
    return [(code, _(words)) for code, words in WHY_ENDED.items()]


def refused(name: str) -> str:
    """Why a request is turned away, in words."""
    return _(REFUSED[name])
