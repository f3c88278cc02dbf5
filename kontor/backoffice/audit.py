"""The trail: who did what to which object, for whom, through which door."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from kontor.audit.facts import told_facts
from kontor.audit.models import Entry
from kontor.audit.verbs import sentence
from kontor.catalog.models import Category, Product
from kontor.companies.models import Company, CustomerAccount
from kontor.companies.permissions import MANAGE_COMPANY, OPERATE
from kontor.fulfilment.models import Return, Shipment
from kontor.inventory.models import Warehouse
from kontor.invoicing.models import Invoice
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed
from kontor.orders.models import Order
from kontor.pricing.models import PriceList
from kontor.quotes.models import QuoteRequest
from kontor.web.access import needs
from kontor.web.asked import day_asked, key_of
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.pages import page

OBJECTS: dict[str, tuple[str | Promise, type[Model] | None]] = {
    "order": (gettext_lazy("Order"), Order),
    "quote": (gettext_lazy("Request"), QuoteRequest),
    "return": (gettext_lazy("Return"), Return),
    "invoice": (gettext_lazy("Invoice"), Invoice),
    "product": (gettext_lazy("Product"), Product),
    "category": (gettext_lazy("Category"), Category),
    "price_list": (gettext_lazy("Price list"), PriceList),
    "warehouse": (gettext_lazy("Warehouse"), Warehouse),
    "account": (gettext_lazy("Customer account"), CustomerAccount),
    "company": (gettext_lazy("Company"), Company),
    "member": (gettext_lazy("Person"), None),
    "user": (gettext_lazy("Person"), None),
    "cart": (gettext_lazy("Cart"), None),
    "request": (gettext_lazy("Approval"), None),
}
SELLER_PAGES = {
    "order": "backoffice:order",
    "quote": "backoffice:request",
    "return": "backoffice:return",
    "invoice": "backoffice:invoice",
    "product": "backoffice:product",
    "price_list": "backoffice:price_list",
    "account": "backoffice:customer",
}
OPERATOR_PAGES = {"company": "backoffice:platform_company"}
DOORS = {
    "page": gettext_lazy("on a page"),
    "api": gettext_lazy("by API"),
    "import": gettext_lazy("by import"),
    "worker": gettext_lazy("by itself"),
    "shell": gettext_lazy("on the server"),
}
SIZE = 60


@needs(MANAGE_COMPANY, OPERATE)
@require_GET
def audit(request: PersonRequest) -> HttpResponse:
    """GET /office/audit/?q=&kind=&about=&person=&company=&from=&until= -> the trail, newest first.

    A seller's administrators see what their company did and what was done to its trades; the operator sees all.
    """
    actor = request.actor
    if not (actor.is_operator or actor.is_seller):
        raise NotAllowed("not_allowed", _("Your role does not include this page."))
    names = ("q", "kind", "about", "person", "company", "from", "until")
    asked = {name: request.GET.get(name, "").replace("\x00", "").strip()[:100] for name in names}
    rows, pager = page_of(request, _found(request, actor, asked), ["-id"], size=SIZE)
    labels = labels_of((one.about_type, one.about_id) for one in rows)
    return page(
        request,
        "backoffice/audit/trail.html",
        block="listing",
        entries=[_shown(one, labels, actor) for one in rows],
        pager=pager,
        asked=asked,
        is_narrowed=any(asked.values()),
        is_operator=actor.is_operator,
        kinds=[("", _("Any object")), *_kinds()],
    )


def _kinds() -> list[tuple[str, str]]:
    return [(code, str(label)) for code, (label, _model) in OBJECTS.items() if code != "user"]


def _found(request: PersonRequest, actor: Actor, asked: dict[str, str]) -> QuerySet[Entry]:
    found = Entry.objects.all()
    if not actor.is_operator:
        found = found.filter(_own(actor))
    if asked["kind"] in OBJECTS:
        kinds = ["member", "user"] if asked["kind"] == "member" else [asked["kind"]]
        found = found.filter(about_type__in=kinds)
    about = key_of(asked["about"])
    if about:
        found = found.filter(about_id=about)
    if asked["person"]:
        found = found.filter(actor_name__icontains=asked["person"])
    if asked["company"] and actor.is_operator:
        found = found.filter(
            Q(company_name__icontains=asked["company"]) | Q(acting_for_name__icontains=asked["company"])
        )
    for name, comparison in (("from", "gte"), ("until", "lte")):
        if day := day_asked(request, name):
            found = found.filter(**{f"at__date__{comparison}": day})
    return found.filter(_words(asked["q"])) if asked["q"] else found


def _own(actor: Actor) -> Q:
    """What the company did, and what both sides see of its trades."""
    orders = Order.objects.visible_to(actor).filter(seller_id=actor.company_id).values("pk")
    requests = QuoteRequest.objects.visible_to(actor).filter(seller_id=actor.company_id).values("pk")
    accounts = CustomerAccount.objects.visible_to(actor).filter(seller_id=actor.company_id).values("pk")
    return Q(company_id=actor.company_id) | (
        Q(shared=True)
        & (
            Q(about_type="order", about_id__in=orders)
            | Q(about_type="quote", about_id__in=requests)
            | Q(about_type="account", about_id__in=accounts)
        )
    )


def _words(words: str) -> Q:
    """A number of a paper or an article names its object; other words are looked for in notes and facts."""
    said = Q(note__icontains=words) | Q(changes__icontains=words)
    numbered: dict[str, Iterable[int]] = {
        "order": Order.objects.filter(number__iexact=words).values_list("pk", flat=True),
        "quote": QuoteRequest.objects.filter(number__iexact=words).values_list("pk", flat=True),
        "product": Product.objects.filter(sku__iexact=words).values_list("pk", flat=True),
    }
    for kind, keys in numbered.items():
        said |= Q(about_type=kind, about_id__in=keys)
    for model in (Shipment, Return):
        orders = model.objects.filter(number__iexact=words).values_list("order_id", flat=True)
        said |= Q(about_type="order", about_id__in=orders)
    return said


def labels_of(objects: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What people call these objects. One query per kind of object."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, key in objects:
        wanted[kind].add(key)
    special: dict[str, Callable[[Any], str]] = {
        "product": lambda row: row.sku,
        "account": lambda row: str(row.buyer),
    }
    labels = {}
    for kind, keys in wanted.items():
        model: Any = OBJECTS.get(kind, ("", None))[1]
        if model is None:
            continue
        rows = model.objects.all()
        if kind == "account":
            rows = rows.select_related("buyer")
        for key, row in rows.in_bulk(list(keys)).items():
            labels[kind, key] = special.get(kind, str)(row)
    return labels


def _shown(entry: Entry, labels: dict[tuple[str, int], str], actor: Actor) -> dict[str, Any]:
    place = (OPERATOR_PAGES if actor.is_operator else SELLER_PAGES).get(entry.about_type)
    known = labels.get((entry.about_type, entry.about_id), "")
    return {
        "row": entry,
        "said": sentence(entry.verb, entry.changes),
        "kind": str(OBJECTS.get(entry.about_type, (entry.about_type, None))[0]),
        "label": known or f"#{entry.about_id}",
        "url": reverse(place, args=[entry.about_id]) if place and known else "",
        "door": str(DOORS.get(entry.door, entry.door)),
        "facts": told_facts(entry.verb, entry.changes),
    }


urlpatterns = [path("audit/", audit, name="audit")]
