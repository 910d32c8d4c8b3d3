"""What keeps a desk from being lost: copied to another store, backed up, restored, brought up to a newer version.

manifest = back_up(place, Path("desk.tar.gz"))       # while the desk runs
restore(Path("desk.tar.gz"), config, clock)          # into an empty place
copy_store(old, new)                                 # from any store to any other
"""

from __future__ import annotations
