"""Made-up customers below a made-up network, and telephone numbers that ring nowhere.

China keeps no telephone numbers aside for stories. Mobiles here begin with 1578: the form is that of a
mobile, so the desk reads and masks them as such, but no city has been given any of the thousand blocks
1578000–1578999 (phonenumbers' geodata has a place for nearly every other block of the older prefixes).
Landlines begin with 200: no exchange can, because dialling 200 reaches the calling-card service. Numbers
that are invalid by form would be safer still, but the desk would flag every one as not understood.
Should 1578 ever be opened, a new block belongs in `MOBILE`; a county in training sends and dials nothing in any case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from random import Random

from desk.demo.lines import town_of, village_of
from desk.demo.words import CONTACTS, COUNTY, ESTATES, GIVEN, NEEDS, SHOPS, STREETS, SURNAMES, TRADES, Trade
from desk.phone_numbers import read_phones
from desk.records import Customer, Phone, TransformerArea

MOBILE = "1578"
LANDLINE = "200"

_SURNAMES = tuple(SURNAMES)
_SHARES = tuple(accumulate(SURNAMES.values()))


def customers(count: int, seed: int, network: Sequence[TransformerArea], area_code: str = "0951") -> Iterator[Customer]:
    """`count` customers spread over `network`, in its order; the same ones for the same arguments."""
    people = _People(seed, area_code)
    public = [area for area in network if area.kind != "dedicated"]
    left, homes_left = count - (len(network) - len(public)), len(public)
    for area in network:
        if area.kind == "dedicated":
            yield people.company(area)
            continue
        homes = left if homes_left == 1 else min(left, round(left / homes_left * people.jitter()))
        yield from people.village(area, homes)
        left, homes_left = left - homes, homes_left - 1


class _People:
    """Draws customers one after the other from one source of chance."""

    def __init__(self, seed: int, area_code: str) -> None:
        self._rng = Random(f"customers {seed}")
        self._area_code = area_code
        self._account = 3_100_000_000
        self._companies = 0
        self._taken: dict[str, int] = {}

    def jitter(self) -> float:
        return self._rng.uniform(0.8, 1.2)

    def village(self, area: TransformerArea, count: int) -> Iterator[Customer]:
        """The families and shops below one public transformer."""
        chance = self._rng.random
        village, town, code = village_of(area), town_of(area), area.transformer_area
        where = f"{COUNTY}{town}{village}"
        if town == "城关镇":
            where = f"{COUNTY}{town}{self._rng.choice(STREETS)}{self._rng.randint(1, 300)}号{self._rng.choice(ESTATES)}"
        surnames = self._rng.choices(_SURNAMES, cum_weights=_SHARES, k=count)
        size, box, in_box = int(6 + chance() * 7), 1, 0
        for place, surname in enumerate(surnames):
            if in_box == size:
                size, box, in_box = int(6 + chance() * 7), box + 1, 0
            in_box += 1
            meter_box = f"BX{code[2:]}{box:03d}"
            address = f"{where}{place // 12 + 1}幢{place % 12 + 1}室" if town == "城关镇" else f"{where}{place + 1}号"
            draw = chance()
            if draw < 0.97:
                yield self._family(surname, address, code, meter_box)
            elif draw < 0.976:
                yield self._patient(surname, address, code, meter_box)
            else:
                yield self._shop(surname, address, code, meter_box)

    def company(self, area: TransformerArea) -> Customer:
        """The big customer that has a transformer of its own."""
        rng, trade = self._rng, TRADES[self._companies % len(TRADES)]
        self._companies += 1
        village, town = village_of(area), town_of(area)
        name = self._once(
            rng.choice(trade.names).format(county=COUNTY, town=town, village=village, estate=rng.choice(ESTATES))
        )
        account = self._next_account()
        return Customer(
            account_no=account,
            name=name,
            address=f"{COUNTY}{town}{rng.choice(STREETS)}{rng.randint(1, 400)}号",
            phones=self._company_phones(),
            fax=self._landline()[0].written,
            meter_no=f"3130{account[1:]}",
            transformer_area=area.transformer_area,
            voltage=trade.voltage,
            special=_is_special(trade, self._companies),
            important=trade.important,
            grade=trade.grade,
            medal=trade.medal,
            sector=trade.sector,
            group=trade.group,
            contract_notice_days=trade.notice_days,
        )

    def _family(self, surname: str, address: str, area: str, box: str) -> Customer:
        account = self._next_account()
        return Customer(
            account_no=account,
            name=self._name(surname),
            address=address,
            phones=(self._mobile(),),
            meter_no=f"3130{account[1:]}",
            meter_box=box,
            transformer_area=area,
            voltage="0.4kV",
            sector="residential",
        )

    def _patient(self, surname: str, address: str, area: str, box: str) -> Customer:
        account = self._next_account()
        family = read_phones(f"{self._mobile().written}（家属）", self._area_code)[0]
        return Customer(
            account_no=account,
            name=self._name(surname),
            address=address,
            phones=(self._mobile(), family),
            meter_no=f"3130{account[1:]}",
            meter_box=box,
            transformer_area=area,
            voltage="0.4kV",
            special=True,
            sector="special_need",
            special_need=self._rng.choice(NEEDS),
        )

    def _shop(self, surname: str, address: str, area: str, box: str) -> Customer:
        account = self._next_account()
        return Customer(
            account_no=account,
            name=f"{self._name(surname)}{self._rng.choice(SHOPS)}",
            address=address,
            phones=(self._mobile(), *self._landline()),
            meter_no=f"3130{account[1:]}",
            meter_box=box,
            transformer_area=area,
            voltage="0.4kV",
            sector="commerce",
        )

    def _name(self, surname: str) -> str:
        chance = self._rng.random
        name = surname + GIVEN[int(chance() * len(GIVEN))]
        return name if chance() < 0.2 else name + GIVEN[int(chance() * len(GIVEN))]

    def _next_account(self) -> str:
        self._account += 1 + int(self._rng.random() * 9)
        return str(self._account)

    def _mobile(self) -> Phone:
        number = f"{MOBILE}{int(self._rng.random() * 10_000_000):07d}"
        return Phone(written=number, number=number, kind="mobile")

    def _landline(self, after: str = "") -> tuple[Phone, ...]:
        digits = f"{LANDLINE}{self._rng.randrange(10_000):04d}"
        for local in (digits, digits + "0"):  # seven digits in most counties, eight in some
            phones = read_phones(f"{self._area_code}-{local}{after}", self._area_code)
            if phones[0].number:
                return phones
        return phones

    def _company_phones(self) -> tuple[Phone, ...]:
        extension = f"转8{self._rng.randrange(100):02d}"
        contact = self._rng.choice(CONTACTS)
        manager = read_phones(f"{self._mobile().written}（{self._rng.choice(_SURNAMES)}经理）", self._area_code)
        return (*self._landline(f"{extension}（{contact}）"), *manager)

    def _once(self, name: str) -> str:
        """The name, with a number from the second customer of that name on."""
        self._taken[name] = self._taken.get(name, 0) + 1
        return name if self._taken[name] == 1 else f"{name}（{self._taken[name]}号）"


def _is_special(trade: Trade, number: int) -> bool:
    return trade.sector in ("hospital", "mine", "chemical", "data_centre") or number % 7 == 0
