"""The form that says what a file's columns mean: its choices, and the plan that somebody made with it."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from kontor.catalog.models import Attribute, Family
from kontor.catalog.queries import languages_of_seller
from kontor.exchange.models import ImportRun
from kontor.exchange.plan import IGNORED, Plan, attribute_code, plan_from
from kontor.exchange.subjects import COSTS, GOODS, PRICES, Subject
from kontor.exchange.suggesting import BREAK
from kontor.inventory.models import Warehouse
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused
from kontor.pricing.models import PriceList

MOST_SHOWN = 120
MOST_ATTRIBUTES = 150
CONSTANTS = ("status", "category", "family")
Options = list[tuple[str, str]]


def form_of(run: ImportRun, actor: Actor) -> dict[str, Any]:
    """What the page shows: each column with samples and choices, and the choices for the whole file."""
    plan = plan_from(run.plan)
    lists = PriceList.objects.visible_to(actor).order_by("-is_public", "name")
    families = Family.objects.filter(seller_id=run.seller_id).values_list("code", "name")
    is_goods = plan.subject == GOODS
    known = _meanings(run.seller_id, plan.about) + (_of_goods(run.seller_id) if is_goods else [])
    return {
        "plan": plan,
        "is_goods": is_goods,
        "is_prices": plan.subject == PRICES,
        "is_figures": plan.subject in (PRICES, COSTS),
        "columns": [
            {
                "place": place,
                "name": column["name"],
                "samples": column["samples"][:3],
                "target": plan.columns.get(column["name"], ""),
                "options": _with_own(known, column["name"], plan),
            }
            for place, column in enumerate(run.columns[:MOST_SHOWN])
        ],
        "labels": {f"columns/{place}": column["name"] for place, column in enumerate(run.columns)},
        "more": max(int(run.about.get("columns", 0)) - MOST_SHOWN, 0),
        "sheets": [(name, name) for name in str(run.about.get("sheets", "")).split("\n") if name],
        "price_lists": [("", _("No price list")), *_codes(lists)],
        "warehouses": [("", _("No warehouse")), *_codes(Warehouse.objects.visible_to(actor))],
        "families": [("", _("No family")), *families],
        "statuses": [
            ("", _("As the file says, else a draft")),
            ("draft", _("Draft")),
            ("approved", _("Approved")),
            ("active", _("On sale")),
        ],
    }


def at_places(refusal: Refused, run: ImportRun) -> Refused:
    """The refusal with its columns named as the form names them, by their place and not by their name."""
    places = {f"columns/{column['name']}": f"columns/{place}" for place, column in enumerate(run.columns)}
    fields = {places.get(name, name): text for name, text in refusal.fields.items()}
    return Refused(refusal.code, refusal.message, fields)


def _codes(rows: Any) -> Options:
    return [(one.code, one.name) for one in rows]


def _meanings(seller_id: int, subject: Subject) -> Options:
    """Everything that a column can mean without further words."""
    languages = languages_of_seller(seller_id, settings.LANGUAGE_CODE)
    options: Options = [("", _("no meaning")), (IGNORED, _("left out"))]
    for key, field in subject.fields.items():
        if key in ("attribute", "specification", "class"):
            continue
        options.append((key, str(field.label)))
        if field.takes == "language":
            options += [(f"{key}:{one}", f"{field.label} ({one})") for one in languages[1:]]
    return options


def _of_goods(seller_id: int) -> Options:
    """Class codes and the seller's own attributes."""
    options: Options = [
        (f"class:{one}", name) for one, name in (("eclass", "ECLASS"), ("etim", "ETIM"), ("unspsc", "UNSPSC"))
    ]
    own = Attribute.objects.filter(seller_id=seller_id).order_by("name")[:MOST_ATTRIBUTES]
    return options + [(f"attribute:{one.code}", _("Attribute: %(name)s") % {"name": one.name}) for one in own]


def _with_own(known: Options, column: str, plan: Plan) -> Options:
    """The choices of one column: of goods also a specification or attribute of its name; and what it means now."""
    target = plan.columns.get(column, "")
    own = [
        (f"specification:{column[:80]}", _("Specification of this name")),
        (f"attribute:{attribute_code(column)}", _("Attribute of this name")),
    ]
    if plan.subject != GOODS:
        own = []
    elif match := BREAK.match(" ".join(column.casefold().split())):
        own.append((f"price:{match[1]}", _("Price from %(n)s") % {"n": match[1]}))
    options = [*known, *(one for one in own if one not in known)]
    values = {value for value, _label in options}
    return options if target in values else [*options, (target, target)]


def plan_of(posted: Mapping[str, str], run: ImportRun) -> Plan:
    """The plan that the form describes. Columns beyond those shown keep what they mean."""
    before = plan_from(run.plan)
    names = [column["name"] for column in run.columns]
    columns = {name: target for name, target in before.columns.items() if name in names[MOST_SHOWN:]}
    for place, name in enumerate(names[:MOST_SHOWN]):
        target = posted.get(f"columns/{place}", "")
        if target:
            columns[name] = target[:200]
    header = posted.get("header", "")
    return Plan(
        subject=before.subject,
        columns=columns,
        constants={
            name: text for name in CONSTANTS if (text := posted.get(f"constants/{name}", "").strip()[:200])
        },
        decimal=posted.get("decimal", before.decimal),
        sheet=posted.get("sheet", before.sheet)[:100],
        header=int(header) if header.isascii() and header.isdigit() and len(header) < 6 else 0,
        clears=posted.get("empty") == "clear",
        takes_good_rows=posted.get("rows") == "good",
        makes_categories=bool(posted.get("makes_categories")),
        makes_attributes=bool(posted.get("makes_attributes")),
        others=posted.get("others", "") if posted.get("others") in ("attributes", "specifications") else "",
        shortens=bool(posted.get("shortens")),
        price_list=posted.get("price_list", "")[:40],
        warehouse=posted.get("warehouse", "")[:20],
    )
