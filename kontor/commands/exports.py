"""`kontor export`: goods, and price files of customers, into a file or to standard output."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.db.models import Q

from kontor.catalog.models import Product
from kontor.commands.exchange import seller_called
from kontor.commands.start import fail
from kontor.commands.steps import console, step
from kontor.companies.models import Company, CustomerAccount
from kontor.exchange.subjects import GOODS, SUBJECTS
from kontor.exchange.writers import (
    FORMS,
    STATED_FORMS,
    Form,
    Selection,
    columns_of,
    exported_rows,
    stated_columns,
    stated_rows,
    write_file,
)
from kontor.inventory.models import Warehouse
from kontor.pricing.models import PriceList
from kontor.publishing.pricefiles import FORMS as PRICE_FORMS
from kontor.publishing.pricefiles import PriceFile, write_prices
from kontor.search.queries import viewer_for
from kontor.tables.bmecat_writing import BmecatFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where it goes (``-``: standard output) and as what; an empty form: by the ending of the file."""

    file: Path
    form: str = ""

    @property
    def is_output(self) -> bool:
        return str(self.file) == "-"


def export_goods(target: Target, *, seller: str, only: Mapping[str, str]) -> None:
    """Write the goods; ends with a sentence when something is not there."""
    company, form = seller_called(seller), _form(target, FORMS)
    if only["status"] and only["status"] not in Product.Status.values:
        fail(f"Statuses are: {', '.join(Product.Status.values)}.")
    lists = PriceList.objects.filter(seller=company)
    houses = Warehouse.objects.filter(seller=company)
    price_list = lists.filter(code=only["prices"]).first()
    warehouse = houses.filter(code=only["stock"]).first()
    if only["prices"] and price_list is None:
        fail(
            f"There is no price list of this code. There are: {', '.join(lists.values_list('code', flat=True))}."
        )
    if only["stock"] and warehouse is None:
        fail(
            f"There is no warehouse of this code. There are: {', '.join(houses.values_list('code', flat=True))}."
        )
    selection = Selection(
        seller_id=company.pk,
        status=only["status"],
        brand=only["brand"],
        price_list_id=price_list.pk if price_list else None,
        warehouse_id=warehouse.pk if warehouse else None,
    )
    currency = price_list.currency if price_list else company.currency
    facts = BmecatFacts(supplier=str(company), currency=currency)
    pieces = write_file(form.key, columns_of(selection), exported_rows(selection), facts)
    _write(target, pieces, "Export")


def export_stated(target: Target, *, seller: str, subject: str) -> None:
    """Write all options, or all agreed quantities, of a seller."""
    if subject not in SUBJECTS or subject == GOODS:
        fail(f"A file is about one of: {', '.join(SUBJECTS)}.")
    company, form = seller_called(seller), _form(target, STATED_FORMS)
    columns, rows = stated_columns(company.pk, subject), stated_rows(company.pk, subject)
    _write(target, write_file(form.key, columns, rows, BmecatFacts()), str(SUBJECTS[subject].name))


def export_prices(target: Target, *, seller: str, customer: str) -> None:
    """Write what a customer may order at its own prices, as it would download it, of this seller's goods."""
    company, form = seller_called(seller), _form(target, PRICE_FORMS)
    buyer = _customer(company, customer)
    file = PriceFile(form=form.key, viewer=viewer_for(buyer.pk), seller_id=company.pk)
    _write(target, write_prices(file), f"Prices of {buyer}")


def _customer(seller: Company, wanted: str) -> Company:
    accounts = CustomerAccount.objects.active().filter(seller=seller).select_related("buyer")
    names = Q(buyer__legal_name__iexact=wanted) | Q(buyer__trade_name__iexact=wanted)
    found = list(accounts.filter(Q(customer_number=wanted) | names)[:2])
    if len(found) != 1:
        fail(f"{wanted!r} is not the number or the name of one active customer of {seller}.")
    return found[0].buyer


def _form(target: Target, forms: Mapping[str, Form]) -> Form:
    """The kind of file that was named, or that the ending says."""
    ending = target.form.lower() or target.file.suffix.lower().removeprefix(".")
    found = next((one for one in forms.values() if ending in (one.key, one.ending)), None)
    if found is None and target.is_output:
        fail(f"Say the kind with --form: {', '.join(forms)}.")
    if found is None:
        fail(f"The file must end in one of: {', '.join(f'.{one.ending}' for one in forms.values())}.")
    return found


def _write(target: Target, pieces: Iterator[bytes], what: str) -> None:
    console.stderr = target.is_output
    try:
        with step(what) as running, _opened(target) as out:
            size = 0
            for piece in pieces:
                size += out.write(piece)
                running.report("bytes", size)
            running.result = f"{what}: {size:,} bytes" + ("" if target.is_output else f" in {target.file}")
    except KeyboardInterrupt:
        fail("Stopped. No file was written.", code=130)
    except BrokenPipeError:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # else Python complains of it at its end
    except OSError as problem:
        fail(f"{target.file}: {problem.strerror}.")


@contextmanager
def _opened(target: Target) -> Iterator[BinaryIO]:
    """Standard output, or a file that is there only when it is whole."""
    if target.is_output:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    draft = target.file.with_name(f".{target.file.name}.{os.getpid()}")
    try:
        with draft.open("wb") as out:
            yield out
        draft.replace(target.file)
    finally:
        draft.unlink(missing_ok=True)
