"""An article between its form and its facts: what the form shows before anybody types, and what it says when sent."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.backoffice.product_parts import component_rows, components_kept, components_typed
from kontor.backoffice.seat import at_own_desk
from kontor.backoffice.value_fields import posted_values
from kontor.catalog.models import Category, Classification, Family, Hazard, Product
from kontor.catalog.operations import ClassFacts, HazardFacts, ProductFacts, TextFacts, UnitFacts
from kontor.catalog.queries import effective_attributes, products_of_seller
from kontor.kernel.refusal import Refused
from kontor.web.asked import key_of
from kontor.web.dates import local
from kontor.web.forms import number_problem, rows_of
from kontor.web.identity import PersonRequest
from kontor.web.numbers import as_input, number_from

TEXTS = (
    "sku", "name", "summary", "description", "brand", "manufacturer_part_number", "gtin", "origin", "customs_code",
)  # fmt: skip
CHOICES = ("kind", "base_unit", "tax_category")
WHOLE = {"weight_grams": 2_000_000_000, "lead_days": 999}
MOMENTS = ("on_sale_from", "on_sale_until")
FIGURES = ("factor", "minimum", "multiple", "maximum")
HAZARD = ("un_number", "hazard_class", "packing_group", "signal_word", "statements")
FIELDS = (*TEXTS, *CHOICES, *WHOLE, *MOMENTS, "category", "family", "variant_of", "revision")

Row = dict[str, Any]


def facts_of(request: PersonRequest) -> ProductFacts:
    """What the form says. Raises Refused("incomplete") at the fields that cannot be read."""
    form, wrong = request.POST, {}
    whole: dict[str, int | None] = {}
    for name, most in WHOLE.items():
        text = form.get(name, "").strip()
        if text and not (text.isascii() and text.isdigit() and int(text[:12]) <= most):
            wrong[name] = number_problem(text)
        whole[name] = int(text) if text and name not in wrong else None
    moments: dict[str, Any] = {name: _moment(form.get(name, ""), name, wrong) for name in MOMENTS}
    sold, unit_problems = _units(request)
    parts, part_problems = components_typed(request)
    wrong |= unit_problems | part_problems
    model = _model(request, wrong)
    if wrong:
        raise Refused("incomplete", _("The product was not saved. Correct the marked fields."), wrong)
    category, lead_days = key_of(form.get("category", "")), whole["lead_days"]
    texts: dict[str, Any] = {name: form.get(name, "").replace("\x00", "") for name in (*TEXTS, *CHOICES)}
    family = family_asked(request)
    traits = effective_attributes(family.pk if family else None)
    return ProductFacts(
        **texts,
        **moments,
        category=Category.objects.filter(pk=category).first() if category else None,
        family=family,
        variant_of=model,
        weight_grams=whole["weight_grams"],
        lead_days=2 if lead_days is None else lead_days,
        specifications=list(rows_of(form, "specifications").values()),
        units=sold,
        attributes=posted_values(form, traits),
        language=get_language() or "",
        texts=_texts(request),
        classifications=_classes(request),
        hazard=HazardFacts(**{name: _said(request, f"hazard/{name}") for name in HAZARD}),
        components=parts if texts["kind"] == Product.Kind.KIT else None,
    )


def _said(request: PersonRequest, name: str) -> str:
    return str(request.POST.get(name, "")).replace("\x00", "").strip()


def family_asked(request: PersonRequest) -> Family | None:
    """The own family that the form names, or None."""
    own = Family.objects.filter(seller_id=at_own_desk(request).company_id)
    return own.filter(pk=key_of(request.POST.get("family", "")) or 0).first()


def _model(request: PersonRequest, wrong: dict[str, str]) -> Product | None:
    sku = _said(request, "variant_of")
    if not sku:
        return None
    models = products_of_seller(at_own_desk(request)).filter(kind=Product.Kind.MODEL)
    model = models.filter(sku=sku).first()
    if model is None:
        wrong["variant_of"] = _("You have no model with the SKU “%(sku)s”.") % {"sku": sku[:40]}
    return model


def _moment(text: str, name: str, wrong: dict[str, str]) -> datetime | None:
    """A moment as a browser sends it, in the time zone of the reader."""
    if not text.strip():
        return None
    try:
        return timezone.make_aware(datetime.fromisoformat(text.strip()).replace(tzinfo=None))
    except ValueError:
        wrong[name] = _("Enter a day and a time.")
        return None


def _texts(request: PersonRequest) -> dict[str, TextFacts]:
    return {
        code: TextFacts(
            **{name: row.get(name, "").replace("\x00", "") for name in ("name", "summary", "description")}
        )
        for code, row in rows_of(request.POST, "texts").items()
    }


def _classes(request: PersonRequest) -> list[ClassFacts]:
    rows = rows_of(request.POST, "classifications").values()
    return [
        ClassFacts(
            system=row.get("system", ""),
            code=row["code"].replace("\x00", "").strip(),
            version=row.get("version", "").replace("\x00", "").strip(),
        )
        for row in rows
        if row.get("code", "").strip()
    ]


def _units(request: PersonRequest) -> tuple[list[UnitFacts], dict[str, str]]:
    """The rows with a unit, and what is wrong with their numbers, by the row as the operation counts it."""
    sold: list[UnitFacts] = []
    wrong: dict[str, str] = {}
    for row in unit_rows(request):
        values: dict[str, Any] = {}
        for name in FIGURES:
            text = row.get(name, "").strip()
            empty = None if name == "maximum" else Decimal(1)
            value = number_from(text) if text else empty
            if text and value is None:
                wrong[f"units/{len(sold)}/{name}"] = number_problem(text)
            values[name] = value if value is not None or name == "maximum" else Decimal(0)
        package, gtin = (row.get(name, "").replace("\x00", "").strip() for name in ("package", "gtin"))
        sold.append(UnitFacts(unit=row["unit"], package=package.upper(), gtin=gtin, **values))
    return sold, wrong


def unit_rows(request: PersonRequest) -> list[dict[str, str]]:
    """The typed rows that name a unit."""
    return [row for row in rows_of(request.POST, "units").values() if row.get("unit")]


def typed_values(request: PersonRequest) -> Row:
    """The form as it was sent, to be shown again."""
    form = request.POST
    specifications = [row for row in rows_of(form, "specifications").values() if any(row.values())]
    return {
        "typed": {name: form.get(name, "") for name in FIELDS},
        "units": unit_rows(request),
        "components": component_rows(request),
        "specifications": specifications,
        "texts": rows_of(form, "texts"),
        "classes": {row.get("system", ""): row for row in rows_of(form, "classifications").values()},
        "hazard": {name: form.get(f"hazard/{name}", "") for name in HAZARD},
    }


def kept_values(found: Product | None) -> Row:
    """The article as the form shows it before anybody types."""
    if found is None:
        first = {"kind": "goods", "base_unit": "C62", "tax_category": "standard", "lead_days": "2"}
        empty: Row = dict.fromkeys(FIELDS, "") | first
        rows: Row = dict.fromkeys(("units", "specifications", "components"), ())
        return {"typed": empty, "texts": {}, "classes": {}, "hazard": {}} | rows
    names = (*TEXTS, *CHOICES, *WHOLE)
    typed: Row = {name: "" if getattr(found, name) is None else getattr(found, name) for name in names}
    typed |= {name: _local_text(getattr(found, name)) for name in MOMENTS}
    typed |= {
        "category": found.category_id or "",
        "family": found.family_id or "",
        "variant_of": found.variant_of.sku if found.variant_of else "",
        "revision": found.revision,
    }
    hazard = Hazard.objects.filter(product=found).first()
    return {
        "typed": typed,
        "units": [_unit_row(one) for one in found.sales_units.all()],
        "components": components_kept(found),
        "specifications": list(found.specifications),
        "texts": {
            one.language: {"name": one.name, "summary": one.summary, "description": one.description}
            for one in found.texts.all()
        },
        "classes": {
            one.system: {"code": one.code, "version": one.version}
            for one in Classification.objects.filter(product=found)
        },
        "hazard": {name: getattr(hazard, name) for name in HAZARD} if hazard else {},
    }


def _unit_row(one: Any) -> Row:
    figures = {name: "" if getattr(one, name) is None else as_input(getattr(one, name)) for name in FIGURES}
    return {"unit": one.unit, "package": one.package, "gtin": one.gtin, **figures}


def _local_text(moment: datetime | None) -> str:
    return local(moment).strftime("%Y-%m-%dT%H:%M") if moment else ""
