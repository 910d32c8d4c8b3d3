"""Takes a county's network, customers and outages from the files that offices really have.

report = import_file(place, "customers", "客户档案.xlsx", progress=show)
for reason in report.rejected:
    print(reason.row, reason.field, reason.value, reason.problem)
"""

from desk.imports.report import Cancelled, Rejected, Report
from desk.imports.run import import_file
from desk.imports.source import Source, read_rows

__all__ = ["Cancelled", "Rejected", "Report", "Source", "import_file", "read_rows"]
