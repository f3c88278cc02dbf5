"""The form of a promotion: how people type conditions and effects, and how what is there is shown in it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from kontor.backoffice.assortments import accounts_by_number
from kontor.backoffice.price_rows import ids_by_sku
from kontor.catalog.models import Category
from kontor.companies.models import CustomerAccount, CustomerGroup
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import printable
from kontor.promotions.models import Promotion
from kontor.promotions.operations import PromotionFacts
from kontor.web.asked import key_of
from kontor.web.dates import moment_from
from kontor.web.forms import number_problem
from kontor.web.numbers import number_from

SEVERAL = ("categories", "groups", "channels", "weekdays")
LANGUAGES = [(code, label) for code, label in settings.LANGUAGES if code != "en"]
KEEP = "keep"
"""The kind of effects that the form cannot show: they stay as they are."""
FIELDS = {
    "conditions/goods/products": "skus",
    "conditions/goods/brands": "brands",
    "conditions/goods/categories": "categories",
    "conditions/hours": "from_time",
    "effects/0/product_id": "gift_sku",
    "effects/0/quantity": "gift_quantity",
    "effects": "kind",
}
PRICED = {"fixed_price": "price", "bundle": "bundle_amount"}
"""What the form calls the amount of an effect that is not an amount off."""


class Reading:
    """What was typed, and a sentence for each field that cannot be read."""

    def __init__(self, typed: QueryDict, actor: Actor) -> None:
        self.typed, self.actor = typed, actor
        self.wrong: dict[str, str] = {}

    def text(self, name: str) -> str:
        return printable(self.typed.get(name, ""))

    def lines(self, name: str) -> list[str]:
        return [line.strip() for line in self.text(name).splitlines() if line.strip()]

    def number(self, name: str) -> Decimal | None:
        return self._number(name, self.text(name)) if self.text(name) else None

    def _number(self, name: str, text: str) -> Decimal | None:
        value = number_from(text)
        if value is None:
            self.wrong[name] = number_problem(text)
        return value

    def whole(self, name: str) -> int | None:
        value = self.number(name)
        if value is not None and (value != value.to_integral_value() or abs(value) > 10**12):
            self.wrong[name] = _("Enter a whole number.")
            return None
        return None if value is None else int(value)

    def moment(self, name: str) -> datetime | None:
        try:
            return moment_from(self.text(name))
        except ValueError:
            self.wrong[name] = _("Enter a day and a time.")
            return None

    def products(self, name: str, skus: list[str]) -> list[int]:
        known = ids_by_sku(self.actor, skus)
        unknown = [sku for sku in skus if sku not in known]
        if unknown:
            self.wrong[name] = _("You have no article %(skus)s.") % {"skus": ", ".join(unknown[:5])}
        return [known[sku] for sku in skus if sku in known]

    def pairs(self, name: str) -> list[tuple[str, Decimal]]:
        """Lines of a word and a number: ``10 5``, ``BOLT-M8 100``."""
        found = []
        for line in self.lines(name):
            first, _blank, last = line.replace("\t", " ").rpartition(" ")
            value = self._number(name, last)
            if not first:
                self.wrong[name] = _("Write two values on each line, with a blank between them.")
            elif value is not None:
                found.append((first.strip(), value))
        return found


def facts_from(typed: QueryDict, actor: Actor, found: Promotion | None = None) -> PromotionFacts:
    """What was typed. Raises Refused("incomplete") at fields that cannot be read."""
    form = Reading(typed, actor)
    conditions = _conditions(form)
    effects = _effects(form, found)
    facts = PromotionFacts(
        name=form.text("name"),
        names={code: form.text(f"names/{code}") for code, _label in LANGUAGES},
        note=form.text("note"),
        is_active=found.is_active if found else False,
        valid_from=form.moment("valid_from"),
        valid_until=form.moment("valid_until"),
        priority=form.whole("priority") or 0,
        stacking=form.text("stacking"),
        currency=form.text("currency").upper(),
        most=form.number("most"),
        below_floor=bool(typed.get("below_floor")),
        needs_code=bool(typed.get("needs_code")),
        limit_total=form.whole("limit_total"),
        limit_company=form.whole("limit_company"),
        limit_person=form.whole("limit_person"),
        budget=form.number("budget"),
        conditions=conditions,
        effects=effects,
    )
    if form.wrong:
        raise Refused("incomplete", _("The promotion was not saved. Correct the marked fields."), form.wrong)
    return facts


def _conditions(form: Reading) -> dict[str, Any]:
    typed, actor = form.typed, form.actor
    try:
        accounts = accounts_by_number(actor, form.text("companies"))
    except Refused as refusal:
        accounts, form.wrong["companies"] = [], refusal.message
    categories = Category.objects.filter(path__in=typed.getlist("categories"))
    goods = {
        "products": form.products("skus", form.lines("skus")),
        "brands": form.lines("brands"),
        "categories": list(categories.values_list("pk", flat=True)),
    }
    return {
        "goods": goods,
        "companies": [one.buyer_id for one in accounts],
        "groups": [key for text in typed.getlist("groups") if (key := key_of(text))],
        "channels": typed.getlist("channels"),
        "weekdays": [key_of(text) for text in typed.getlist("weekdays")],
        "min_quantity": form.number("min_quantity"),
        "min_value": form.number("min_value"),
        "first_order": bool(typed.get("first_order")),
        "from_time": form.text("from_time") or None,
        "until_time": form.text("until_time") or None,
    }


def _effects(form: Reading, found: Promotion | None) -> list[dict[str, Any]]:
    kind = form.text("kind")
    if kind == KEEP and found is not None:
        return found.effects
    read = _READ.get(kind)
    effects = [{"kind": kind, **read(form)}] if read else []
    if form.typed.get("frees_freight") and kind != "free_freight":
        effects.append({"kind": "free_freight"})
    return effects


def _gift(form: Reading) -> dict[str, Any]:
    products = form.products("gift_sku", form.lines("gift_sku")[:1])
    if not products:
        form.wrong.setdefault("gift_sku", _("Choose one of your articles."))
    quantity = form.number("gift_quantity") or Decimal(1)
    return {"product_id": (products or [0])[0], "quantity": quantity, "every": form.number("every")}


def _tiers(form: Reading) -> dict[str, Any]:
    tiers = []
    for start, percent in form.pairs("tiers"):
        value = number_from(start)
        if value is None:
            form.wrong["tiers"] = number_problem(start)
        else:
            tiers.append({"start": value, "percent": percent})
    return {"by": form.text("by"), "tiers": tiers}


def _parts(form: Reading) -> dict[str, Any]:
    pairs = form.pairs("parts")
    products = form.products("parts", [sku for sku, _number in pairs])
    parts = [
        {"product_id": key, "quantity": number} for key, (_sku, number) in zip(products, pairs, strict=False)
    ]
    return {"parts": parts, "amount": form.number("bundle_amount")}


_READ: Mapping[str, Callable[[Reading], dict[str, Any]]] = {
    "percent": lambda form: {"percent": form.number("percent")},
    "amount": lambda form: {"amount": form.number("amount"), "per": form.text("per")},
    "fixed_price": lambda form: {
        "amount": form.number("price"),
        "price_base": form.number("price_base") or Decimal(1),
    },
    "gift": _gift,
    "cheapest_free": lambda form: {"take": form.whole("take"), "pay": form.whole("pay")},
    "tiered": _tiers,
    "free_freight": lambda _form: {},
    "bundle": _parts,
}


def at_its_fields(refusal: Refused, kind: str) -> Refused:
    """The refusal of an operation with the names that the form has."""
    fields = {}
    for name, sentence in refusal.fields.items():
        steps = name.split("/")
        if name in FIELDS:
            shown = FIELDS[name]
        elif steps[0] == "effects" and len(steps) > 2:
            shown = PRICED.get(kind, steps[2]) if steps[2] == "amount" else steps[2]
        else:
            shown = steps[1] if steps[0] == "conditions" else name
        fields[shown] = sentence
    return Refused(refusal.code, refusal.message, fields)


def typed_fields(typed: QueryDict) -> dict[str, Any]:
    """What was typed, to be shown again."""
    return {name: typed.getlist(name) if name in SEVERAL else typed.get(name, "") for name in typed}


def company_numbers(actor: Actor, buyers: tuple[int, ...]) -> list[str]:
    """The customer numbers of these companies."""
    own = CustomerAccount.objects.visible_to(actor).filter(seller_id=actor.company_id, buyer_id__in=buyers)
    return sorted(own.values_list("customer_number", flat=True))


def group_choices(actor: Actor) -> list[tuple[int, str]]:
    return [(one.pk, one.name) for one in CustomerGroup.objects.visible_to(actor)[:200]]
