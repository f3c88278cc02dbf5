from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.discovery.models import Rhythm, SavedSearch
from kontor.discovery.permissions import require_watcher
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.kernel.texts import printable

LONGEST_NAME, LONGEST_QUERY, MOST = 120, 1500, 100


@transaction.atomic
def save_search(*, actor: Actor, name: str, query: str, rhythm: str = Rhythm.DAILY) -> SavedSearch:
    """Keep a search under a name and tell what comes into it. One that is kept already gets the new name and rhythm.

    Raises NotAllowed; Refused("incomplete", "too_many", "too_long") at `name`.
    """
    membership_id = require_watcher(actor)
    name = _named(name)
    if not query or len(query) > LONGEST_QUERY:
        message = _("This search has too many filters to be kept. Take some away.")
        raise Refused("too_long", message, {"name": message})
    own = SavedSearch.objects.filter(membership_id=membership_id)
    if own.count() >= MOST:
        message = _("You keep %(most)s searches already. Remove one first.") % {"most": MOST}
        raise Refused("too_many", message, {"name": message})
    search, _new = SavedSearch.objects.update_or_create(
        membership_id=membership_id,
        query=query,
        defaults={"name": name, "rhythm": _known(rhythm)},
        create_defaults={"name": name, "rhythm": _known(rhythm), "looked_at": clock.now()},
    )
    record(actor, "discovery.search_saved", ("saved_search", search.pk), changes={"name": name})
    return search


@transaction.atomic
def change_search(*, actor: Actor, search: SavedSearch, name: str, rhythm: str) -> SavedSearch:
    """Another name, or another rhythm. Raises NotAllowed; Refused("incomplete") at `name`."""
    _require_own(actor, search)
    search.name, search.rhythm = _named(name), _known(rhythm)
    search.save(update_fields=["name", "rhythm"])
    record(actor, "discovery.search_changed", ("saved_search", search.pk), changes={"name": search.name})
    return search


@transaction.atomic
def remove_search(*, actor: Actor, search: SavedSearch) -> None:
    """Forget a search and what was found by it. Raises NotAllowed."""
    _require_own(actor, search)
    pk, name = search.pk, search.name
    search.delete()
    record(actor, "discovery.search_removed", ("saved_search", pk), changes={"name": name})


def _require_own(actor: Actor, search: SavedSearch) -> None:
    if search.membership_id != require_watcher(actor):
        raise NotAllowed("not_allowed", _("This saved search belongs to somebody else."))


def _named(name: str) -> str:
    name = " ".join(printable(name).split())
    if not name or len(name) > LONGEST_NAME:
        message = _("Enter a name of up to %(most)s characters.") % {"most": LONGEST_NAME}
        raise Refused("incomplete", message, {"name": message})
    return name


def _known(rhythm: str) -> Rhythm:
    return Rhythm(rhythm) if rhythm in Rhythm.values else Rhythm.DAILY
