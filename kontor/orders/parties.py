"""Who trades with whom, under which terms, and where the goods go: everything an order copies in, read at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from kontor.kernel import clock
from kontor.kernel.refusal import Refused
from kontor.orders.intake import OrderDetails, day_is_over
from kontor.taxes.deciding import Item, Supply, Taxation, Unproven
from kontor.taxes.places import place_of
from kontor.taxes.queries import tax_of

_ADDRESS = """jsonb_build_object('recipient', d.recipient, 'attention', d.attention, 'street', d.street,
    'street2', d.street2, 'postal_code', d.postal_code, 'city', d.city, 'region', d.region, 'country', d.country,
    'phone', d.phone)"""
FACTS = f"""
SELECT trade.cart_id, a.id, trade.buyer_id, trade.seller_id, a.status, b.status, s.status, b.country, b.vat_id,
    s.country, s.vat_id, b.timezone, s.timezone, b.currency, b.po_number_required, a.payment_term_id,
    COALESCE(t.net_days, 0), COALESCE(t.is_prepayment, FALSE),
    (SELECT {_ADDRESS} FROM companies_address d WHERE d.company_id = b.id AND NOT d.is_archived
     ORDER BY d.is_billing DESC, d.is_default_delivery DESC, d.id LIMIT 1),
    (SELECT {_ADDRESS} FROM companies_address d WHERE d.company_id = b.id AND NOT d.is_archived
        AND (%(address)s::bigint IS NULL OR d.id = %(address)s::bigint)
     ORDER BY d.is_default_delivery DESC, d.is_billing DESC, d.id LIMIT 1)
FROM trade
JOIN companies_company b ON b.id = trade.buyer_id
JOIN companies_company s ON s.id = trade.seller_id
LEFT JOIN companies_customer_account a ON a.buyer_id = b.id AND a.seller_id = s.id
LEFT JOIN companies_payment_term t ON t.id = a.payment_term_id
"""
# The WHERE is the lock: of fifty submissions of one cart, one finds it open.
CLAIM_CART = f"""
WITH trade AS (
    UPDATE carts_cart SET status = 'ordered', is_current = FALSE, revision = revision + 1
    WHERE id = %(cart)s AND status = 'open' AND buyer_id = %(buyer)s RETURNING id AS cart_id, buyer_id, seller_id
)
{FACTS}
"""
OF_ACCOUNT = f"""
WITH trade AS (
    SELECT NULL::bigint AS cart_id, buyer_id, seller_id FROM companies_customer_account WHERE id = %(account)s
)
{FACTS}
"""
OF_COMPANIES = f"""
WITH trade AS (
    SELECT NULL::bigint AS cart_id, %(buyer)s::bigint AS buyer_id, %(seller)s::bigint AS seller_id
)
{FACTS}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Buyer and seller of a trade, with terms and addresses as they are at this moment."""

    cart_id: int | None
    account_id: int
    buyer_id: int
    seller_id: int
    buyer_country: str
    buyer_vat_id: str
    seller_country: str
    seller_vat_id: str
    seller_timezone: str
    buyer_currency: str
    payment_term_id: int | None
    net_days: int
    is_prepayment: bool
    billing_address: dict[str, Any]
    delivery_address: dict[str, Any]

    @property
    def seller_day(self) -> date:
        """Today where the seller is: the day whose tax rates apply and from which terms count."""
        return clock.day_in(self.seller_timezone)

    @property
    def supply(self) -> Supply:
        """The trade as tax law looks at it, today where the seller is."""
        return Supply(
            seller_id=self.seller_id,
            buyer_id=self.buyer_id,
            seller_country=self.seller_country,
            seller_vat_id=self.seller_vat_id,
            buyer_country=self.buyer_country,
            buyer_vat_id=self.buyer_vat_id,
            destination=place_of(self.delivery_address, country=self.buyer_country),
            day=self.seller_day,
        )

    def taxation(self, items: Sequence[Item]) -> Taxation:
        """The tax of each line. Raises UnknownRate, and Refused("vat_id_unproven") where the seller wants proof."""
        try:
            return tax_of(self.supply, items)
        except Unproven:
            raise Refused(
                "vat_id_unproven",
                _(
                    "The VAT ID of your company is not confirmed at the moment, and this seller delivers without tax "
                    "only then. Try again later, or ask the seller."
                ),
            ) from None


def claim_cart(cart_id: int, buyer_id: int | None, details: OrderDetails) -> Parties | None:
    """Take an open cart of this buyer for an order, for good; None when it is not open (any more)."""
    return _parties(CLAIM_CART, {"cart": cart_id, "buyer": buyer_id}, details)


def parties_of_account(account_id: int, details: OrderDetails) -> Parties | None:
    """The two companies of a customer account; None when there is no such account."""
    return _parties(OF_ACCOUNT, {"account": account_id}, details)


def parties_between(buyer_id: int, seller_id: int, details: OrderDetails) -> Parties | None:
    """A buyer and a seller."""
    return _parties(OF_COMPANIES, {"buyer": buyer_id, "seller": seller_id}, details)


def _parties(sql: str, parameters: dict[str, Any], details: OrderDetails) -> Parties | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters | {"address": details.delivery_address_id})
        row = cursor.fetchone()
    if row is None:
        return None
    cart, account, buyer, seller, *rest = row
    account_status, buyer_status, seller_status, *rest = rest
    (
        buyer_country,
        vat_id,
        seller_country,
        seller_vat_id,
        buyer_zone,
        seller_zone,
        currency,
        po_required,
        term,
        net_days,
        prepaid,
        billing,
        delivery,
    ) = rest
    _check_open_for_trade(account_status, buyer_status, seller_status)
    if po_required and not details.po_number:
        raise Refused(
            "po_number_missing",
            _("Your company wants an order number of its own on each order."),
            {"po_number": _("Enter your order number.")},
        )
    _check_wish(details, buyer_zone)
    return Parties(
        cart_id=cart,
        account_id=account,
        buyer_id=buyer,
        seller_id=seller,
        buyer_country=buyer_country,
        buyer_vat_id=vat_id,
        seller_country=seller_country,
        seller_vat_id=seller_vat_id,
        seller_timezone=seller_zone,
        buyer_currency=currency,
        payment_term_id=term,
        net_days=net_days,
        is_prepayment=prepaid,
        billing_address=_address(billing),
        delivery_address=_delivery(details, delivery),
    )


def _check_open_for_trade(account: str | None, buyer: str, seller: str) -> None:
    if account != "active" or buyer == "blocked":
        blocked = account == "blocked" or buyer == "blocked"
        raise Refused(
            "account_blocked" if blocked else "account_not_active",
            _("This customer account is blocked. Ask the seller what to do.")
            if blocked
            else _("The seller has not accepted this customer account yet. Orders are possible after that."),
        )
    if seller != "active":
        raise Refused("seller_not_active", _("This seller does not take orders at the moment."))


def _check_wish(details: OrderDetails, zone: str) -> None:
    if details.wished_date is not None and details.wished_date < clock.day_in(zone):
        raise Refused(
            "details_wrong", _("Some details cannot be taken as they are."), {"wished_date": day_is_over()}
        )


def _delivery(details: OrderDetails, found: Any) -> dict[str, Any]:
    if details.delivery_address is not None:
        return dict(details.delivery_address)
    address = _address(found)
    if not address:
        raise Refused(
            "address_missing",
            _("There is no address to deliver to."),
            {"delivery_address_id": _("Choose a delivery address, or add one.")},
        )
    return address


def _address(found: Any) -> dict[str, Any]:
    # a raw cursor under Django hands jsonb over as text
    return (orjson.loads(found) if isinstance(found, str) else found) or {}
