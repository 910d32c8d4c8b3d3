"""A county's network and who is supplied by it."""

from __future__ import annotations

from desk.records.base import Record


class Phone(Record, frozen=True, kw_only=True):
    """One telephone number: what was written, and what was understood of it.

    `number` is the national number in digits (`13800138000`, `09515550000`, `95598`); it is empty
    when the writing could not be understood, and `written` is kept all the same.
    """

    written: str
    number: str = ""
    extension: str = ""
    kind: str = "unknown"  # mobile | landline | service | short | unknown
    role: str = ""


class TransformerArea(Record, frozen=True, kw_only=True):
    """One row of the network: a distribution transformer and what lies above it."""

    transformer_area: str
    feeder: str
    transformer_name: str = ""
    lateral: str = ""
    substation: str = ""
    kind: str = ""  # public | dedicated
    service_branch: str = ""


class Customer(Record, frozen=True, kw_only=True):
    """A customer as the billing office knows it; recognised by `account_no`."""

    account_no: str
    name: str
    transformer_area: str
    address: str = ""
    phones: tuple[Phone, ...] = ()
    fax: str = ""
    meter_no: str = ""
    meter_box: str = ""
    voltage: str = ""
    special: bool = False
    important: bool = False
    grade: str = ""
    medal: str = ""  # gold | silver | bronze
    sector: str = ""
    group: str = ""
    special_need: str = ""
    contract_notice_days: int | None = None
