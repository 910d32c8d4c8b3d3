"""The address of a store on a server: which database, which county, and what libpq is told besides.

    Address.read("postgresql://desk@db.example/desk95598?county=qingshan&sslmode=verify-full", password="…")

`county` is ours, every other parameter is libpq's. The password is shown nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from desk.errors import BadInput
from desk.i18n import _

COUNTY = "county"  # of a url that names none

#: What holds unless the url says otherwise: a line that is cut without a word is noticed within seconds.
LIBPQ = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
    "application_name": "desk95598",
    "client_encoding": "UTF8",
}
#: The same on the server's side: what a seat that vanished held is let go.
SESSION = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "idle_in_transaction_session_timeout": "120s",
    "standard_conforming_strings": "on",
    "client_min_messages": "warning",
    # Every question has an index; the planner's guess that reading everything is quicker is wrong where it matters:
    # a common word that only one town has.
    "enable_seqscan": "off",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
}


@dataclass(frozen=True)
class Address:
    """`shown` is for people; `conninfo` and `password` are for libpq."""

    shown: str
    conninfo: str = field(repr=False)  # a password may be in it
    county: str
    password: str = field(default="", repr=False)

    @classmethod
    def read(cls, url: str, password: str = "") -> Address:
        """Raises BadInput for a url that is none."""
        try:
            parts = urlsplit(url)
            asked = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        except ValueError as error:
            raise _wrong(url, str(error)) from error
        county = dict(asked).get("county", COUNTY)
        if not county or "\0" in url or len(county.encode()) > 100:
            raise _wrong(url, "county")
        told = {name: value for name, value in asked if name != "county"}
        session = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
        options = " ".join(filter(None, (session, told.pop("options", ""))))
        query = urlencode({**LIBPQ, **told, "options": options}).replace("+", "%20")
        where = parts.netloc.rpartition("@")[2] or told.get("host", "")  # several, where one stands in for another
        shown = f"postgresql://{where}{parts.path}" + (f" ({county})" if county != COUNTY else "")
        conninfo = f"postgresql://{parts.netloc}{parts.path}?{query}"
        try:
            conninfo_to_dict(conninfo)
        except psycopg.Error as error:  # a parameter that libpq does not know
            raise _wrong(url, str(error).replace(password or "\0", "***")) from error
        return cls(shown, conninfo, county, password)


def _wrong(url: str, why: str) -> BadInput:
    text = _("{url} is not the address of a store; write it like postgresql://desk@server/desk95598")
    return BadInput(text.format(url=url.split("?")[0].rpartition("@")[2]), why=why)
