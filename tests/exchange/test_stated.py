"""Options and agreed quantities in files: out and in changes nothing, and a file states all about whom it names."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from kontor.catalog.models import AgreedQuantity, Product, ProductOptions, ProductVersion
from kontor.catalog.operations import AgreedFacts, agree_quantities, save_options
from kontor.catalog.queries import options_of
from kontor.companies.models import Company, CustomerAccount, CustomerGroup, Membership
from kontor.exchange import folder
from kontor.exchange.imports import carry_out
from kontor.exchange.models import ImportRun
from kontor.exchange.operations import Incoming, ask_for, save_mapping, take_in
from kontor.exchange.subjects import AGREED, OPTIONS, SUBJECTS
from kontor.exchange.writers import STATED_FORMS, stated_columns, stated_rows, write_file
from kontor.goods.options import Choice, Group, Options, Rule, read_options
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.tables.bmecat_writing import BmecatFacts
from tests.cast import Cast, actor
from tests.catalog.configurable import OPTIONS as OF_DESK
from tests.catalog.configurable import desk
from tests.exchange.importing import SYSTEM, imported, outcome, reasons

pytestmark = pytest.mark.django_db
HEAD = "customer,customer_group,sku,unit,minimum,multiple,maximum\n"


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    place = tmp_path_factory.mktemp("files")
    monkeypatch.setattr(folder, "root", lambda: place / "exchange")


@pytest.fixture
def configured(store_admin: Membership) -> Product:
    return desk(actor(store_admin))


@pytest.fixture
def acme_account(cast: Cast) -> CustomerAccount:
    account = cast.accounts["acme"]
    CustomerAccount.objects.filter(pk=account.pk).update(customer_number="10001")
    account.refresh_from_db()
    return account


@pytest.fixture
def installers(hansa: Company) -> CustomerGroup:
    return CustomerGroup.objects.create(seller=hansa, name="Installers, north")


@pytest.fixture
def agreed(store_admin: Membership, acme_account: CustomerAccount, installers: CustomerGroup) -> None:
    admin = actor(store_admin)
    for holder, some in (
        (acme_account, [("BOLT-M8", 50, 25, 1000), ("DRILL-18V", 2, 1, None)]),
        (installers, [("BOLT-M8", 100, 100, None)]),
    ):
        facts = [
            AgreedFacts(
                sku=sku, minimum=Decimal(least), multiple=Decimal(step), maximum=most and Decimal(most)
            )
            for sku, least, step, most in some
        ]
        agree_quantities(actor=admin, holder=holder, agreed=facts)


def exported(form: str, seller: Company, subject: str) -> bytes:
    rows = stated_rows(seller.pk, subject)
    return b"".join(write_file(form, stated_columns(seller.pk, subject), rows, BmecatFacts()))


def rows_of(*models: type) -> list[list[tuple]]:
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def agreements() -> set[tuple]:
    found = AgreedQuantity.objects.select_related("product", "account", "group")
    return {
        (str(one.account or one.group), one.product.sku, one.minimum, one.multiple, one.maximum)
        for one in found
    }


@pytest.mark.covers("R0.7", "R3.56")
@pytest.mark.parametrize("subject", [OPTIONS, AGREED])
@pytest.mark.parametrize("form", sorted(STATED_FORMS))
def test_what_goes_out_comes_in_and_nothing_changes(
    hansa: Company, configured, agreed, form: str, subject: str
):
    before = rows_of(ProductOptions, ProductVersion, Product, AgreedQuantity)
    run = imported(exported(form, hansa, subject), hansa, name="x")

    assert (run.plan["subject"], run.status, run.errors) == (subject, "done", [])
    assert outcome(run) == {"rows": run.counts["rows"], "unchanged": 7 if subject == OPTIONS else 3}
    assert rows_of(ProductOptions, ProductVersion, Product, AgreedQuantity) == before


@pytest.mark.parametrize("form", sorted(STATED_FORMS))
def test_options_that_went_out_come_in_where_there_were_none(hansa: Company, configured: Product, form: str):
    content = exported(form, hansa, OPTIONS)
    Product.objects.filter(pk=configured.pk).update(status="draft")
    ProductOptions.objects.all().delete()
    run = imported(content, hansa)

    assert outcome(run) == {"rows": 7, "new": 7}
    found = options_of([configured.pk])[configured.pk]
    assert (found.groups, set(found.rules)) == (OF_DESK.groups, set(OF_DESK.rules))


def test_a_file_states_all_choices_of_the_articles_that_it_names(hansa: Company, configured: Product):
    run = imported(
        "sku,group,choice,choice_name,choice_name:de,amount,excludes\n"
        "DESK-1,top,OAK,Oak,Eiche natur,,\n"
        "DESK-1,top,WAL,Walnut,Nussbaum,,120\n"
        "DESK-1,size,120,120 cm,,,\n"
        "DESK-1,size,160,160 cm,,49.5,\n"
        "DESK-1,size,180,180 cm,,80,\n"
        "DESK-1,extras,EL,Electric drive,,180.50,\n"
        "DESK-1,extras,TRAY,Cable tray,,-5,\n",
        hansa,
    )
    assert (run.counts["wrong"], reasons(run)) == (
        7,
        [(6, "", "Currency of the surcharge: Choose a currency.")],
    )
    run = imported(
        "sku,group,choice,choice_name,choice_name:de,amount,currency,excludes\n"
        "DESK-1,top,OAK,Oak,Eiche natur,,,\n"
        "DESK-1,top,WAL,Walnut,Nussbaum,,,120\n"
        "DESK-1,size,120,120 cm,,,,\n"
        "DESK-1,size,160,160 cm,,49.5,EUR,\n"
        "DESK-1,size,180,180 cm,,80,EUR,\n"
        "DESK-1,extras,EL,Electric drive,,180.50,EUR,\n"
        "DESK-1,extras,TRAY,Cable tray,,-5,EUR,\n",
        hansa,
    )
    assert outcome(run) == {"rows": 7, "new": 1, "changed": 2, "unchanged": 4, "removed": 1}
    found = options_of([configured.pk])[configured.pk]
    assert list(found.choices) == ["OAK", "WAL", "120", "160", "180", "EL", "TRAY"]
    assert found.choices["OAK"].names == {"de": "Eiche natur"}
    # what the file does not speak of stays: weight and days, what is chosen at first, the group's names and rules
    assert (found.choices["160"].amount, found.choices["160"].weight_grams) == (Decimal("49.5"), 6000)
    assert (found.choices["EL"].lead_days, found.choices["OAK"].is_default) == (8, True)
    assert found.groups[0].names == {"de": "Platte"}
    assert set(found.rules) == set(OF_DESK.rules)


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ("DESK-9,top,OAK,Oak\n", (2, "sku", "You have no article DESK-9.")),
        ("BOLT-M8,top,OAK,Oak\n", (2, "", "Only a product of the kind “Configurable” has options.")),
        ("DESK-1,,OAK,Oak\n", (2, "group", "The row needs this.")),
        ("DESK-1,Top,OAK,Oak\n", (2, "group", "Enter a code of small letters and digits that no other group has.")),
        ("DESK-1,top,OAK,\n", (2, "", "")),
        ("DESK-1,top,O-K,Oak\n", (2, "choice", "“O-K” is not a code of 1 to 8 letters and digits.")),
        ("DESK-1,new,A,One\nDESK-1,new,B,\n", (3, "choice_name", "Enter a name of at most 120 characters.")),
        ("DESK-1,new,A,One\nDESK-1,new,A,Two\n",
         (3, "choice", "Enter 1 to 8 capital letters and digits that no other choice has.")),
    ],
)  # fmt: skip
def test_rows_of_options_that_are_wrong_say_why_and_change_nothing(hansa: Company, configured, rows, wrong):
    before = rows_of(ProductOptions, ProductVersion)
    run = imported("sku,group,choice,choice_name\n" + rows, hansa)
    if wrong[2]:
        assert run.status == "refused"
        assert wrong in reasons(run)
        assert rows_of(ProductOptions, ProductVersion) == before
    else:  # an empty cell keeps the name
        assert run.errors == []


def test_rules_that_contradict_each_other_are_told_at_the_article(hansa: Company, configured: Product):
    run = imported(
        "sku,group,choice,requires,excludes\nDESK-1,top,OAK,,\nDESK-1,top,WAL,120,120\nDESK-1,size,120,,\n",
        hansa,
    )
    assert run.status == "refused"
    assert "These could never be chosen: Walnut." in reasons(run)[0][2]
    assert options_of([configured.pk])[configured.pk] == OF_DESK


def test_rows_of_a_group_that_say_different_things_are_wrong(hansa: Company, configured: Product):
    run = imported("sku,group,most,choice\nDESK-1,extras,2,EL\nDESK-1,extras,3,TRAY\n", hansa)
    assert reasons(run) == [(3, "most", "Another row says something else about the group.")]


def test_a_file_states_all_that_is_agreed_with_those_whom_it_names(hansa: Company, agreed, acme, bolt):
    run = imported(HEAD + "10001,,BOLT-M8,,75,25,\n10001,,ASSEMBLY-H,,2,,\n", hansa)

    assert outcome(run) == {"rows": 2, "new": 1, "changed": 1, "removed": 1}
    account, group = f"{acme} at {hansa}", "Installers, north"
    assert agreements() == {
        (account, "BOLT-M8", 75, 25, 1000),  # an empty cell leaves what is agreed
        (account, "ASSEMBLY-H", 2, 1, None),
        (group, "BOLT-M8", 100, 100, None),
    }
    run = imported(HEAD + "10001,,BOLT-M8,,75,,\n10001,,ASSEMBLY-H,,2,,\n", hansa, clears=True)
    assert outcome(run) == {"rows": 2, "changed": 1, "unchanged": 1}
    assert (account, "BOLT-M8", 75, 1, None) in agreements()


def test_customers_are_told_by_number_or_name_and_groups_by_name(hansa: Company, agreed, acme: Company):
    run = imported(HEAD + f'{acme.legal_name},,BOLT-M8,,75,25,\n,"Installers, north",DRILL-18V,,3,,\n', hansa)
    assert outcome(run) == {"rows": 2, "new": 1, "changed": 1, "removed": 2}
    assert {row[1:3] for row in agreements()} == {("BOLT-M8", 75), ("DRILL-18V", 3)}


@pytest.mark.parametrize(
    ("rows", "line", "column", "why"),
    [
        ("10009,,BOLT-M8,,1,1,\n", 2, "customer", "You have no customer or group “10009”, or several of this name."),
        (",,BOLT-M8,,1,1,\n", 2, "", "The row does not say to whom or what it belongs."),
        ("10001,Installers,BOLT-M8,,1,1,\n", 2, "", "The row does not say to whom or what it belongs."),
        ("10001,,NOTHING,,1,1,\n", 2, "sku", "NOTHING is not one of your articles."),
        ("10001,,DRILL-18V,,0.5,1,\n", 2, "minimum", "This unit is sold with at most 0 decimals."),
        ("10001,,DRILL-18V,,5,1,3\n", 2, "maximum", "No quantity fits between the least and the most."),
        ("10001,,DRILL-18V,KGM,5,1,\n", 2, "unit", "It is sold by: piece."),
        ("10001,,DRILL-18V,,x,1,\n", 2, "minimum", "“x” is not a number."),
        ("10001,,DRILL-18V,,2,1,\n10001,,DRILL-18V,,3,1,\n", 3, "sku", "This article and unit stand here twice."),
        ("10001,,DRILL-18V,,2,1,\n10002,,DRILL-18V,,2,1,\n10001,,BOLT-M8,,3,1,\n", 4, "",
         "Rows about the same stand apart. Sort the file so that they stand together."),
    ],
)  # fmt: skip
def test_rows_of_agreements_that_are_wrong_say_why_and_change_nothing(
    hansa: Company, agreed, rows, line, column, why
):
    before = agreements()
    for good_rows in (False, True):
        run = imported(HEAD + rows, hansa, takes_good_rows=good_rows)
        assert (line, column, why) in reasons(run)
        assert agreements() == before


def test_a_check_tells_what_would_be_removed_and_keeps_nothing(hansa: Company, agreed):
    before = rows_of(AgreedQuantity)
    run = imported(HEAD + "10001,,BOLT-M8,,75,25,\n", hansa, check=True)
    assert (run.status, outcome(run)) == ("checked", {"rows": 1, "changed": 1, "removed": 1})
    assert rows_of(AgreedQuantity)[0] == before[0]


def test_with_good_rows_whom_a_wrong_row_is_about_is_left_alone(hansa: Company, agreed):
    before = {row for row in agreements() if "at" in row[0]}
    run = imported(
        HEAD + '10001,,BOLT-M8,,75,25,\n10001,,NOTHING,,1,1,\n,"Installers, north",BOLT-M8,,200,100,\n',
        hansa,
        takes_good_rows=True,
    )
    assert (run.status, outcome(run)) == ("done", {"rows": 3, "wrong": 2, "changed": 1})
    assert agreements() == before | {("Installers, north", "BOLT-M8", 200, 100, None)}
    wrong = folder.fetched(run.error_file).read_text("utf-8-sig")
    assert "BOLT-M8" in wrong  # both rows of 10001 are in it, so that it can be repaired and uploaded again
    assert wrong.count("10001") == 2


def test_foreign_customers_groups_and_articles_are_not_there(cast: Cast, agreed):
    before = agreements()
    run = imported(HEAD + "10001,,BOLT-M8,,75,25,\n", cast.companies["levante"])
    assert reasons(run)[0][1] == "customer"
    assert agreements() == before


def test_each_file_asks_for_the_right_of_its_page(
    cast: Cast, configured, agreed, sal: Membership, wim: Membership
):
    sales = actor(sal)
    with pytest.raises(NotAllowed):
        imported("sku,group,choice\nDESK-1,top,OAK\n", cast.companies["hansa"], actor=sales)
    run = ImportRun.objects.latest("pk")
    with pytest.raises(Refused) as refusal:
        ask_for(actor=sales, run=run, check=False)
    assert refusal.value.code == "column_not_allowed"
    assert imported(HEAD + "10001,,BOLT-M8,,75,25,\n", cast.companies["hansa"], actor=sales).status == "done"
    with pytest.raises(NotAllowed):
        imported(HEAD + "10001,,BOLT-M8,,80,20,\n", cast.companies["hansa"], actor=actor(wim))


@pytest.mark.parametrize(
    ("head", "subject"),
    [
        ("sku,group,choice,choice_name", OPTIONS),
        ("Artikelnummer;Gruppe;Auswahl;Auswahlname;Aufpreis", OPTIONS),
        ("Kundennummer;Artikelnr;Mindestmenge", AGREED),
        ("customer_group,sku,multiple", AGREED),
        ("sku,name,group,choice,minimum", "goods"),
        ("customer,sku,price,minimum", "goods"),
        ("sku,gruppe,ean", "goods"),
    ],
)
def test_a_file_is_about_what_its_columns_say(hansa: Company, head: str, subject: str):
    sign = ";" if ";" in head else ","
    content = f"{head}\n{sign.join('1' for _name in head.split(sign))}\n".encode()
    run = take_in(actor=SYSTEM, incoming=Incoming(name="x", pieces=[content]), seller=hansa)
    assert run.plan["subject"] == subject
    told = take_in(
        actor=SYSTEM, incoming=Incoming(name="x", pieces=[content], subject="agreed"), seller=hansa
    )
    assert told.plan["subject"] == AGREED


def test_a_kept_mapping_keeps_what_the_file_is_about(hansa: Company, agreed):
    content = b"Kd;Artikelnummer;ab\n10001;BOLT-M8;75\n"
    incoming = Incoming(name="x", pieces=[content], subject=AGREED)
    run = take_in(actor=SYSTEM, incoming=incoming, seller=hansa)
    ImportRun.objects.filter(pk=run.pk).update(
        plan=run.plan | {"columns": {"Kd": "customer", "Artikelnummer": "sku", "ab": "minimum"}}
    )
    run.refresh_from_db()
    save_mapping(actor=SYSTEM, run=run, name="ERP")
    assert outcome(imported(content, hansa)) == {"rows": 1, "changed": 1, "removed": 1}
    goods = take_in(
        actor=SYSTEM, incoming=Incoming(name="x", pieces=[content], subject="goods"), seller=hansa
    )
    assert goods.plan["subject"] == "goods"


@pytest.mark.parametrize("subject", [OPTIONS, AGREED])
def test_the_columns_of_the_template_are_known(hansa: Company, subject: str):
    template = SUBJECTS[subject].template
    content = b"".join(write_file("csv", list(template[0]), template, BmecatFacts()))
    run = take_in(actor=SYSTEM, incoming=Incoming(name="x", pieces=[content]), seller=hansa)
    assert (run.plan["subject"], set(run.plan["columns"].values())) == (subject, set(template[0]))


def test_many_customers_cost_few_statements(hansa: Company, agreed, django_assert_max_num_queries):
    content = exported("csv", hansa, AGREED)
    run = take_in(actor=SYSTEM, incoming=Incoming(name="x", pieces=[content]), seller=hansa)

    with django_assert_max_num_queries(20):
        carry_out(actor=SYSTEM, run=run, check=False)


NAME = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=("Cs", "Cc")), min_size=1,
               max_size=20).map(str.strip).filter(bool)  # fmt: skip
CHOICE = st.builds(
    dict, name=NAME, names=st.dictionaries(st.sampled_from(["de", "fr"]), NAME, max_size=2),
    amount=st.decimals(-999, 999, places=2), weight_grams=st.integers(-99, 99), lead_days=st.integers(0, 9),
)  # fmt: skip


@given(
    groups=st.lists(st.lists(CHOICE, min_size=1, max_size=3), min_size=1, max_size=3),
    form=st.sampled_from(sorted(STATED_FORMS)),
)
@example(
    groups=[[{"name": "\\", "names": {}, "amount": Decimal(0), "weight_grams": 0, "lead_days": 0}]],
    form="csv",
)
@settings(
    max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_any_options_are_the_same_after_out_and_in(hansa: Company, configured: Product, groups, form: str):
    options = Options(
        groups=tuple(
            Group(
                code=f"g{place}", name=f"Group {place}", least=0, most=len(choices),
                choices=tuple(
                    Choice(code=f"C{place}{n}", currency="EUR" if one["amount"] else "", **one)
                    for n, one in enumerate(choices)
                ),
            )
            for place, choices in enumerate(groups)
        ),
        rules=(Rule("C00", "excludes", f"C{len(groups) - 1}0"),) if len(groups) > 1 else (),
    )  # fmt: skip
    save_options(actor=SYSTEM, product=configured, options=options)
    before = rows_of(ProductOptions, ProductVersion)
    content = exported(form, hansa, OPTIONS)
    assert set(outcome(imported(content, hansa, name="x"))) == {"rows", "unchanged"}
    assert rows_of(ProductOptions, ProductVersion) == before
    save_options(actor=SYSTEM, product=configured, options=OF_DESK)
    assert imported(content, hansa, name="x").errors == []
    assert options_of([configured.pk])[configured.pk] == options_of_document(before)


def options_of_document(before: list[list[tuple]]) -> Options:
    return read_options(before[0][0][1])


def test_sales_units_are_told_apart(hansa: Company, acme_account):
    run = imported(HEAD + "10001,,BOLT-M8,XBX,2,1,\n10001,,BOLT-M8,,100,50,\n", hansa)
    assert outcome(run) == {"rows": 2, "new": 2}
    assert set(AgreedQuantity.objects.values_list("unit", "minimum")) == {("XBX", 2), ("C62", 100)}
    assert outcome(imported(exported("csv", hansa, AGREED), hansa)) == {"rows": 2, "unchanged": 2}
