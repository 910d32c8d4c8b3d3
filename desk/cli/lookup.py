"""`desk lookup`: customers by any words of account, meter, phone, name, pinyin or address."""

from __future__ import annotations

import click

from desk.cli.base import command, flags, opened
from desk.cli.show import print_json, print_table
from desk.i18n import N_, _


@command("lookup", help=N_("Find customers by account, meter, phone, name, pinyin or address."))
@click.argument("query", nargs=-1, required=True, metavar="QUERY...")
@click.option("--limit", type=click.IntRange(1), default=20, metavar="N", help=N_("How many at most."))
def lookup(context: click.Context, query: tuple[str, ...], limit: int) -> None:
    from desk.outputs import found_json, phones_shown

    with opened(context) as desk:
        found = desk.calls.find(" ".join(query), limit)
    if flags(context).json:
        print_json([found_json(one) for one in found])
    elif not found:
        click.echo(_("No customer matches “{query}”.").format(query=" ".join(query)))
    else:
        head = (_("account"), _("name"), _("phones"), _("feeder"), _("outages"), _("matched"), _("address"))
        rows = ((one, one.customer) for one in found)
        print_table(
            head,
            (
                (
                    customer.account_no,
                    customer.name,
                    " ".join(phones_shown(customer)),
                    one.feeder,
                    " ".join(one.outages),
                    one.matched,
                    customer.address,
                )
                for one, customer in rows
            ),
        )
