"""Fifty buyer companies with carts, for proofs in which all want the same thing at the same moment."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import uuid4

from kontor.carts.models import Cart, CartLine
from kontor.catalog.models import Product
from kontor.companies.models import Address, ApiKey, Company, CustomerAccount, Membership, User
from kontor.inventory.models import StockItem, StockMovement
from tests.assembly import Cast
from tests.proof.product import Browser, signed_in


@dataclass
class Buyer:
    """A person of a company with a way in: half of them come through the pages, half through the API."""

    member: Membership
    browser: Browser
    by_form: bool

    def orders(self, cart: Cart) -> int:
        """Order the cart; the status of the answer."""
        if self.by_form:
            return self.browser.form(f"/carts/{cart.pk}/checkout/", {"pay_by": "terms"}).status
        return self.browser.api("POST", "orders", {"cart_id": cart.pk}).status


def api_key(member: Membership) -> str:
    """A key with the roles of this person; its secret."""
    secret = f"kontor_{uuid4().hex}{uuid4().hex}"
    ApiKey.objects.create(
        company=member.company, name=f"Key of {member.user.name}", prefix=secret[:12], roles=member.roles,
        key_hash=sha256(secret.encode()).hexdigest(), order_limit=member.order_limit, created_by=member,
    )  # fmt: skip
    return secret


def buyer(member: Membership, port: int, *, by_form: bool) -> Buyer:
    session = signed_in(member) if by_form else ""
    key = "" if by_form else api_key(member)
    return Buyer(member, Browser(port, session=session, key=key), by_form)


def fifty_buyers(cast: Cast, port: int, number: int = 50) -> list[Buyer]:
    """Companies that are customers of Hansa, with one buyer each."""
    hansa = cast.companies["hansa"]
    companies = Company.objects.bulk_create(
        Company(legal_name=f"Buyer {n} GmbH", slug=f"buyer-{n}", country="DE", status="active")
        for n in range(number)
    )
    Address.objects.bulk_create(
        Address(company=one, label="Works", recipient=one.legal_name, street="Weg 1", postal_code="10115",
                city="Berlin", country="DE", is_billing=True, is_default_delivery=True)
        for one in companies
    )  # fmt: skip
    CustomerAccount.objects.bulk_create(
        CustomerAccount(
            seller=hansa, buyer=one, customer_number=f"2{n:04}", payment_term=cast.term, status="active"
        )
        for n, one in enumerate(companies)
    )
    users = User.objects.bulk_create(
        User(email=f"buyer{n}@buyer.example", name=f"Buyer {n}", password="!") for n in range(number)
    )
    members = Membership.objects.bulk_create(
        Membership(company=company, user=user, roles=["admin", "buyer"])
        for company, user in zip(companies, users, strict=True)
    )
    return [buyer(member, port, by_form=n % 2 == 0) for n, member in enumerate(members)]


def carts_with(product: Product, members: Sequence[Membership], quantity: int = 1) -> list[Cart]:
    """An open cart with this much of the product for each of them."""
    carts = Cart.objects.bulk_create(
        Cart(buyer=one.company, seller=product.seller, is_current=False, created_by=one) for one in members
    )
    CartLine.objects.bulk_create(
        CartLine(cart=cart, product=product, quantity=Decimal(quantity), unit=product.base_unit)
        for cart in carts
    )
    return carts


def leave_in_stock(product: Product, quantity: int) -> None:
    """Receive or write off so much that exactly this quantity is free."""
    item = StockItem.objects.get(product=product)
    change = quantity - (item.on_hand - item.reserved)
    if change:
        StockMovement.objects.create(stock_item=item, kind="adjustment", quantity=change, actor_name="Test")
        StockItem.objects.filter(pk=item.pk).update(on_hand=item.on_hand + change)


def together(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all at the same moment in threads; what each returned, in order. What one raises is raised."""
    start = threading.Barrier(len(acts))
    outcomes: list[Any] = [None] * len(acts)

    def run(number: int) -> None:
        try:
            start.wait(timeout=30)
            outcomes[number] = acts[number]()
        except Exception as problem:
            outcomes[number] = problem

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    for one in outcomes:
        if isinstance(one, Exception):
            raise one
    return outcomes
