"""Where a recipient can be reached: the numbers and addresses of each kind, the best first. Pure.

Customers have theirs in their record; branches, departments and authorities in `[notices] contacts`, where a number
marked （传真） is a fax and what has an @ is a mail address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from desk.notices.phone import address as dialled
from desk.notices.phone import dialling_order
from desk.phone_numbers import read_phones
from desk.records import Customer, Phone, Recipient

FAX_WORDS = ("传真", "fax")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class Contact(Struct, frozen=True):
    """What is known of how to reach one recipient."""

    phones: tuple[Phone, ...] = ()
    fax: tuple[str, ...] = ()
    mail: tuple[str, ...] = ()
    place: str = ""
    account_no: str = ""  # whose numbers they are

    def of(self, kind: str) -> tuple[str, ...]:
        """The addresses of this kind, the best first; a kind that needs none has the empty one."""
        match kind:
            case "mobile":
                return tuple(phone.number for phone in dialling_order(self.phones) if phone.kind == "mobile")
            case "phone":
                return tuple(dialled(phone) for phone in dialling_order(self.phones))
            case "fax":
                return self.fax
            case "mail":
                return self.mail
            case "place":
                return (self.place,) if self.place else ()
        return ("",)


def of_customer(customer: Customer, area_code: str) -> Contact:
    """How a customer is reached."""
    return Contact(
        phones=customer.phones,
        fax=tuple(dict.fromkeys((*_numbers(customer.fax, area_code), *_faxes(customer.phones)))),
        place=customer.address,
        account_no=customer.account_no,
    )


def of_contacts(recipient: Recipient, contacts: Mapping[str, str], area_code: str) -> Contact:
    """How a branch, a department, an authority or a group is reached, by the county's settings."""
    written = contacts.get(recipient.id) or contacts.get(recipient.name) or ""
    mail = tuple(_MAIL.findall(written))
    phones = read_phones(_MAIL.sub("", written), area_code)
    return Contact(phones=phones, fax=_faxes(phones), mail=mail, place=recipient.name or recipient.id)


def of_group(contact: Contact, sites: Sequence[Contact], kind: str) -> tuple[tuple[str, str], ...]:
    """Each (address, account) of a group: its own contact first, then the first site that has one of this kind."""
    own = tuple((address, contact.account_no) for address in contact.of(kind))
    if own:
        return own
    reached = next((site for site in sites if site.of(kind)), None)
    return tuple((address, reached.account_no) for address in reached.of(kind)) if reached else ()


def _faxes(phones: Sequence[Phone]) -> tuple[str, ...]:
    return tuple(dialled(phone) for phone in phones if phone.number and _is_fax(phone))


def _is_fax(phone: Phone) -> bool:
    return any(word in phone.role.casefold() for word in FAX_WORDS)


def _numbers(text: str, area_code: str) -> tuple[str, ...]:
    return tuple(dialled(phone) for phone in read_phones(text, area_code) if phone.number)
