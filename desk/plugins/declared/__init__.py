"""Parts that are TOML files: nobody writes code, so nobody must answer for code.

    kind = "webhook"          # or command, apprise, human, file; rule_pack for the rules of a regulation
    name = "pager"
    label = { zh_CN = "呼机", en = "pager" }

A channel's file is read and checked when the desk opens; what it declares is a type of channel like any other.
Only a command needs approval: it runs a program.
"""

from __future__ import annotations

from desk.plugins.declared.channel import DeclaredChannel
from desk.plugins.declared.ground import Ground
from desk.plugins.declared.head import KINDS, declared, first_of, needs_approval

__all__ = ["KINDS", "DeclaredChannel", "Ground", "declared", "first_of", "needs_approval"]
