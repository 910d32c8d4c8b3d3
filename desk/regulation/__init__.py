"""The regulation as data: rule packs are read and checked, and facts of an outage become duties.

Pure: everything is passed in, the time too; nothing here reads the store or sends anything.

    regulation = Regulation.of(host.rule_packs, config.regulation)
    derived = derive(OutageFacts(outage=outage), customers, grid.areas, regulation)
    steps = difference(held, derived, happening)
"""

from __future__ import annotations

from desk.regulation.packs import Regulation

__all__ = ["Regulation"]
