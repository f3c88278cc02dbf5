"""Two whole trades that must never meet: Acme with Hansa, and Globex with Levante, each with every kind of object.

Texts carry canaries, `CANARY-<OWNER>-<what>`: ACME and GLOBEX for what both partners of a trade may read, ACMEONLY and
GLOBEXONLY for what stays inside the buyer, HANSAONLY and LEVANTEONLY for what stays inside the seller.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from kontor.approvals.models import ApprovalRequest
from kontor.carts.models import Cart, CartLine
from kontor.catalog.models import (
    Attribute,
    BuyerPartNumber,
    Category,
    Family,
    FamilyAttribute,
    Medium,
    Product,
)
from kontor.catalog.operations import AssortmentFacts, save_assortment
from kontor.companies.models import (
    Address,
    ApiKey,
    CustomerAccount,
    CustomerGroup,
    Membership,
    PaymentTerm,
    User,
)
from kontor.companies.operations import NewColleague, invite_colleague
from kontor.discovery.models import SavedSearch, Watch
from kontor.discovery.operations import Question, ask_seller
from kontor.exchange.imports import carry_out
from kontor.exchange.operations import Incoming, save_mapping, take_in
from kontor.fulfilment.operations import (
    ReturnedLine,
    confirm_delivery,
    confirm_pick,
    pack,
    release_to_warehouse,
    request_return,
    ship,
    ship_now,
)
from kontor.inventory.models import ExpectedReceipt, StockItem, StockMovement, Warehouse
from kontor.invoicing.operations import issue_invoice
from kontor.kernel import clock
from kontor.messaging.operations import write_message
from kontor.notifications.models import Mail
from kontor.orders.intake import OrderDetails
from kontor.orders.models import Order
from kontor.orders.operations import confirm_order, place_order
from kontor.publishing.models import ScheduleRun
from kontor.publishing.operations.feeds import FeedFacts, save_feed
from kontor.publishing.operations.schedules import ScheduleFacts, run_schedule, save_schedule
from kontor.publishing.schedules import carry_out_schedule
from kontor.quotes.models import Offer, QuoteRequest
from kontor.quotes.operations import (
    OfferContent,
    OfferedLine,
    request_quote,
    save_offer,
    send_offer,
    start_offer,
)
from kontor.taxes.models import Certificate, Registration, TaxRate
from tests.assembly import Cast
from tests.catalog.configurable import desk
from tests.proof.charged import charge
from tests.proof.priced import price
from tests.proof.rewarded import reward


@dataclass
class Trade:
    """One buyer, one seller, their people and one of everything; `ids` by the names that addresses use."""

    buyer: str
    seller: str
    by: Membership
    limited: Membership
    sells: Membership
    product: Product
    ids: dict[str, Any] = field(default_factory=dict)
    rows: list[Any] = field(default_factory=list)

    def shared(self, what: str) -> str:
        return f"CANARY-{self.buyer}-{what}"

    def inside_buyer(self, what: str) -> str:
        return f"CANARY-{self.buyer}ONLY-{what}"

    def inside_seller(self, what: str) -> str:
        return f"CANARY-{self.seller}ONLY-{what}"

    def put(self, row: Any, *names: str) -> Any:
        """Remember a row under the names that addresses and bodies use for it."""
        self.rows.append(row)
        for name in names:
            self.ids[name] = row.pk
        return row

    def cart(self, quantity: int = 1) -> Cart:
        cart = Cart.objects.create(
            buyer=self.by.company, seller=self.sells.company, is_current=False, name=self.inside_buyer("cart"),
            created_by=self.by,
        )  # fmt: skip
        CartLine.objects.create(
            cart=cart, product=self.product, quantity=Decimal(quantity), unit=self.product.base_unit,
            note=self.shared("line"),
        )  # fmt: skip
        return cart

    def order(self, who: Membership, quantity: int, note: str) -> Order:
        details = OrderDetails(note=note, po_number=f"{self.buyer[:2]}-{note[-12:]}-{len(self.rows)}")
        return place_order(actor=who.as_actor("page"), cart=self.cart(quantity), details=details)


def two_trades(cast: Cast) -> dict[str, Trade]:
    """Acme with Hansa and Globex with Levante."""
    people, products = cast.people, cast.products
    hana = Membership.objects.create(
        company=cast.companies["globex"], roles=["buyer"], order_limit=Decimal(50),
        user=User.objects.create(email="hana@globex.example", name="Hana Ito", password="!"),
    )  # fmt: skip
    term = PaymentTerm.objects.create(
        seller=cast.companies["levante"], code="N30", name="30 días", net_days=30
    )
    CustomerAccount.objects.create(
        seller=cast.companies["levante"], buyer=cast.companies["globex"], customer_number="L1",
        payment_term=term, status="active",
    )  # fmt: skip
    StockItem.objects.update(on_hand=5000)
    trades = {
        "acme": Trade(
            "ACME", "HANSA", people["dora"], people["ana"], people["store_admin"], products["drill"]
        ),
        "globex": Trade("GLOBEX", "LEVANTE", people["gil"], hana, people["lev"], products["lamp"]),
    }
    for trade in trades.values():
        for step in (company, goods, described, shown, carts, quotes, orders, shipments, wishes, talk):
            step(trade)
    return trades


def company(trade: Trade) -> None:
    """What a company keeps about itself and its people."""
    buyer, admin = trade.by.company, trade.by.as_actor("page")
    trade.put(trade.limited, "membership_id", "person_id")
    trade.ids["company_id"], trade.ids["seller_id"] = buyer.pk, trade.sells.company_id
    trade.put(
        Address.objects.create(company=buyer, label=trade.shared("address"), recipient=buyer.legal_name,
                               attention=trade.shared("attention"), street="Kai 2", postal_code="20457",
                               city="Hamburg", country="DE"),
        "address_id", "delivery_address_id",
    )  # fmt: skip
    old = {"street": "Old 1", "city": "Bremen", "country": "DE", "is_archived": True}
    trade.put(Address.objects.create(company=buyer, recipient="Old", **old), "archived_id")
    colleague = NewColleague(email="new@example.org", name=trade.inside_buyer("invited"), roles=("viewer",))
    trade.put(invite_colleague(actor=admin, invitation=colleague)[0], "invitation_id")
    trade.put(
        ApiKey.objects.create(company=buyer, name=trade.inside_buyer("key"), prefix="kontor_none0", roles=["viewer"],
                              key_hash=trade.buyer.ljust(64, "0")),
        "key_id",
    )  # fmt: skip
    group = CustomerGroup.objects.create(seller=trade.sells.company, name=trade.inside_seller("group"))
    trade.put(group, "group_id")
    account = CustomerAccount.objects.get(buyer=buyer, seller=trade.sells.company)
    account.note = trade.inside_seller("account")
    account.save()
    trade.put(account, "account_id")
    trade.put(account.payment_term, "payment_term_id", "term_id")
    counts = {"seller": trade.sells.company, "country": "NO", "valid_from": date(2026, 1, 1)}
    trade.put(Registration.objects.create(number=trade.inside_seller("tax"), **counts), "registration_id")
    paper = trade.shared("certificate")
    trade.put(Certificate.objects.create(buyer=buyer, number=paper, **counts), "certificate_id")
    rate = TaxRate.objects.create(
        country="NO", category="standard", rate=25, valid_from=date(2000, 1, account.pk % 28 + 1)
    )
    trade.put(rate, "rate_id")
    trade.put(
        Mail.objects.create(topic="orders", to=trade.by.user.email, subject=trade.inside_buyer("mail"),
                            text="x", html="x", once_key=trade.buyer, company=buyer, status="kept"),
        "mail_id",
    )  # fmt: skip


def described(trade: Trade) -> None:
    """By which facts a seller describes its goods, who sees them, and by which number a buyer knows one."""
    seller = trade.sells.company
    family = Family.objects.create(seller=seller, code="family", name=trade.inside_seller("family"))
    fact = Attribute.objects.create(seller=seller, code="fact", name=trade.inside_seller("fact"), kind="text")
    trade.put(family, "family_id")
    trade.put(fact, "attribute_id")
    FamilyAttribute.objects.create(family=family, attribute=fact, group=trade.inside_seller("heading"))
    standard = AssortmentFacts(name=trade.inside_seller("assortment"), is_standard=True)
    trade.put(save_assortment(actor=trade.sells.as_actor("page"), facts=standard), "assortment_id")
    trade.put(
        BuyerPartNumber.objects.create(
            buyer=trade.by.company,
            product=trade.product,
            number=trade.inside_buyer("number"),
            key=f"{trade.buyer}1",
        )
    )


def shown(trade: Trade) -> None:
    """What everybody may see: a desk that can be configured, and the product feed."""
    admin, seller = trade.sells.as_actor("page"), trade.sells.company
    made = desk(admin)
    Product.objects.filter(pk=made.pk).update(category=trade.product.category)
    feed = save_feed(actor=admin, facts=FeedFacts(language="en"))
    carry_out_schedule(ScheduleRun.objects.get(schedule__feed=feed).pk)
    trade.ids |= {"configurable_id": made.pk, "seller_slug": seller.slug}


def goods(trade: Trade) -> None:
    """What a seller keeps about its goods: a draft, contract prices, shelves."""
    seller = trade.sells.company
    draft = Product.objects.create(
        seller=seller, sku=f"DRAFT-{trade.seller}", name=trade.inside_seller("draft"), slug="draft", status="draft",
        category=Category.objects.get(path="power-tools"),
    )  # fmt: skip
    trade.put(draft)
    name = f"empty-{trade.seller.lower()}"
    shelf = Category.objects.create(name=name, slug=name, path=name)
    trade.ids |= {
        "category_id": shelf.pk,
        "product_id": trade.product.pk,
        "draft_id": draft.pk,
        "sku": trade.product.sku,
        "product": trade.product.pk,
    }
    trade.put(
        Medium.objects.create(product=trade.product, kind="manual", title=f"Data sheet of {trade.product}"[:150],
                              media_type="application/pdf", file=f"products/{trade.seller.lower()}.pdf"),
        "medium_id",
    )  # fmt: skip
    trade.ids["name"] = f"products/{trade.seller.lower()}-draft.pdf"
    Medium.objects.create(
        product=draft, kind="manual", title=trade.inside_seller("hidden"), media_type="application/pdf",
        file=trade.ids["name"],
    )  # fmt: skip
    price(trade)
    _file_taken_in(trade, draft.sku)
    charge(trade)
    _shelves(trade)


def _shelves(trade: Trade) -> None:
    item = StockItem.objects.get(product=trade.product)
    item.bin = trade.inside_seller("bin")[:20]
    item.save()
    trade.put(item, "item_id", "stock_item_id")
    announced = ExpectedReceipt.objects.create(
        stock_item=item,
        quantity=5,
        remaining=5,
        due_on=clock.today() + timedelta(days=9),
        reference=trade.inside_seller("supply"),
        actor_name="Test",
    )
    trade.put(announced, "expected_id")
    StockMovement.objects.create(
        stock_item=item,
        kind="adjustment",
        quantity=1,
        reference=trade.inside_seller("movement"),
        actor_name="Test",
    )
    trade.put(Warehouse.objects.get(seller=trade.sells.company), "warehouse_id")


def carts(trade: Trade) -> None:
    cart = trade.put(trade.cart(), "cart_id")
    trade.put(cart.lines.get(), "line_id", "line")
    cleared = trade.put(trade.cart(), "cleared_id")
    Cart.objects.filter(pk=cleared.pk).update(status="discarded")


def quotes(trade: Trade) -> None:
    """A request with an offer sent, and one whose offer is still being written."""
    for names, note in ((("request_id", "quote_id"), "asked"), (("drafted_id",), "drafted")):
        cart = trade.cart(2)
        asked = request_quote(
            actor=trade.by.as_actor("page"),
            cart=cart,
            targets={cart.lines.get().pk: "30"},
            note=trade.shared(note),
        )
        trade.put(asked, *names)
    line = OfferedLine(position=1, unit_price="31.5", note=trade.shared("offered"))
    actor = trade.sells.as_actor("page")
    sent = start_offer(actor=actor, request=QuoteRequest.objects.get(pk=trade.ids["request_id"]))
    content = OfferContent(
        lines=[line], conditions=trade.shared("conditions"), message=trade.shared("message")
    )
    sent = save_offer(actor=actor, offer=sent, content=content, revision=1)
    sent = trade.put(send_offer(actor=actor, offer=sent, revision=2), "offer_id")
    trade.ids |= {"version": sent.version, "content_hash": sent.content_hash}
    draft = start_offer(actor=actor, request=QuoteRequest.objects.get(pk=trade.ids["drafted_id"]))
    secret = OfferContent(lines=[line], conditions=trade.inside_seller("draft-offer"), message="")
    trade.put(save_offer(actor=actor, offer=draft, content=secret, revision=1))
    assert Offer.objects.get(pk=draft.pk).status == "draft"


def orders(trade: Trade) -> None:
    """One order that was just placed, one that waits inside the buyer."""
    trade.put(trade.order(trade.by, 1, trade.shared("placed")), "order_id")
    held = trade.put(trade.order(trade.limited, 9, trade.inside_buyer("held")), "held_id")
    trade.put(ApprovalRequest.objects.get(subject_type="order", subject_id=held.pk), "approval_id")


def shipments(trade: Trade) -> None:
    """Everything on the way: listed, packed, shipped, delivered and sent back, with its papers."""
    actor = trade.sells.as_actor("page")

    def confirmed(note: str) -> Order:
        return confirm_order(actor=actor, order=trade.order(trade.by, 2, trade.shared(note)))

    [listed] = release_to_warehouse(actor=actor, order=trade.put(confirmed("listed"), "released_id"))
    trade.put(listed, "pick_list_id")
    [second] = release_to_warehouse(actor=actor, order=confirmed("packed"))
    confirm_pick(actor=actor, pick_list=second)
    trade.put(pack(actor=actor, pick_list=second), "packed_id")
    [third] = release_to_warehouse(actor=actor, order=confirmed("underway"))
    confirm_pick(actor=actor, pick_list=third)
    under_way = ship(
        actor=actor, shipment=pack(actor=actor, pick_list=third), tracking_number=trade.shared("track")
    )
    trade.put(under_way, "shipment_id")
    done = confirmed("delivered")
    delivered = confirm_delivery(
        actor=actor, shipment=ship_now(actor=actor, order=done), received_by=trade.shared("hands")
    )
    trade.put(issue_invoice(actor=actor, shipment=delivered), "invoice_id")
    back = ReturnedLine(order_line_id=done.lines.get().pk, quantity=Decimal(1), note=trade.shared("back"))
    trade.put(request_return(actor=trade.by.as_actor("page"), order=done, lines=[back]), "return_id")
    trade.ids["delivered_id"], trade.ids["order_line_id"] = done.pk, done.lines.get().pk
    reward(trade)


def wishes(trade: Trade) -> None:
    """What somebody keeps an eye on, and a question to the seller."""
    search = SavedSearch.objects.create(
        membership=trade.by, name=trade.inside_buyer("search"), query="q=lamp"
    )
    trade.put(search, "saved_search_id")
    trade.put(Watch.objects.create(membership=trade.by, product=trade.product, kind="price"), "watch_id")
    question = Question(title=trade.shared("inquiry"), body=trade.shared("question"))
    trade.put(
        ask_seller(actor=trade.by.as_actor("page"), seller=trade.sells.company, question=question),
        "inquiry_id",
    )


def talk(trade: Trade) -> None:
    subject = ("order", trade.ids["order_id"])
    write_message(
        actor=trade.by.as_actor("page"), subject=subject, title="An order", buyer_id=trade.by.company_id,
        seller_id=trade.sells.company_id, body=trade.shared("spoken"),
    )  # fmt: skip


def _file_taken_in(trade: Trade, sku: str) -> None:
    """A checked file with a wrong row, and the mapping that was kept of it."""
    admin = trade.sells.as_actor("page")
    text = f"sku,name,weight_kg\n{sku},{trade.inside_seller('row')},heavy\n"
    incoming = Incoming(name=f"{trade.inside_seller('file')}.csv", pieces=[text.encode()])
    run = take_in(actor=admin, incoming=incoming)
    trade.put(save_mapping(actor=admin, run=run, name=trade.inside_seller("mapping")), "mapping_id")
    trade.put(carry_out(actor=admin, run=run, check=True), "run_id")
    facts = ScheduleFacts(name=trade.inside_seller("schedule"), times="0 4 * * *", options={"form": "csv"})
    schedule = trade.put(save_schedule(actor=admin, kind="export", facts=facts), "schedule_id")
    made = trade.put(run_schedule(actor=admin, schedule=schedule), "made_id")
    carry_out_schedule(made.pk)
