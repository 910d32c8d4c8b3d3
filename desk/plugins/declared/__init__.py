"""Parts that are TOML files: nobody writes code, so nobody must answer for code.

    kind = "webhook"          # or command, apprise, human, file; rule_pack for the rules of a regulation
    name = "pager"
    label = { zh_CN = "呼机", en = "pager" }

A channel's file is read and checked when the desk opens; what it declares is a type of channel like any other.
Only a command needs approval: it runs a program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desk.plugins.declared.ground import Ground
from desk.plugins.declared.head import KINDS, declared, first_of, needs_approval

if TYPE_CHECKING:
    from desk.plugins.declared.channel import DeclaredChannel

__all__ = ["KINDS", "DeclaredChannel", "Ground", "declared", "first_of", "needs_approval"]


def __getattr__(name: str) -> Any:
    if name == "DeclaredChannel":  # 3 ms, and a desk that opens reads no file of a channel yet
        from desk.plugins.declared.channel import DeclaredChannel

        return DeclaredChannel
    raise AttributeError(name)
