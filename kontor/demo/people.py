"""The demo's companies and the people who work in them."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.hashers import make_password

from kontor.companies.models import Address, Company, CustomerAccount, Membership, PaymentTerm, User
from kontor.companies.operations import AddressFacts, Contact, Registration, open_store, register_company
from kontor.kernel.actors import Actor, system_actor
from kontor.pricing.models import PriceList
from kontor.pricing.operations import accept_customer_with_prices
from kontor.taxes.operations import take_shipped_rates

PASSWORD = "kontor-demo-2026"  # noqa: S105  # the demo's, printed at every start
SELLER = "Nordwerk Handel GmbH"
STAFF = (
    ("sal", "Sal Petersen", ("sales",), "Sales: requests, orders, customers"),
    ("wim", "Wim de Boer", ("warehouse",), "Warehouse: picking, shipping, returns"),
    ("fin", "Fin Hauser", ("finance",), "Finance: invoices and credit notes"),
    ("cat", "Cat Novak", ("catalog",), "Catalog: products and who sees them"),
    ("stella", "Stella Brandt", ("seller_admin",), "Store administrator: everything of the seller"),
)
BUYERS = (
    ("acme", "Acme Maschinenbau GmbH", "DE", "DE271828180", "Berlin", "10115", "30"),
    ("globex", "Globex Anlagen AG", "DE", "DE136695976", "München", "80331", "30"),
    ("alpina", "Alpina Werkzeuge GmbH", "AT", "ATU13585627", "Linz", "4020", "14"),
    ("bruckner", "Bruckner Metallbau KG", "DE", "", "Bremen", "28195", "30"),
    ("delta", "Delta Facility Services", "NL", "NL004495445B01", "Rotterdam", "3011", "30"),
    ("ferrum", "Ferrum Stahlbau GmbH", "DE", "", "Dortmund", "44135", "14"),
    ("gallo", "Gallo Impianti S.r.l.", "IT", "IT00743110157", "Verona", "37121", "30"),
    ("hafen", "Hafenlogistik Süd GmbH", "DE", "", "Hamburg", "20457", "30"),
    ("isar", "Isar Elektrotechnik", "DE", "", "Freising", "85354", "30"),
    ("jura", "Jura Mécanique SA", "FR", "FR40303265045", "Dijon", "21000", "14"),
    ("kraft", "Kraft & Sohn Tischlerei", "DE", "", "Kassel", "34117", "14"),
    ("lumen", "Lumen Bau AG", "DE", "", "Leipzig", "04109", "30"),
)
BUYERS_NAMES = {
    "globex": "Greta Moreau", "alpina": "Anton Huber", "bruckner": "Britta Lange", "delta": "Daan Visser",
    "ferrum": "Frieda Kolb", "gallo": "Gianna Rossi", "hafen": "Henrik Olsen", "isar": "Ina Maier",
    "jura": "Julie Perrin", "kraft": "Karl Kraft", "lumen": "Lea Sommer",
}  # fmt: skip
TEAM = (
    ("ana", "Ana Lorenz", ("buyer",), Decimal(500), "Buyer at Acme, orders up to 500 EUR alone"),
    ("ben", "Ben Okafor", ("approver",), None, "Approver at Acme"),
    ("cy", "Cy Lindqvist", ("viewer",), None, "Viewer at Acme: looks, orders nothing"),
)


@dataclass(frozen=True, slots=True)
class Firm:
    """A company to register, and who does it."""

    name: str
    country: str
    vat_id: str
    city: str
    postal_code: str
    email: str
    contact: str


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Somebody to sign in as."""

    email: str
    password: str
    who: str


def demo_accounts() -> list[DemoAccount]:
    """Whom `kontor up` names; empty when these people are not here."""
    people = [("dora@acme.example", "Administrator of the buyer Acme")]
    people += [(f"{first}@acme.example", who) for first, _name, _roles, _limit, who in TEAM]
    people += [(f"{first}@nordwerk.example", who) for first, _name, _roles, who in STAFF]
    people.append(("einkauf@globex.example", "Buyer at Globex, another customer"))
    people.append(("olga@platform.example", "Operator of the platform"))
    known = set(
        User.objects.filter(email__in=[email for email, _who in people]).values_list("email", flat=True)
    )
    return [DemoAccount(email, PASSWORD, who) for email, who in people if email in known]


def open_platform() -> Company:
    """The operator, the seller with its staff, tax rates."""
    take_shipped_rates(actor=system_actor("Demo", door="shell"))
    platform = Company.objects.create(
        legal_name="Kontor Platform", slug="platform", country="DE", status=Company.Status.ACTIVE,
        is_buyer=False, is_operator=True,
    )  # fmt: skip
    _member(platform, "olga@platform.example", "Olga Winter", ("operator",), None)
    owner = register_company(
        registration=_registration(
            Firm(SELLER, "DE", "DE129273398", "Hamburg", "20457", "stella@nordwerk.example", "Stella Brandt")
        )
    )
    if owner is None:
        raise RuntimeError("the demo is loaded into an empty database only")
    seller = open_store(actor=system_actor("Demo", door="shell"), company=owner.company)
    Company.objects.filter(pk=seller.pk).update(
        trade_name="Nordwerk",
        is_buyer=False,
        prices_for_guests=True,
        accent="harbour",
        bank_iban="DE89370400440532013000",
        bank_bic="COBADEFFXXX",
        bank_name="Commerzbank Hamburg",
        phone="+49 40 555 0100",
        website="https://nordwerk.example",
    )
    seller.refresh_from_db()
    Membership.objects.filter(pk=owner.pk).update(roles=["seller_admin"])
    for first, name, roles, _who in STAFF[:-1]:
        _member(seller, f"{first}@nordwerk.example", name, roles, None)
    return seller


def welcome_buyers(seller: Company, lists: dict[str, PriceList]) -> list[CustomerAccount]:
    """A dozen customers with terms and price lists."""
    sales = Membership.objects.get(company=seller, roles=["sales"])
    actor = sales.as_actor("shell")
    accounts = []
    for slug, name, country, vat_id, city, postal_code, days in BUYERS:
        contact = "Dora Keller" if slug == "acme" else BUYERS_NAMES[slug]
        email = "dora@acme.example" if slug == "acme" else f"einkauf@{slug}.example"
        owner = register_company(
            registration=_registration(Firm(name, country, vat_id, city, postal_code, email, contact))
        )
        if owner is None:
            raise RuntimeError("the demo is loaded into an empty database only")
        account = CustomerAccount.objects.get(seller=seller, buyer=owner.company)
        term = PaymentTerm.objects.get(seller=seller, code=f"N{days}")
        chosen = [lists[slug]] if slug in lists else [lists["trade"]] if days == "30" else []
        accounts.append(
            accept_customer_with_prices(
                actor=actor, account=account, payment_term=term, price_lists=chosen, sales_rep=sales
            )
        )
    acme = Company.objects.get(slug__startswith="acme")
    for first, name, roles, limit, _who in TEAM:
        _member(acme, f"{first}@acme.example", name, roles, limit)
    Address.objects.create(
        company=acme, label="Plant 2", recipient="Acme Maschinenbau, Plant 2", street="Hafenweg 7", postal_code="20457",
        city="Hamburg", country="DE",
    )  # fmt: skip
    return accounts


def newcomer() -> None:
    """A company that waits to be accepted."""
    register_company(
        registration=_registration(
            Firm(
                "Morava Tools s.r.o.",
                "CZ",
                "CZ25123891",
                "Brno",
                "602 00",
                "nakup@morava.example",
                "Jana Dvorak",
            )
        )
    )


def actor_of(email: str) -> Actor:
    """One of the demo's people as the one who acts."""
    return Membership.objects.select_related("user", "company").get(user__email=email).as_actor("shell")


def _registration(firm: Firm) -> Registration:
    return Registration(
        legal_name=firm.name,
        country=firm.country,
        vat_id=firm.vat_id,
        currency="EUR",
        timezone="Europe/Berlin",
        phone="+49 40 555 0199",
        invoice_email=f"rechnung@{firm.email.partition('@')[2]}",
        address=AddressFacts(
            label="Head office",
            recipient=firm.name,
            street="Werkstraße 12",
            city=firm.city,
            postal_code=firm.postal_code,
            country=firm.country,
        ),
        contact=Contact(
            name=firm.contact, email=firm.email, password=PASSWORD, job_title="Purchasing", language="en"
        ),
    )


_password: dict[str, str] = {}


def _member(
    company: Company, email: str, name: str, roles: tuple[str, ...], limit: Decimal | None
) -> Membership:
    if "hash" not in _password:
        _password["hash"] = make_password(PASSWORD)
    user = User.objects.create(email=email, name=name, password=_password["hash"], timezone="Europe/Berlin")
    return Membership.objects.create(company=company, user=user, roles=list(roles), order_limit=limit)
