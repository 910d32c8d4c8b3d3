"""Widgets side by side on one line, and parts of the screen that hold several."""

from __future__ import annotations

from textual.widget import Widget


class Row(Widget):
    """One line of a form: a label and its field."""


class Pane(Widget):
    """A part of the screen."""
