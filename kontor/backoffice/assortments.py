"""Assortments: what customers, groups and visitors see; their rules, who has them, and what one customer sees."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.backoffice.desks import seller_id_of
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Assortment, CatalogSettings
from kontor.catalog.operations import (
    AssortmentFacts,
    Holders,
    RuleFacts,
    assign_assortment,
    change_assortment_rules,
    delete_assortment,
    guest_mode_of,
    save_assortment,
    set_guest_mode,
)
from kontor.catalog.permissions import EDIT_ASSORTMENTS
from kontor.catalog.queries import (
    assortments_of_seller,
    category_tree,
    goods_as_seen,
    holders_of,
    rules_of,
    sight_of,
)
from kontor.companies.models import CustomerAccount, CustomerGroup
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.kernel.texts import printable
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.numbers import number
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

LIST = "backoffice/assortments/list.html"
ONE = "backoffice/assortments/assortment.html"
SEEN = "backoffice/assortments/seen.html"
MOST_CHOICES = 500
SHOWN_UNKNOWN = 5


@needs(EDIT_ASSORTMENTS)
@require_http_methods(["GET", "POST"])
def assortments(request: PersonRequest) -> HttpResponse:
    """GET /office/assortments/ -> all, and what visitors see; POST name, start, extends, is_standard -> a new one."""
    actor = at_own_desk(request)
    if request.method == "GET":
        return page(request, LIST, **_listed(request, actor))
    try:
        saved = save_assortment(actor=actor, facts=_facts(request, actor))
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, LIST, refusal, **_listed(request, actor))
    toast = Toast(message=_("The assortment %(name)s is ready for its rules.") % {"name": saved.name})
    return leave_to(request, _address(saved), toast=toast)


def _listed(request: PersonRequest, actor: Actor) -> dict[str, Any]:
    seller_id = seller_id_of(actor)
    return {
        "rows": assortments_of_seller(seller_id),
        "typed": request.POST,
        "starts": _starts(actor, None),
        "mode": request.POST.get("guest_mode") or guest_mode_of(seller_id),
        "modes": CatalogSettings.GuestMode.choices,
    }


def _starts(actor: Actor, found: Assortment | None) -> list[tuple[str, str]]:
    """What an assortment may begin with: all, none, or what another one holds."""
    others = Assortment.objects.visible_to(actor).exclude(pk=found.pk if found else 0)
    named = [(f"like:{one.pk}", _("What %(name)s holds") % {"name": one.name}) for one in others]
    return [(value, str(label)) for value, label in Assortment.Start.choices] + named


def _facts(request: PersonRequest, actor: Actor) -> AssortmentFacts:
    start = request.POST.get("start", "")
    key = key_of(start.removeprefix("like:")) if start.startswith("like:") else None
    return AssortmentFacts(
        name=printable(request.POST.get("name", "")),
        start=Assortment.Start.ALL if key else start,
        extends=_assortment_of(request, key) if key else None,
        is_standard=bool(request.POST.get("is_standard")),
    )


def _address(found: Assortment) -> str:
    return reverse("backoffice:assortment", args=[found.pk])


def _assortment_of(request: PersonRequest, assortment_id: int) -> Assortment:
    own = Assortment.objects.visible_to(at_own_desk(request)).select_related("extends")
    return get_object_or_404(own, pk=assortment_id)


@needs(EDIT_ASSORTMENTS)
@require_POST
def visitors(request: PersonRequest) -> HttpResponse:
    """POST /office/assortments/visitors/ guest_mode -> what people who are not signed in see."""
    actor = at_own_desk(request)
    try:
        set_guest_mode(actor=actor, mode=request.POST.get("guest_mode", ""))
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, LIST, refusal, **_listed(request, actor))
    toast = Toast(message=_("What visitors see is saved."), told=_("It counts from now on, in search too."))
    return leave_to(request, reverse("backoffice:assortments"), toast=toast)


@needs(EDIT_ASSORTMENTS)
@require_GET
def assortment(request: PersonRequest, assortment_id: int) -> HttpResponse:
    """GET /office/assortments/7/?q= -> its rules, and who has it."""
    return page(request, ONE, block="rules", **_values(request, _assortment_of(request, assortment_id)))


def _values(request: PersonRequest, found: Assortment) -> dict[str, Any]:
    actor = at_own_desk(request)
    words = printable(request.GET.get("q", ""))[:100]
    rows, pager = page_of(request, rules_of(found, search=words), ["allows", "brand", "id"])
    customers = holders_of(found, actor)
    held = set(found.assignments.values_list("group_id", flat=True))
    groups = CustomerGroup.objects.visible_to(actor)[:MOST_CHOICES]
    typed = request.POST
    return {
        "found": found,
        "rows": rows,
        "pager": pager,
        "words": words,
        "starts": _starts(actor, found),
        "start": f"like:{found.extends_id}" if found.extends_id else found.start,
        "listed": next((one for one in assortments_of_seller(found.seller_id) if one.id == found.pk), None),
        "customers": customers,
        "numbers": "\n".join(one.customer_number for one in customers if one.customer_number),
        "groups": [(one, one.pk in held) for one in groups],
        "visitors": found.assignments.filter(account=None, group=None).exists(),
        "categories": _categories(),
        "typed": typed,
    }


def _categories() -> list[tuple[str, str]]:
    """All categories by path, each under the names of those above it."""
    tree = category_tree(None)
    nodes = [node for root in tree.roots for node in root.walk()]
    named = [(node.path, " / ".join(one.name for one in tree.trail(node.path))) for node in nodes]
    return [("", _("No category")), *named]


def _again(request: PersonRequest, found: Assortment, refusal: Refused) -> HttpResponse:
    found.refresh_from_db()
    return refused(request, ONE, refusal, **_values(request, found))


@needs(EDIT_ASSORTMENTS)
@require_POST
def assortment_rules(request: PersonRequest, assortment_id: int) -> HttpResponse:
    """POST /office/assortments/7/rules/ allows, category, brands, skus -> added; with `remove` ticked ones go."""
    found, actor = _assortment_of(request, assortment_id), at_own_desk(request)
    form = request.POST
    try:
        if "remove" in form:
            keys = [key for text in form.getlist("selected") if (key := key_of(text))]
            if not keys:
                raise Refused("nothing_ticked", _("Tick the rules to remove first."))
            moved = change_assortment_rules(actor=actor, assortment=found, remove=keys)
        else:
            moved = change_assortment_rules(actor=actor, assortment=found, add=_rules(request))
    except NotAllowed:
        raise
    except Refused as refusal:
        return _again(request, found, refusal)
    told = ngettext(
        "%(n)s article is seen by others than before.",
        "%(n)s articles are seen by others than before.",
        moved,
    )
    toast = Toast(message=_("The rules are saved."), told=told % {"n": number(moved)})
    return leave_to(request, _address(found), toast=toast)


def _rules(request: PersonRequest) -> list[RuleFacts]:
    form, allows = request.POST, request.POST.get("allows") == "1"
    lines = {name: _lines(form.get(name, "")) for name in ("brands", "skus")}
    rules = [RuleFacts(allows=allows, category=one) for one in form.getlist("category") if one]
    rules += [RuleFacts(allows=allows, brand=one) for one in lines["brands"]]
    rules += [RuleFacts(allows=allows, sku=one) for one in lines["skus"]]
    if not rules:
        message = _("Choose a category, or write brands or SKUs.")
        raise Refused("no_rules", message, {"rules": message})
    return rules


def _lines(text: str) -> list[str]:
    return [line.strip() for line in printable(text).splitlines() if line.strip()]


@needs(EDIT_ASSORTMENTS)
@require_POST
def assortment_save(request: PersonRequest, assortment_id: int) -> HttpResponse:
    """POST /office/assortments/7/save/ name, start, is_standard -> renamed, begins otherwise, the standard."""
    found, actor = _assortment_of(request, assortment_id), at_own_desk(request)
    try:
        save_assortment(actor=actor, facts=_facts(request, actor), assortment=found)
    except NotAllowed:
        raise
    except Refused as refusal:
        return _again(request, found, refusal)
    return leave_to(request, _address(found), toast=Toast(message=_("The assortment is saved.")))


@needs(EDIT_ASSORTMENTS)
@require_POST
def assortment_holders(request: PersonRequest, assortment_id: int) -> HttpResponse:
    """POST /office/assortments/7/holders/ numbers, groups, visitors -> these have it, nobody else."""
    found, actor = _assortment_of(request, assortment_id), at_own_desk(request)
    form = request.POST
    keys = [key for text in form.getlist("groups") if (key := key_of(text))]
    groups = CustomerGroup.objects.visible_to(actor).filter(pk__in=keys)
    try:
        accounts = accounts_by_number(actor, form.get("numbers", ""))
        # Customers without a number cannot be typed: they keep what they have.
        accounts += [one for one in holders_of(found, actor) if not one.customer_number]
        holders = Holders(accounts=accounts, groups=list(groups), visitors=bool(form.get("visitors")))
        assign_assortment(actor=actor, assortment=found, holders=holders)
    except NotAllowed:
        raise
    except Refused as refusal:
        return _again(request, found, refusal)
    return leave_to(request, _address(found), toast=Toast(message=_("Who has the assortment is saved.")))


def accounts_by_number(actor: Actor, text: str) -> list[CustomerAccount]:
    """The seller's customers with these numbers, one a line. Raises Refused("unknown_customers") at ``numbers``."""
    wanted = set(_lines(text))
    own = CustomerAccount.objects.visible_to(actor).filter(seller_id=actor.company_id)
    found = list(own.filter(customer_number__in=wanted))
    unknown = sorted(wanted - {one.customer_number for one in found})
    if unknown:
        message = _("No customer has the number %(numbers)s.") % {
            "numbers": ", ".join(unknown[:SHOWN_UNKNOWN])
        }
        raise Refused("unknown_customers", message, {"numbers": message})
    return found


@needs(EDIT_ASSORTMENTS)
@require_POST
def assortment_delete(request: PersonRequest, assortment_id: int) -> HttpResponse:
    """POST /office/assortments/7/delete/ -> gone, while nobody has it."""
    found = _assortment_of(request, assortment_id)
    name = found.name
    try:
        delete_assortment(actor=at_own_desk(request), assortment=found)
    except NotAllowed:
        raise
    except Refused as refusal:
        return _again(request, found, refusal)
    toast = Toast(message=_("The assortment %(name)s is deleted.") % {"name": name})
    return leave_to(request, reverse("backoffice:assortments"), toast=toast)


@needs(EDIT_ASSORTMENTS)
@require_GET
def seen(request: PersonRequest) -> HttpResponse:
    """GET /office/assortments/seen/?customer=10001&q=&only=hidden -> what a customer, or a visitor, sees or not."""
    actor = at_own_desk(request)
    typed = printable(request.GET.get("customer", ""))[:20]
    words, only = printable(request.GET.get("q", ""))[:100], request.GET.get("only", "")
    own = CustomerAccount.objects.visible_to(actor).filter(seller_id=actor.company_id).select_related("buyer")
    account = own.filter(customer_number=typed).first() if typed else None
    buyer_id = account.buyer_id if account else None
    goods = goods_as_seen(seller_id_of(actor), buyer_id, search=words, only=only)
    rows, pager = page_of(request, goods, ["sku", "id"])
    return page(
        request,
        SEEN,
        block="listing",
        account=account,
        typed=typed,
        words=words,
        only=only,
        choices=[("", _("All goods on sale")), ("seen", _("Seen")), ("hidden", _("Hidden"))],
        sight=sight_of(seller_id_of(actor), buyer_id),
        unknown=bool(typed) and account is None,
        rows=rows,
        pager=pager,
    )


urlpatterns = [
    path("assortments/", assortments, name="assortments"),
    path("assortments/visitors/", visitors, name="assortment_visitors"),
    path("assortments/seen/", seen, name="assortment_seen"),
    path("assortments/<int:assortment_id>/", assortment, name="assortment"),
    path("assortments/<int:assortment_id>/rules/", assortment_rules, name="assortment_rules"),
    path("assortments/<int:assortment_id>/save/", assortment_save, name="assortment_save"),
    path("assortments/<int:assortment_id>/holders/", assortment_holders, name="assortment_holders"),
    path("assortments/<int:assortment_id>/delete/", assortment_delete, name="assortment_delete"),
]
