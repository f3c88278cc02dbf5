"""Lists of people and customers."""

from kontor.companies.models import Company, CustomerAccount
from kontor.companies.queries import accounts_of, accounts_waiting, customers_of, house_seller, members_of


def test_the_house_seller_is_the_first_that_is_active(hansa, levante):
    assert house_seller() == hansa
    Company.objects.filter(pk=hansa.pk).update(status="blocked")
    assert house_seller() == levante


def test_members_of_one_company_by_name_those_without_access_last(acme, ana, django_assert_num_queries):
    ana.is_active = False
    ana.save()
    with django_assert_num_queries(1):
        names = [member.user.name for member in members_of(acme.pk)]
    assert names == ["Ben Okafor", "Cy Lindqvist", "Dora Keller", "Ana Brandt"]


def test_customers_by_name_with_city_and_term(hansa, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = customers_of(hansa.pk)
    assert page.total == 2
    assert [
        (one.name, one.customer_number, one.city, one.payment_term, one.sales_rep) for one in page.rows
    ] == [
        ("Acme GmbH", "10001", "Berlin", "30 days net", "Sal Petersen"),
        ("Globex AG", "10002", "München", "30 days net", "Sal Petersen"),
    ]


def test_customers_are_found_by_name_number_city_and_vat_id(hansa):
    for words, found in {
        "glob": ["Globex AG"],
        "10001": ["Acme GmbH"],
        "münch": ["Globex AG"],
        "DE2718": ["Acme GmbH"],
        "%": [],
        "_": [],
        "\\": [],
        "\x00": ["Acme GmbH", "Globex AG"],
        "'; --": [],
    }.items():
        assert [one.name for one in customers_of(hansa.pk, search=words).rows] == found, words


def test_pages_and_status(hansa):
    assert [one.name for one in customers_of(hansa.pk, page=2, per_page=1).rows] == ["Globex AG"]
    assert customers_of(hansa.pk, status="blocked").total == 0
    assert len(customers_of(hansa.pk, page=-5).rows) == 2


def test_a_rival_seller_sees_none_of_them(levante, acme):
    assert customers_of(levante.pk).rows == []
    assert accounts_waiting(levante.pk) == []
    CustomerAccount.objects.create(seller=levante, buyer=acme)
    assert [one.buyer for one in accounts_waiting(levante.pk)] == [acme]
    assert [one.seller.legal_name for one in accounts_of(acme.pk)] == [
        "Hansa Supply GmbH",
        "Levante Suministros SL",
    ]
