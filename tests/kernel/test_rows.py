import pytest
from django.db import connection

from kontor.companies.models import Company
from kontor.kernel.rows import Reader
from kontor.orders.models import Order
from tests.orders.trade import placed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("model", "table"), [(Order, "orders_order"), (Company, "companies_company")])
def test_an_instance_from_a_statement_is_the_one_that_django_reads(ana, bolt, model, table):
    placed(ana, (bolt, 100))
    reader = Reader(model)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {reader.columns('x')} FROM {table} x ORDER BY x.id")
        read = reader.read_several(cursor.fetchall())

    stored = list(model.objects.order_by("pk"))
    assert [vars(one) | {"_state": None} for one in read] == [vars(one) | {"_state": None} for one in stored]
    assert not any(one._state.adding for one in read)
