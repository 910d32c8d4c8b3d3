"""A simulated year of a made-up county: `python -m tools.year`, or `make year`.

A sandbox is made with its own clock, a year of outages is opened in it, and people settle what is owed: in time,
late, in vain, or never. At the end every duty must be settled or shown as missed; the totals are printed.

    plans       what happens in the year: drawn from one seed
    people      how those who owe something behave
    run         the clock, and one event after the other through the doors of the desk
    totals      what came of it, counted, and whether anything was lost
"""
