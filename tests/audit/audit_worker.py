"""What another process does to an audit in the tests: `python audit_worker.py FOLDER URL SEAT LINES`.

Says each line once it is stored; with LINES 0 it goes on until it is killed.
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from audited import place_at

from desk.audit import Audit
from desk.schema import Mark

if __name__ == "__main__":
    folder, url, seat, lines = sys.argv[1:]
    place = place_at(Path(folder), url, seat=seat)
    audit = Audit(place)
    for number in range(int(lines)) if int(lines) else count():
        with place.store.transaction():
            place.marks_table.put(Mark(name=f"{seat}-{number}", at=place.now()))
            line = audit.note("mark.set", f"{seat}-{number}")
        if number % 20 == 7:
            audit.checkpoint()
        print(line.about, flush=True)
