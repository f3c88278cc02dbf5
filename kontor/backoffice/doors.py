"""Which rooms a person may enter from another one, so that no link leads to a closed door."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from kontor.catalog.permissions import EDIT_CATALOG
from kontor.companies.permissions import ACCEPT_CUSTOMERS
from kontor.fulfilment.permissions import SHIP
from kontor.inventory.permissions import SEE_STOCK
from kontor.invoicing.permissions import ISSUE_INVOICES
from kontor.kernel.actors import Actor
from kontor.pricing.permissions import EDIT_PRICES
from kontor.quotes.permissions import ANSWER_QUOTES


@dataclass(frozen=True, slots=True)
class Doors:
    """The links of a page for this person; an empty address leaves the link out."""

    actor: Actor

    def article(self, product_id: int, sku: str) -> str:
        """An article leads to its data for those who edit it, else to its stock."""
        if self.actor.may(EDIT_CATALOG):
            return reverse("backoffice:product", args=[product_id])
        return f"{reverse('backoffice:stock')}?{urlencode({'q': sku})}" if self.actor.may(SEE_STOCK) else ""

    def customer(self, account_id: int) -> str:
        opens = self.actor.may(ACCEPT_CUSTOMERS) or self.actor.may(ISSUE_INVOICES)
        return reverse("backoffice:customer", args=[account_id]) if opens else ""

    def request(self, request_id: int) -> str:
        return reverse("backoffice:request", args=[request_id]) if self.actor.may(ANSWER_QUOTES) else ""

    def requests_of(self, buyer_id: int) -> str:
        opens = self.actor.may(ANSWER_QUOTES)
        return f"{reverse('backoffice:requests')}?customer={buyer_id}" if opens else ""

    def price_list(self, price_list_id: int) -> str:
        opens = self.actor.may(EDIT_PRICES)
        return reverse("backoffice:price_list", args=[price_list_id]) if opens else ""

    def price_of(self, product_id: int, **asked: object) -> str:
        """Why an article costs what it costs; `asked` are the buyer's company, quantity, unit and moment."""
        address = reverse("backoffice:price_of", args=[product_id])
        return f"{address}?{urlencode(asked)}" if self.actor.may(EDIT_PRICES) else ""

    def pick_list(self, pick_list_id: int) -> str:
        return reverse("backoffice:pick_list", args=[pick_list_id]) if self.actor.may(SHIP) else ""
