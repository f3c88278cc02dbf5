"""One article: add it, change it, put it on sale or take it off."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kontor.audit.trail import trail_of
from kontor.audit.verbs import sentence
from kontor.backoffice.free_invoices import tax_categories
from kontor.backoffice.products import KINDS, category_options
from kontor.backoffice.seat import at_own_desk
from kontor.catalog import units
from kontor.catalog.media import card_path
from kontor.catalog.models import Category, Medium, Product
from kontor.catalog.operations import ProductFacts, UnitFacts, save_product, set_status
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries import products_of_seller
from kontor.inventory.queries import stock_by_warehouse
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.pricing.models import Price
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.forms import number_problem, rows_of
from kontor.web.identity import PersonRequest
from kontor.web.numbers import as_input, number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

FORM = "backoffice/products/form.html"
TEXTS = ("sku", "name", "summary", "description", "brand", "manufacturer_part_number", "gtin")
CHOICES = ("kind", "base_unit", "tax_category")
WHOLE = {"weight_grams": 2_000_000_000, "lead_days": 999}
SPARE_UNITS, SPARE_SPECIFICATIONS = 1, 3
TRAIL = 12
FIELDS = (*TEXTS, *CHOICES, *WHOLE, "category", "revision")

Row = dict[str, str]


def product_of(request: PersonRequest, product_id: int) -> Product:
    """The seller's own article, or 404."""
    return get_object_or_404(products_of_seller(at_own_desk(request)), pk=product_id)


@needs(EDIT_CATALOG)
@require_http_methods(["GET", "POST"])
def product_new(request: PersonRequest) -> HttpResponse:
    """GET /office/products/new/ -> an empty form; POST -> a draft."""
    if request.method == "GET":
        return page(request, FORM, block="form", **_values(request, None))
    return _save(request, None)


@needs(EDIT_CATALOG)
@require_http_methods(["GET", "POST"])
def product(request: PersonRequest, product_id: int) -> HttpResponse:
    """GET /office/products/7/ -> everything about an article; POST -> changed."""
    found = product_of(request, product_id)
    if request.method == "GET":
        return page(request, FORM, block="form", **_values(request, found))
    return _save(request, found)


def _save(request: PersonRequest, found: Product | None) -> HttpResponse:
    try:
        saved = save_product(
            actor=at_own_desk(request),
            facts=_facts(request),
            product=found,
            revision=key_of(request.POST.get("revision", "")) if found else None,
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, FORM, refusal, block="form", **_values(request, found))
    if found is None:
        toast = Toast(
            message=_("%(sku)s is saved as a draft. Put it on sale when it is complete.") % {"sku": saved.sku}
        )
    else:
        toast = Toast(message=_("%(sku)s is saved.") % {"sku": saved.sku})
    return leave_to(request, _address(saved), toast=toast)


def _address(found: Product) -> str:
    return reverse("backoffice:product", args=[found.pk])


def _facts(request: PersonRequest) -> ProductFacts:
    form, wrong = request.POST, {}
    whole: dict[str, int | None] = {}
    for name, most in WHOLE.items():
        text = form.get(name, "").strip()
        if text and not (text.isascii() and text.isdigit() and int(text[:12]) <= most):
            wrong[name] = number_problem(text)
        whole[name] = int(text) if text and name not in wrong else None
    sold, unit_problems = _units(request)
    wrong |= unit_problems
    if wrong:
        raise Refused("incomplete", _("The product was not saved. Correct the marked fields."), wrong)
    category = key_of(form.get("category", ""))
    lead_days = whole["lead_days"]
    return ProductFacts(
        **{name: form.get(name, "").replace("\x00", "") for name in (*TEXTS, *CHOICES)},
        category=Category.objects.filter(pk=category).first() if category else None,
        weight_grams=whole["weight_grams"],
        lead_days=2 if lead_days is None else lead_days,
        specifications=list(rows_of(form, "specifications").values()),
        units=sold,
    )


def _units(request: PersonRequest) -> tuple[list[UnitFacts], Row]:
    """The rows with a unit, and what is wrong with their numbers, by the row as the operation counts it."""
    sold: list[UnitFacts] = []
    wrong: Row = {}
    for row in rows_of(request.POST, "units").values():
        if not row.get("unit"):
            continue
        values = {}
        for name in ("factor", "minimum", "multiple"):
            text = row.get(name, "").strip()
            value = number_from(text) if text else Decimal(1)
            if value is None:
                wrong[f"units/{len(sold)}/{name}"] = number_problem(text)
            values[name] = value or Decimal(0)
        sold.append(UnitFacts(unit=row["unit"], **values))
    return sold, wrong


def _values(request: PersonRequest, found: Product | None) -> dict[str, Any]:
    posted = request.method == "POST"
    if posted:
        typed: dict[str, Any] = {name: request.POST.get(name, "") for name in FIELDS}
        sold = [row for row in rows_of(request.POST, "units").values() if row.get("unit")]
        specifications = [
            row for row in rows_of(request.POST, "specifications").values() if any(row.values())
        ]
    else:
        typed, sold, specifications = _kept(found)
    values: dict[str, Any] = {
        "product": found,
        "typed": typed,
        "units": [*sold, *({} for _n in range(SPARE_UNITS))],
        "specifications": [*specifications, *({} for _n in range(SPARE_SPECIFICATIONS))],
        "unit_names": units.choices(),
        "categories": category_options(_("None yet")),
        "taxes": tax_categories(),
        "kinds": Product.Kind.choices,
    }
    return values | (_beside(found) if found else {})


def _kept(found: Product | None) -> tuple[dict[str, Any], list[Row], list[Row]]:
    """The article as the form shows it before anybody types."""
    names = (*TEXTS, *CHOICES, *WHOLE)
    if found is None:
        first = {"kind": "goods", "base_unit": "C62", "tax_category": "standard", "lead_days": "2"}
        return dict.fromkeys(FIELDS, "") | first, [], []
    typed = {name: "" if getattr(found, name) is None else getattr(found, name) for name in names}
    sold = [
        {
            "unit": one.unit,
            "factor": as_input(one.factor),
            "minimum": as_input(one.minimum),
            "multiple": as_input(one.multiple),
        }
        for one in found.sales_units.all()
    ]
    return (
        typed | {"category": found.category_id or "", "revision": found.revision},
        sold,
        list(found.specifications),
    )


def _beside(found: Product) -> dict[str, Any]:
    """What stands beside the form: media, stock, prices, who changed it."""
    media = list(found.media.all())
    prices = Price.objects.filter(product=found, price_list__seller=found.seller_id).select_related(
        "price_list"
    )
    trail = trail_of("product", found.pk, shared_only=False)[-TRAIL:]
    return {
        "status_kind": KINDS[Product.Status(found.status)],
        "pictures": [
            {"row": one, "card": card_path(one.file)} for one in media if one.kind == Medium.Kind.PICTURE
        ],
        "documents": [one for one in media if one.kind != Medium.Kind.PICTURE],
        "document_kinds": [one for one in Medium.Kind.choices if one[0] != Medium.Kind.PICTURE],
        "stock": stock_by_warehouse(found.pk),
        "prices": list(prices.order_by("-price_list__is_public", "price_list__name", "min_quantity")[:30]),
        "trail": [
            {"title": sentence(one.verb, one.changes), "by": one.actor_name, "at": one.at, "text": one.note}
            for one in reversed(trail)
        ],
    }


@needs(EDIT_CATALOG)
@require_POST
def product_status(request: PersonRequest, product_id: int) -> HttpResponse:
    """POST /office/products/7/status/ status=active -> on sale; status=discontinued -> off it."""
    found = product_of(request, product_id)
    try:
        set_status(actor=at_own_desk(request), product=found, status=request.POST.get("status", ""))
    except (NotAllowed, Stale):
        raise
    except Refused as refusal:
        values = _values(request, found)
        typed, sold, specifications = _kept(found)
        values |= {"typed": typed, "units": [*sold, {}], "specifications": [*specifications, {}]}
        return refused(request, FORM, refusal, block="form", **values)
    is_on_sale = found.status == Product.Status.ACTIVE
    message = _("%(sku)s is on sale.") if is_on_sale else _("%(sku)s is off sale.")
    told = _("Customers find it at once.") if is_on_sale else _("Running orders are not touched.")
    return leave_to(request, _address(found), toast=Toast(message=message % {"sku": found.sku}, told=told))


urlpatterns = [
    path("products/new/", product_new, name="product_new"),
    path("products/<int:product_id>/", product, name="product"),
    path("products/<int:product_id>/status/", product_status, name="product_status"),
]
