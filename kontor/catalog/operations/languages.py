from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.models import CatalogSettings
from kontor.catalog.ownership import selling_company_id
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.companies.models import Company
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import Refused

MOST = 12


@transaction.atomic
def set_languages(
    *, actor: Actor, languages: Sequence[str], seller: Company | None = None
) -> CatalogSettings:
    """Choose the languages of a seller's catalog. The first is that of the texts on its products.

    Raises Refused("incomplete") at ``languages`` for none, too many, or an unknown one.
    """
    require(actor, EDIT_CATALOG)
    seller_id = selling_company_id(actor, seller)
    wanted = list(dict.fromkeys(one.strip().lower() for one in languages if one.strip()))
    if not wanted or len(wanted) > MOST:
        message = _("Choose one to %(most)s languages.") % {"most": MOST}
        raise Refused("incomplete", message, {"languages": message})
    for one in wanted:
        try:
            get_language_info(one)
        except KeyError:
            message = _("“%(language)s” is no language that Kontor knows.") % {"language": one[:20]}
            raise Refused("incomplete", message, {"languages": message}) from None
    kept, _created = CatalogSettings.objects.get_or_create(
        seller_id=seller_id, defaults={"languages": [settings.LANGUAGE_CODE]}
    )
    before, kept.languages = kept.languages, wanted
    kept.save(update_fields=["languages"])
    record(actor, "catalog.languages_set", ("company", seller_id), changes={"languages": [before, wanted]})
    return kept
