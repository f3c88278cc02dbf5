"""Prices as the reader is shown them: net, with VAT, or both. The one place where a net price becomes what is seen."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from markupsafe import Markup

from kontor.taxes.showing import NET, Shown, shown_to
from kontor.web.identity import KontorRequest
from kontor.web.values import unit_price

VAT = Markup('<span class="shown">{} <span class="quiet">{}</span></span>')


@dataclass(frozen=True, slots=True)
class ShownPrices:
    """How the prices of a page's articles are shown; net where none is named."""

    by_product: Mapping[int, Shown] = field(default_factory=dict)

    def of(self, product_id: int) -> Shown:
        return self.by_product.get(product_id, NET)

    def price(
        self,
        product_id: int,
        amount: Decimal | None,
        currency: str,
        base: Decimal,
        unit: str,
    ) -> Markup:
        """A unit price of an article. What is not net says so beside the figures."""
        return price(self.of(product_id), amount, currency, base, unit)

    def note(self, product_id: int) -> str:
        """The sentence below the price of one article."""
        shown = self.of(product_id)
        if shown.prices == "net":
            return _("Net, plus tax and freight.")
        if shown.rate == 0:
            return _("No VAT is charged to you; plus freight.")
        return (
            _("Including VAT, plus freight.")
            if shown.prices == "gross"
            else _("Net and including VAT, plus freight.")
        )

    @property
    def list_note(self) -> str:
        """The sentence above a list of prices."""
        if all(one.prices == "net" for one in self.by_product.values()):
            return _("All prices plus VAT.")
        return _("Prices plus VAT unless they say otherwise; filters and sorting go by net prices.")


EVERYTHING_NET = ShownPrices()


def prices_shown(request: KontorRequest, products: Collection[int]) -> ShownPrices:
    """How these articles' prices are shown to the reader. One statement; none while no seller shows tax."""
    identity = request.identity
    if not identity.shows_tax:
        return EVERYTHING_NET
    return ShownPrices(shown_to(identity.actor.buying_company_id if identity.actor else None, products))


def price(shown: Shown, amount: Decimal | None, currency: str, base: Decimal, unit: str) -> Markup:
    """A unit price as it is shown."""
    net = unit_price(amount, currency, base, unit)
    if amount is None or shown.prices == "net":
        return net
    if shown.rate == 0:
        return VAT.format(net, _("no VAT"))
    gross = VAT.format(unit_price(shown.gross(amount, currency), currency, base, unit), _("incl. VAT"))
    return gross if shown.prices == "gross" else Markup("<span>{}<br>{}</span>").format(net, gross)
