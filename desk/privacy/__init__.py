"""People's data: leave to take it out of the desk, what every file that leaves says of itself, how long it is kept.

    leave = Approvals(place).ask("customers", "yearly check")
    Approvals(place).give(leave.id)               # somebody else
    Retention(place).run()                        # deletes what need not be kept any longer
    Persons(place).held("64010001")               # all that is held on one customer

What is held and why stands in docs/privacy.md.
"""
