"""Widgets side by side on one line."""

from __future__ import annotations

from textual.widget import Widget


class Row(Widget):
    """One line of a form: a label and its field."""
