"""The versions of an article: who saved what and when, what differs, and back to an earlier one."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kontor.backoffice.product_form import product_of, rooms_of
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Attribute, Product, ProductRelation, ProductVersion
from kontor.catalog.operations import restore_version
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries import trait_of
from kontor.goods import units
from kontor.goods.attributes import shown_value
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to, page
from kontor.web.toasts import Toast

MOST = 100
NAMES = {
    "sku": gettext_lazy("SKU"),
    "name": gettext_lazy("Name"),
    "summary": gettext_lazy("In one sentence"),
    "description": gettext_lazy("Description"),
    "brand": gettext_lazy("Brand"),
    "manufacturer_part_number": gettext_lazy("Manufacturer’s number"),
    "gtin": gettext_lazy("GTIN"),
    "kind": gettext_lazy("Kind"),
    "status": gettext_lazy("Status"),
    "base_unit": gettext_lazy("Base unit"),
    "tax_category": gettext_lazy("Tax"),
    "weight_grams": gettext_lazy("Weight of one base unit"),
    "lead_days": gettext_lazy("Delivery time in stock"),
    "origin": gettext_lazy("Country of origin"),
    "customs_code": gettext_lazy("Customs code"),
    "on_sale_from": gettext_lazy("On sale from"),
    "on_sale_until": gettext_lazy("On sale until"),
    "category": gettext_lazy("Category"),
    "family": gettext_lazy("Family"),
    "variant_of": gettext_lazy("Variant of"),
    "units": gettext_lazy("Sold in"),
    "specifications": gettext_lazy("Specifications"),
    "texts": gettext_lazy("Texts"),
    "classifications": gettext_lazy("Classification"),
    "hazard": gettext_lazy("Dangerous goods"),
    "relations": gettext_lazy("Goes with"),
}


@needs(EDIT_CATALOG)
@require_GET
def product_history(request: PersonRequest, product_id: int) -> HttpResponse:
    """GET /office/products/7/history/ -> the last versions, each with what it changed."""
    found = product_of(request, product_id)
    versions = list(found.versions.all()[: MOST + 1])
    told = _Words(found)
    rows = [
        {"row": one, "changes": told.differences(before.facts, one.facts) if before else None}
        for one, before in zip(versions, [*versions[1:], None], strict=False)
    ][:MOST]
    return page(
        request,
        "backoffice/products/history.html",
        product=found,
        rooms=rooms_of(found, "history"),
        versions=rows,
    )


@needs(EDIT_CATALOG)
@require_POST
def product_restore(request: PersonRequest, product_id: int) -> HttpResponse:
    """POST /office/products/7/restore/ version=3 -> as it was then, saved as a new version."""
    found = product_of(request, product_id)
    version = found.versions.filter(revision=key_of(request.POST.get("version", "")) or 0).first()
    back = reverse("backoffice:product_history", args=[found.pk])
    if version is None:
        return leave_to(request, back, toast=Toast(message=_("This version is not kept."), kind="warning"))
    try:
        restore_version(actor=at_own_desk(request), product=found, version=version)
    except NotAllowed:
        raise
    except Refused as refusal:
        told = " ".join(dict.fromkeys(refusal.fields.values()))
        toast = Toast(message=refusal.message, told=told, kind="warning")
        return leave_to(request, back, toast=toast)
    toast = Toast(
        message=_("%(sku)s is as it was in version %(n)s.") % {"sku": found.sku, "n": version.revision}
    )
    return leave_to(request, back, toast=toast)


def _values_of(version: ProductVersion) -> dict[str, Any]:
    found: Any = version.facts["attributes"]
    return dict(found)


class _Words:
    """What a version says, in the reader's words."""

    def __init__(self, product: Product) -> None:
        self.reader = get_language() or ""
        own = Attribute.objects.filter(seller_id=product.seller_id).prefetch_related("choices")
        codes = {code for one in product.versions.all()[: MOST + 1] for code in _values_of(one)}
        self.traits = {one.code: trait_of(one) for one in own.filter(code__in=codes)}

    def differences(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """Name, before and after of each fact that differs."""
        changed = [
            (str(name), self._said(fact, before.get(fact)), self._said(fact, after.get(fact)))
            for fact, name in NAMES.items()
            if before.get(fact) != after.get(fact)
        ]
        old, new = before["attributes"], after["attributes"]
        codes = [code for code in {**old, **new} if old.get(code) != new.get(code)]
        return changed + [
            (self._label(code), self._value(code, old.get(code)), self._value(code, new.get(code)))
            for code in codes
        ]

    def _label(self, code: str) -> str:
        return self.traits[code].label(self.reader) if code in self.traits else code

    def _value(self, code: str, value: Any) -> str:
        if value is None:
            return ""
        if code not in self.traits:
            return str(value)
        return " ".join(shown_value(self.traits[code], value, self.reader)).strip()

    def _said(self, fact: str, value: Any) -> str:
        if value in (None, "", [], {}):
            return ""
        if fact == "status":
            return str(Product.Status(value).label)
        if fact == "kind":
            return str(Product.Kind(value).label)
        if fact == "base_unit":
            return units.name(value)
        if fact == "units":
            return ", ".join(
                f"{units.name(one['unit'])} × {one['factor'].rstrip('0').rstrip('.')}" for one in value
            )
        if fact == "specifications":
            return "; ".join(
                f"{one['name']}: {one['value']} {one.get('unit') or ''}".strip() for one in value
            )
        if fact == "texts":
            return "; ".join(f"{code}: {text['name'] or text['summary']}" for code, text in value.items())
        if fact == "classifications":
            return ", ".join(f"{one['system']} {one['version']} {one['code']}" for one in value)
        if fact == "relations":
            return ", ".join(f"{ProductRelation.Kind(one['kind']).label}: {one['sku']}" for one in value)
        if fact == "hazard":
            return ", ".join(text for text in value.values() if text)
        return str(value)


urlpatterns = [
    path("products/<int:product_id>/history/", product_history, name="product_history"),
    path("products/<int:product_id>/restore/", product_restore, name="product_restore"),
]
