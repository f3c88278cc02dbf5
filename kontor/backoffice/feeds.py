"""Product feeds: on or off per language, with which prices, what would be in them, and what keeps goods out."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kontor.backoffice.seat import at_own_desk
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries import languages_of_seller
from kontor.companies.models import Company
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.publishing.feeds import KEEPS_OUT, POORER, preview_of
from kontor.publishing.models import ProductFeed, Schedule
from kontor.publishing.operations.feeds import FeedFacts, save_feed
from kontor.web.access import needs
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

PAGE = "backoffice/schedules/feeds.html"


@needs(EDIT_CATALOG)
@require_http_methods(["GET", "POST"])
def feeds(request: PersonRequest) -> HttpResponse:
    """GET /office/feeds/?language=de -> a feed's settings, preview and problems; POST the settings -> saved."""
    actor = at_own_desk(request)
    languages = languages_of_seller(actor.company_id, settings.LANGUAGE_CODE)
    asked = request.GET.get("language", "")
    language = asked if asked in languages else languages[0]
    if request.method == "GET":
        return page(request, PAGE, **_shown(actor, language, languages, QueryDict()))
    facts = FeedFacts(
        language=language,
        is_on=request.POST.get("is_on") == "yes",
        tax_country=request.POST.get("tax_country", "").replace("\x00", ""),
    )
    try:
        feed = save_feed(actor=actor, facts=facts)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, PAGE, refusal, **_shown(actor, language, languages, request.POST))
    said = (
        _("The feed is on and is being made.")
        if feed.is_on
        else _("The feed is off; its address answers no more.")
    )
    return leave_to(request, f"{reverse('backoffice:feeds')}?language={language}", toast=Toast(message=said))


def _shown(actor: Actor, language: str, languages: list[str], typed: QueryDict) -> dict[str, Any]:
    seller = Company.objects.get(pk=actor.company_id or 0)
    feed = ProductFeed.objects.visible_to(actor).filter(language=language).first() or ProductFeed(
        seller=seller, language=language
    )
    names = dict(settings.LANGUAGES)
    address = f"{reverse('backoffice:feeds')}?language="
    return {
        "feed": feed,
        "is_on": typed.get("is_on") == "yes" if typed else feed.is_on,
        "tax_country": typed.get("tax_country", "") if typed else feed.tax_country,
        "shows_prices": seller.prices_for_guests and settings.CONFIG.prices_for_guests,
        "tabs": [
            {"label": names.get(one, one), "url": address + one, "current": one == language}
            for one in languages
        ],
        "addresses": [
            (label, settings.SITE_URL + reverse(f"storefront:{route}", args=[seller.slug, language]))
            for label, route in (("XML", "feed_xml"), ("TSV", "feed_tsv"))
        ],
        "schedule": Schedule.objects.visible_to(actor).filter(feed=feed).first() if feed.pk else None,
        "kept_out": [(KEEPS_OUT[name], count) for name, count in feed.problems.items() if name in KEEPS_OUT],
        "poorer": [(POORER[name], count) for name, count in feed.problems.items() if name in POORER],
        "items": preview_of(feed),
    }


urlpatterns = [path("feeds/", feeds, name="feeds")]
