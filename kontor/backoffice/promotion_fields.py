"""A promotion as its form shows it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from kontor.backoffice.promotion_form import KEEP, company_numbers
from kontor.catalog.models import Category
from kontor.kernel.actors import Actor
from kontor.promotions.models import Promotion
from kontor.promotions.references import Names, names_of
from kontor.promotions.terms import (
    AmountOff,
    Bundle,
    CheapestFree,
    Effect,
    FixedPrice,
    FreeFreight,
    Gift,
    Percent,
    Tiered,
    conditions_from,
    effects_from,
)
from kontor.web.dates import as_moment_field
from kontor.web.numbers import as_input

FRESH: dict[str, Any] = {
    "kind": "percent", "per": "order", "by": "quantity", "priority": 100, "stacking": "with_others",
    "currency": "EUR", "price_base": "1", "gift_quantity": "1",
}  # fmt: skip


def fields_of(one: Promotion, actor: Actor) -> dict[str, Any]:
    """The fields of the form for a promotion that is there."""
    asked, effects = conditions_from(one.conditions), effects_from(one.effects)
    names = names_of(one.seller_id, [(asked, effects)])
    paths = Category.objects.filter(pk__in=asked.goods.categories).values_list("path", flat=True)
    return FRESH | {
        "name": one.name,
        **{f"names/{code}": text for code, text in one.names.items()},
        "note": one.note,
        "valid_from": as_moment_field(one.valid_from),
        "valid_until": as_moment_field(one.valid_until),
        "priority": one.priority,
        "stacking": one.stacking,
        "currency": one.currency,
        "below_floor": one.below_floor,
        "needs_code": one.needs_code,
        **{name: getattr(one, name) or "" for name in ("limit_total", "limit_company", "limit_person")},
        "most": _input(one.most),
        "budget": _input(one.budget),
        "skus": "\n".join(names.products[key] for key in asked.goods.products if key in names.products),
        "brands": "\n".join(asked.goods.brands),
        "categories": list(paths),
        "companies": "\n".join(company_numbers(actor, asked.companies)),
        "groups": list(asked.groups),
        "channels": list(asked.channels),
        "weekdays": list(asked.weekdays),
        "min_quantity": _input(asked.min_quantity),
        "min_value": _input(asked.min_value),
        "first_order": asked.first_order,
        "from_time": f"{asked.from_time:%H:%M}" if asked.from_time else "",
        "until_time": f"{asked.until_time:%H:%M}" if asked.until_time else "",
        **_effect_fields(effects, names),
    }


def _input(value: Decimal | None) -> str:
    return as_input(value) if value is not None else ""


def _effect_fields(effects: tuple[Effect, ...], names: Names) -> dict[str, Any]:
    others = [one for one in effects if not isinstance(one, FreeFreight)]
    if len(others) > 1:
        return {"kind": KEEP}
    freed = len(others) < len(effects)
    if not others:
        return {"kind": "free_freight"}
    return {"kind": others[0].kind, "frees_freight": freed, **_SHOWN[type(others[0])](others[0], names)}


def _gift(one: Gift, names: Names) -> dict[str, Any]:
    sku = names.products.get(one.product_id, "")
    return {"gift_sku": sku, "gift_quantity": as_input(one.quantity), "every": _input(one.every)}


def _tiers(one: Tiered, _names: Names) -> dict[str, Any]:
    lines = [f"{as_input(tier.start)} {as_input(tier.percent)}" for tier in one.tiers]
    return {"by": one.by, "tiers": "\n".join(lines)}


def _bundle(one: Bundle, names: Names) -> dict[str, Any]:
    lines = [f"{names.products.get(part.product_id, '')} {as_input(part.quantity)}" for part in one.parts]
    return {"parts": "\n".join(lines), "bundle_amount": as_input(one.amount)}


_SHOWN: Mapping[type[Any], Callable[[Any, Names], dict[str, Any]]] = {
    Percent: lambda one, _names: {"percent": as_input(one.percent)},
    AmountOff: lambda one, _names: {"amount": as_input(one.amount), "per": one.per},
    FixedPrice: lambda one, _names: {"price": as_input(one.amount), "price_base": as_input(one.price_base)},
    CheapestFree: lambda one, _names: {"take": one.take, "pay": one.pay},
    Gift: _gift,
    Tiered: _tiers,
    Bundle: _bundle,
}
