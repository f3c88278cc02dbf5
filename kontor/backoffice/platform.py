"""The operator's pages: companies to check, companies in all, and how the machinery is."""

from typing import Any

from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kontor.audit.models import Entry
from kontor.audit.verbs import sentence
from kontor.backoffice import health
from kontor.companies.models import Address, Company, CustomerAccount, Membership
from kontor.companies.operations import activate_company, block_company, open_store
from kontor.companies.permissions import OPERATE
from kontor.companies.queries import members_of
from kontor.companies.roles import ROLES
from kontor.kernel import refusal_counts
from kontor.kernel.actors import require
from kontor.kernel.delivery import replay_dead
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.notifications.models import Mail
from kontor.orders.models import Order
from kontor.web.access import operator
from kontor.web.asked import key_of
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

ONE = "backoffice/platform/company.html"
KINDS = {
    Company.Status.REGISTERED: "waiting",
    Company.Status.ACTIVE: "done",
    Company.Status.BLOCKED: "bad",
}
ROWS = 12
TRAIL = 20
SORTS = ["-created_at", "-id"]


@operator
@require_GET
def platform_home(request: PersonRequest) -> HttpResponse:
    """GET /office/platform/ -> companies to check, how the machinery is, what happened last."""
    waiting = Company.objects.filter(status=Company.Status.REGISTERED).order_by("created_at", "id")
    counts = Company.objects.aggregate(
        all=Count("pk"),
        sellers=Count("pk", filter=Q(is_seller=True, status=Company.Status.ACTIVE)),
        buyers=Count("pk", filter=Q(is_buyer=True, status=Company.Status.ACTIVE)),
        waiting=Count("pk", filter=Q(status=Company.Status.REGISTERED)),
        blocked=Count("pk", filter=Q(status=Company.Status.BLOCKED)),
    )
    return page(
        request,
        "backoffice/platform/home.html",
        waiting=list(waiting[:ROWS]),
        counts=counts,
        figures=health.figures(),
        latest=_trail(Entry.objects.filter(verb__startswith="companies.").order_by("-id")[:ROWS]),
    )


def _trail(entries: Any) -> list[dict[str, Any]]:
    return [
        {
            "title": sentence(one.verb, one.changes),
            "by": ", ".join(part for part in (one.actor_name, one.company_name) if part),
            "at": one.at,
            "text": one.note,
            "kind": "bad" if one.verb.endswith("_blocked") else "neutral",
        }
        for one in entries
    ]


@operator
@require_GET
def platform_companies(request: PersonRequest) -> HttpResponse:
    """GET /office/platform/companies/?q=&status=&role= -> all companies, newest first."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    status, role = request.GET.get("status", ""), request.GET.get("role", "")
    found = Company.objects.annotate(people=Count("memberships", filter=Q(memberships__is_active=True)))
    for word in words.split()[:6]:
        found = found.filter(
            Q(legal_name__icontains=word) | Q(trade_name__icontains=word) | Q(vat_id__istartswith=word)
        )
    if status in Company.Status.values:
        found = found.filter(status=status)
    if role in ("buyer", "seller"):
        found = found.filter(**{f"is_{role}": True})
    rows, pager = page_of(request, found, SORTS)
    return page(
        request,
        "backoffice/platform/companies.html",
        block="listing",
        companies=rows,
        pager=pager,
        asked={"q": words, "status": status, "role": role},
        is_narrowed=bool(words or status or role),
        kinds=KINDS,
        statuses=[("", _("Any status")), *Company.Status.choices],
        roles=[("", _("Buyers and sellers")), ("buyer", _("Buyers")), ("seller", _("Sellers"))],
    )


@operator
@require_GET
def platform_company(request: PersonRequest, company_id: int) -> HttpResponse:
    """GET /office/platform/companies/7/ -> who they are, who works there, what happened, and what may be done."""
    found = get_object_or_404(Company, pk=company_id)
    return page(request, ONE, block="deeds", **_values(request, found))


def _values(request: PersonRequest, found: Company) -> dict[str, Any]:
    about = Q(about_type="company", about_id=found.pk) | Q(company_id=found.pk, verb__startswith="companies.")
    billing = Address.objects.filter(company=found, is_billing=True).first()
    orders = Order.objects.aggregate(
        bought=Count("pk", filter=Q(buyer=found)),
        sold=Count("pk", filter=Q(seller=found)),
        last=Max("placed_at", filter=Q(buyer=found) | Q(seller=found)),
    )
    return {
        "found": found,
        "kind": KINDS[Company.Status(found.status)],
        "address": billing.as_dict() if billing else None,
        "people": [
            {"row": one, "roles": ", ".join(str(ROLES.get(role, role)) for role in one.roles)}
            for one in members_of(found.pk)
        ],
        "accounts": CustomerAccount.objects.filter(Q(buyer=found) | Q(seller=found)).count(),
        "orders": orders,
        "trail": _trail(Entry.objects.filter(about).order_by("-id")[:TRAIL]),
        "typed": request.POST,
    }


@operator
@require_POST
def platform_company_do(request: PersonRequest, company_id: int) -> HttpResponse:
    """POST /office/platform/companies/7/do/ deed=activate|block|open_store, reason -> done, and its people told."""
    found = get_object_or_404(Company, pk=company_id)
    deed, actor = request.POST.get("deed", ""), request.actor
    try:
        if deed == "activate":
            activate_company(actor=actor, company=found)
            message = _("%(company)s may trade.")
        elif deed == "open_store":
            open_store(actor=actor, company=found)
            message = _("%(company)s can sell now.")
        elif deed == "block":
            block_company(actor=actor, company=found, reason=request.POST.get("reason", ""))
            message = _("%(company)s is blocked.")
        else:
            raise Refused("unknown_deed", _("Choose what to do."))
    except (NotAllowed, Stale):
        raise
    except Refused as refusal:
        found.refresh_from_db()
        return refused(request, ONE, refusal, block="deeds", **_values(request, found))
    toast = Toast(message=message % {"company": found})
    return leave_to(request, reverse("backoffice:platform_company", args=[found.pk]), toast=toast)


@operator
@require_GET
def platform_health(request: PersonRequest) -> HttpResponse:
    """GET /office/platform/health/ -> workers, the outbox, what was given up, failed, or refused."""
    return page(
        request,
        "backoffice/platform/health.html",
        block="figures",
        figures=health.figures(),
        dead=health.dead(),
        late=health.late_deliveries(),
        mails=health.failed_mails(),
        refusals=refusal_counts.recent(),
        mail_count=Mail.objects.count(),
        people=Membership.objects.active().count(),
    )


@operator
@require_POST
def platform_replay(request: PersonRequest) -> HttpResponse:
    """POST /office/platform/health/replay/ selected=… or all -> dead deliveries are tried again."""
    require(request.actor, OPERATE)
    keys = [key for text in request.POST.getlist("selected") if (key := key_of(text))]
    revived = replay_dead(None if "all" in request.POST else keys)
    message = ngettext("%(n)s delivery is tried again.", "%(n)s deliveries are tried again.", revived)
    toast = Toast(message=message % {"n": revived}, told=_("Reload in a moment to see how it went."))
    if not revived:
        toast = Toast(message=_("Tick the deliveries to try again first."), kind="warning")
    return leave_to(request, reverse("backoffice:platform_health"), toast=toast)


urlpatterns = [
    path("platform/", platform_home, name="platform_home"),
    path("platform/companies/", platform_companies, name="platform_companies"),
    path("platform/companies/<int:company_id>/", platform_company, name="platform_company"),
    path("platform/companies/<int:company_id>/do/", platform_company_do, name="platform_company_do"),
    path("platform/health/", platform_health, name="platform_health"),
    path("platform/health/replay/", platform_replay, name="platform_replay"),
]
