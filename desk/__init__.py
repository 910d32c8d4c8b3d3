"""The 95598 desk: outages, customers, calls and the duties that follow from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desk.app import Desk

__version__ = "0.1.0"
__all__ = ["Desk", "__version__"]

is_program = False  # this process is the `desk` command, and its terminal the desk's


def __getattr__(name: str) -> Any:
    # `import desk` stays cheap: the desk itself is loaded when first asked for.
    if name == "Desk":
        from desk.app import Desk

        return Desk
    raise AttributeError(f"module 'desk' has no attribute {name!r}")
