"""A buying company's own part numbers."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from kontor.catalog.models import BuyerPartNumber
from kontor.kernel.actors import Actor
from kontor.kernel.folding import code_key


def part_numbers_of(actor: Actor, *, search: str = "") -> QuerySet[BuyerPartNumber]:
    """Those of the company that the actor buys for, with their products; page it.

    `search` looks in own numbers (without dashes and blanks), SKUs, names, brands and the makers' numbers.
    """
    rows = BuyerPartNumber.objects.visible_to(actor).select_related("product__seller")
    for word in search.split()[:8]:
        names = Q(product__sku__icontains=word) | Q(product__name__icontains=word)
        makers = Q(product__brand__icontains=word) | Q(product__manufacturer_part_number__icontains=word)
        key = code_key(word)
        own = Q(key__contains=key) if key else Q(number__icontains=word)
        rows = rows.filter(own | names | makers)
    return rows


def numbers_on_paper(buyer_id: int, product_ids: Iterable[int]) -> dict[int, str]:
    """The buyer's own numbers of these products, as its papers show them. One statement."""
    own = BuyerPartNumber.objects.filter(buyer_id=buyer_id, product_id__in=list(product_ids))
    return dict(own.values_list("product_id", "number"))
