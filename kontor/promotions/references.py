"""The goods, customers and groups that promotions speak of: whether they are the seller's, and what they are called."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kontor.catalog.models import Category, Product
from kontor.companies.models import CustomerAccount, CustomerGroup
from kontor.promotions.terms import Bundle, Conditions, Effect, Gift

Terms = tuple[Conditions, Sequence[Effect]]


@dataclass(frozen=True, slots=True)
class Names:
    """What the keys in conditions and effects are called: products by SKU, companies by name."""

    products: dict[int, str] = field(default_factory=dict)
    categories: dict[int, str] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)
    companies: dict[int, str] = field(default_factory=dict)


def given_goods(effects: Iterable[Effect]) -> dict[str, int]:
    """Products in effects, by the field that names them."""
    found = {}
    for place, effect in enumerate(effects):
        if isinstance(effect, Gift):
            found[f"effects/{place}/product_id"] = effect.product_id
        elif isinstance(effect, Bundle):
            for number, part in enumerate(effect.parts):
                found[f"effects/{place}/parts/{number}/product_id"] = part.product_id
    return found


def unknown_references(seller_id: int, conditions: Conditions, effects: Sequence[Effect]) -> dict[str, str]:
    """A sentence at each field that names what is not the seller's. What is given must be a single article."""
    given = given_goods(effects)
    asked = {*conditions.goods.products, *given.values()}
    kinds = dict(Product.objects.filter(seller_id=seller_id, pk__in=asked).values_list("pk", "kind"))
    customers = CustomerAccount.objects.filter(seller_id=seller_id, buyer_id__in=conditions.companies)
    groups = CustomerGroup.objects.filter(seller_id=seller_id, pk__in=conditions.groups)
    categories = Category.objects.filter(pk__in=conditions.goods.categories)
    wrong = {
        "conditions/goods/products": any(one not in kinds for one in conditions.goods.products),
        "conditions/goods/categories": bool(conditions.goods.categories)
        and categories.count() < len(set(conditions.goods.categories)),
        "conditions/companies": bool(conditions.companies)
        and customers.count() < len(set(conditions.companies)),
        "conditions/groups": bool(conditions.groups) and groups.count() < len(set(conditions.groups)),
    }
    wrong |= {name: kinds.get(key, "model") == Product.Kind.MODEL for name, key in given.items()}
    sentences = {
        "conditions/goods/categories": _("One of these categories does not exist."),
        "conditions/companies": _("One of these companies is not your customer."),
        "conditions/groups": _("One of these groups is not yours."),
    }
    return {
        name: sentences.get(name) or _("This is not one of your articles.")
        for name, is_so in wrong.items()
        if is_so
    }


def names_of(seller_id: int, terms: Iterable[Terms]) -> Names:
    """What everything in these conditions and effects is called. Four statements at most."""
    every = list(terms)
    products = {
        key for asked, effects in every for key in (*asked.goods.products, *given_goods(effects).values())
    }
    categories = {key for asked, _effects in every for key in asked.goods.categories}
    groups = {key for asked, _effects in every for key in asked.groups}
    companies = {key for asked, _effects in every for key in asked.companies}
    return Names(
        products=_named(Product.objects.filter(seller_id=seller_id), products, "sku"),
        categories=_named(Category.objects.all(), categories, "name"),
        groups=_named(CustomerGroup.objects.filter(seller_id=seller_id), groups, "name"),
        companies=_companies(seller_id, companies),
    )


def _named(rows: Any, keys: set[int], name: str) -> dict[int, str]:
    return dict(rows.filter(pk__in=keys).values_list("pk", name)) if keys else {}


def _companies(seller_id: int, keys: set[int]) -> dict[int, str]:
    if not keys:
        return {}
    accounts = CustomerAccount.objects.filter(Q(seller_id=seller_id), buyer_id__in=keys).select_related(
        "buyer"
    )
    return {one.buyer_id: str(one.buyer) for one in accounts}
