from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.models import Product
from kontor.companies.queries import house_seller
from kontor.goods.wording import tokens, understood
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import Refused
from kontor.search.models import Pin, Redirect, Synonym
from kontor.search.permissions import CURATE_SEARCH
from kontor.search.queries.curated import forget_curation

MOST_TERMS, LONGEST_TERM, LONGEST_WORDS = 12, 60, 200
MOST_PINS = 24


def _permit(actor: Actor) -> None:
    """The search is one for the whole shop, so its owner decides; other sellers only see what is asked."""
    require(actor, CURATE_SEARCH)
    house = house_seller()
    if not actor.is_system and (house is None or actor.company_id != house.pk):
        raise Refused("house_only", _("Only the shop’s own company decides what the search finds first."))


def _plain(words: str) -> str:
    found = understood(words).text
    if not found or len(words) > LONGEST_WORDS:
        message = _("Enter the words as customers type them, up to 200 characters.")
        raise Refused("incomplete", message, {"words": message})
    return found


@transaction.atomic
def add_synonym(*, actor: Actor, terms: Sequence[str]) -> Synonym:
    """Words or groups of words that mean the same: each finds what the others find.

    Raises Refused ``incomplete`` at field ``terms`` for fewer than two or more than twelve different ones.
    """
    _permit(actor)
    wanted = {" ".join(tokens(term)): " ".join(term.split()) for term in terms}
    wanted.pop("", None)
    if not 2 <= len(wanted) <= MOST_TERMS or any(len(term) > LONGEST_TERM for term in wanted.values()):
        message = _("Enter two to twelve different terms of up to 60 characters, with commas between them.")
        raise Refused("incomplete", message, {"terms": message})
    synonym = Synonym.objects.create(terms=list(wanted.values()))
    record(actor, "search.synonym_added", ("search_synonym", synonym.pk), changes={"terms": str(synonym)})
    forget_curation()
    return synonym


@transaction.atomic
def remove_synonym(*, actor: Actor, synonym: Synonym) -> None:
    """The words find only themselves again."""
    _permit(actor)
    record(actor, "search.synonym_removed", ("search_synonym", synonym.pk), changes={"terms": str(synonym)})
    synonym.delete()
    forget_curation()


@transaction.atomic
def set_redirect(*, actor: Actor, words: str, address: str) -> Redirect:
    """Lead these words to a page of the shop; an earlier decision for the same words is replaced.

    Raises Refused ``incomplete`` at ``words``, ``not_here`` at ``address`` for anything but an address of this shop.
    """
    _permit(actor)
    plain, address = _plain(words), address.strip()
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    if not inside or len(address) > 300:
        message = _("Enter an address of this shop that begins with /, as /catalog/tools/.")
        raise Refused("not_here", message, {"address": message})
    redirect, _created = Redirect.objects.update_or_create(
        words=plain, defaults={"shown": words.strip(), "address": address}
    )
    changes: dict[str, object] = {"words": redirect.shown, "address": address}
    record(actor, "search.redirect_set", ("search_redirect", redirect.pk), changes=changes)
    forget_curation()
    return redirect


@transaction.atomic
def remove_redirect(*, actor: Actor, redirect: Redirect) -> None:
    """The words give a list of hits again."""
    _permit(actor)
    changes: dict[str, object] = {"words": redirect.shown}
    record(actor, "search.redirect_removed", ("search_redirect", redirect.pk), changes=changes)
    redirect.delete()
    forget_curation()


@transaction.atomic
def pin_product(*, actor: Actor, words: str, sku: str) -> Pin:
    """Put one of the company's products first for these words, behind those that were put there before.

    Raises Refused ``incomplete`` at ``words``; ``unknown`` or ``too_many`` at ``sku``.
    """
    _permit(actor)
    plain = _plain(words)
    products = Product.objects.filter(sku__iexact=sku.strip())
    if not actor.is_system:
        products = products.filter(seller_id=actor.company_id)
    product = products.order_by("id").first()
    if product is None:
        message = _("You have no product with this number.")
        raise Refused("unknown", message, {"sku": message})
    position = Pin.objects.filter(words=plain).count()
    if position >= MOST_PINS:
        message = _("No more than 24 products can stand first for the same words.")
        raise Refused("too_many", message, {"sku": message})
    pin, _created = Pin.objects.get_or_create(
        words=plain, product=product, defaults={"shown": words.strip(), "position": position}
    )
    changes: dict[str, object] = {"words": pin.shown, "sku": product.sku}
    record(actor, "search.product_pinned", ("product", product.pk), changes=changes)
    forget_curation()
    return pin


@transaction.atomic
def unpin_product(*, actor: Actor, pin: Pin) -> None:
    """The product stands where the search finds it."""
    _permit(actor)
    changes: dict[str, object] = {"words": pin.shown, "sku": pin.product.sku}
    record(actor, "search.product_unpinned", ("product", pin.product_id), changes=changes)
    pin.delete()
    forget_curation()
