"""The pictures of docs/paper.md: pages printed for the sample county, small enough to read beside the text."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from desk.app import Desk
from desk.clock import FixedClock
from desk.config import load_config
from desk.imports import import_file
from desk.outages import read_request

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "pictures"
PPI = 62  # A4 is then 512 × 725 pixels, 30–60 KB

PLAN = {
    "type": "planned_maintenance",
    "reference": "JX-2027-003",
    "feeders": ["城关东线"],
    "planned_start": "2027-01-12T06:00",
    "planned_end": "2027-01-12T18:00",
    "cause": "更换老旧导线并加装分段开关",
    "area": "城关镇站前路、建设街、人民路、朝阳路一带",
    "phases": [
        {"start": "2027-01-12T06:00", "end": "2027-01-12T12:00", "supply": "none"},
        {"start": "2027-01-12T12:00", "end": "2027-01-12T18:00", "supply": "single_circuit"},
    ],
}


def main() -> None:
    """Open the plan of the samples in a county of its own, approve it, deliver one notice, print."""
    with tempfile.TemporaryDirectory() as folder:
        config = load_config(None, Path(folder) / "data", {})
        config = replace(config, county=replace(config.county, name="青山县供电公司"))
        clock = FixedClock(datetime.fromisoformat("2026-12-28T09:00+08:00"))
        with Desk.create(config, sandbox=True, clock=clock) as desk:
            for name, content in _pages(desk):
                (OUT / f"paper-{name}.png").write_bytes(content)


def _pages(desk: Desk) -> list[tuple[str, bytes]]:
    for table in ("network", "customers"):
        import_file(desk.place, table, ROOT / "docs" / "samples" / f"{table}.csv")
    outage = desk.outages.open(read_request(PLAN, desk.place.clock.zone)).outage
    for step in desk.notices.approvals(outage.id):
        desk.notices.approve(outage.id, step.step, by="李局长", mode="written")
    notices = {one.stop.name: one for one in desk.paper.notices(outage.id)}
    hospital = notices["青山县人民医院"].duty
    desk.paper.returned(hospital.id, "signed", person="院办王主任")
    rounds = desk.paper.rounds(outage.id)
    return [
        ("notice", desk.paper.notice_png(notices["城关镇大梁煤业有限公司"].duty.id, PPI)[0]),
        ("announcement", desk.paper.page_png(outage.id, PPI)[0]),
        ("round", desk.paper.rounds_png(rounds, PPI)[0]),
        ("theft", desk.paper.blank_png("theft_notice", PPI)[0]),
    ]


if __name__ == "__main__":
    main()
