"""Each rule finds its breach at its line, and leaves the right way alone."""

import pytest

from tools.house import imports, names, numbers, operations, reasons, relations, scope, shape, time
from tools.house.reasons_for_dependencies import unexplained

MODELS = """
    class OrderQuerySet(QuerySet):
        def visible_to(self, actor): ...

    class Order(Model):
        objects = OrderQuerySet.as_manager()

    class Unit(Model):
        objects = Manager()
"""


def found(rule, house, path: str, text: str, **ratchets) -> list[int]:
    return [one.line for one in rule.check(house({path: text}, **ratchets))]


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (names, "kontor/orders/helpers.py", "x = 1"),
        (names, "kontor/utils/x.py", "x = 1"),
        (names, "kontor/orders/x.py", "class OrderHelper: pass"),
        (names, "kontor/orders/x.py", "class OrderManager: pass"),
        (numbers, "kontor/orders/x.py", "price = 0.1"),
        (numbers, "kontor/orders/x.py", "def f(price: float): pass"),
        (numbers, "kontor/orders/x.py", "price = models.FloatField()"),
        (time, "kontor/orders/x.py", "at = datetime.now(UTC)"),
        (time, "kontor/orders/x.py", "at = timezone.now()"),
        (time, "kontor/orders/x.py", "at = DateTimeField(default=timezone.now)"),
        (time, "kontor/orders/x.py", "at = DateTimeField(auto_now_add=True)"),
        (imports, "kontor/orders/x.py", "def f(): import orjson"),
        (imports, "kontor/orders/apps.py", "def other(): import orjson"),
        (imports, "kontor/orders/x.py", "import xml.etree.ElementTree"),
        (imports, "kontor/orders/x.py", "from csv import reader"),
        (imports, "kontor/orders/x.py", "import zipfile"),
        (imports, "kontor/orders/x.py", "import httpx"),
        (imports, "kontor/orders/x.py", "import pickle"),
        (imports, "kontor/orders/x.py", "eval('1')"),
        (imports, "kontor/orders/rules.py", "from django.db import models"),
        (imports, "kontor/orders/x.py", "from ninja import Router"),
        (imports, "kontor/orders/x.py", "from django_htmx.http import HttpResponseClientRedirect"),
        (imports, "kontor/orders/operations/place.py", "from django.http import HttpRequest"),
        (imports, "kontor/orders/x.py", "from django.db.models.signals import post_save"),
        (imports, "kontor/orders/x.py", "placed = Signal()"),
        (relations, "kontor/orders/models.py", 'company = models.ForeignKey("companies.Company", CASCADE)'),
        (relations, "kontor/orders/models.py", "user = models.ForeignKey(settings.AUTH_USER_MODEL, CASCADE)"),
        (reasons, "kontor/orders/x.py", "x = f()  # type: ignore"),
        (reasons, "kontor/orders/x.py", "x = f()  # type: ignore[arg-type]"),
        (reasons, "kontor/orders/x.py", "x = f()  # noqa"),
        (reasons, "kontor/orders/x.py", "x = f()  # noqa: S101"),
        (reasons, "kontor/orders/x.py", "# TODO write it"),
        (reasons, "kontor/orders/x.py", "raise NotImplementedError"),
        (reasons, "tests/orders/test_x.py", "@pytest.mark.skip\ndef test_x(): pass"),
        (reasons, "tests/orders/test_x.py", "pytest.importorskip('x')"),
        (shape, "kontor/orders/__init__.py", "x = 1"),
    ],
)
def test_finds_the_breach(rule, path, text, house):
    assert found(rule, house, path, text) == [1]


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (names, "kontor/orders/numbering.py", "class OrderQuerySet: pass"),
        (names, "kontor/companies/x.py", "class PeopleManager(BaseUserManager): pass"),
        (numbers, "kontor/orders/x.py", 'price = Decimal("0.1")\ncount = 3'),
        (numbers, "tests/orders/test_x.py", "seconds = 0.1"),
        (time, "kontor/kernel/clock.py", "at = datetime.now(UTC)"),
        (time, "kontor/orders/x.py", "at = clock.now()"),
        (imports, "kontor/orders/apps.py", "def ready(self):\n    from kontor.orders import reactions"),
        (imports, "kontor/cli.py", "def f(): import orjson"),
        (imports, "kontor/kernel/entrances/csv_rows.py", "import csv"),
        (imports, "kontor/orders/rules.py", "from decimal import Decimal"),
        (imports, "kontor/api/orders.py", "from ninja import Router"),
        (relations, "kontor/orders/models.py", 'parent = models.ForeignKey("self", CASCADE)'),
        (reasons, "kontor/orders/x.py", "x = f()  # type: ignore[arg-type]  # the stubs know no tuple"),
        (reasons, "kontor/orders/x.py", "x = f()  # noqa: S608  # only our own names"),
        (shape, "kontor/orders/__init__.py", '"""Orders: binding purchases. Not carts."""'),
    ],
)  # fmt: skip
def test_leaves_the_right_way_alone(rule, path, text, house):
    assert found(rule, house, path, text) == []


def test_accepted_files_may_use_binary_fractions(house):
    assert found(numbers, house, "kontor/web/x.py", "y = 0.5", float={"allowed": ["kontor/web/*"]}) == []


def test_a_class_of_another_app_needs_a_closed_way_back(house):
    text = """\
    from kontor.companies.models import Company
    from kontor.orders.models import Order
    company = models.ForeignKey(Company, models.PROTECT)
    seller = models.ForeignKey(Company, models.PROTECT, related_name="orders")
    payer = models.ForeignKey(Company, models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    """
    assert found(relations, house, "kontor/orders/models.py", text) == [3, 4]


def test_edges_start_from_what_the_actor_may_see(house):
    view = """\
    Order.objects.visible_to(actor).filter(number=1)
    Order.objects.filter(open=True).visible_to(actor)
    Unit.objects.all()
    Order.objects.filter(number=1)
    get_object_or_404(Order, pk=1)
    get_object_or_404(Order.objects.visible_to(actor), pk=1)
    count(Order.objects.all(), actor.visible_to)
    """
    both = {"kontor/orders/models.py": MODELS, "kontor/storefront/orders.py": view}
    assert sorted(one.line for one in scope.check(house(both))) == [4, 5, 7]
    inside = {"kontor/orders/models.py": MODELS, "kontor/orders/queries.py": view}
    assert [one.line for one in scope.check(house(inside))] == []


def test_an_accepted_place_may_look_before_anybody_is_known(house):
    files = {"kontor/orders/models.py": MODELS, "kontor/api/keys.py": "Order.objects.get(key=1)"}
    assert list(scope.check(house(files, scope={"kontor/api/keys.py": ["Order"]}))) == []


def test_operations_have_one_shape(house):
    files = {
        "kontor/orders/operations/__init__.py": "from kontor.orders.operations.place import place_order, late, look",
        "kontor/orders/operations/place.py": """\
            @transaction.atomic
            def place_order(*, cart, actor):
                \"\"\"Turn a cart into an order.\"\"\"

            def late(order, actor): pass

            def look(a, b): pass
            """,
    }
    assert [one.message for one in operations.check(house(files))] == [
        "late: arguments are keyword-only, after a *",
        "late: needs @transaction.atomic",
        "late: say in a docstring what it does",
    ]


def test_own_classes_inherit_over_two_steps_at_most(house):
    text = "class A: pass\nclass B(A): pass\nclass C(B): pass\nclass D(C): pass\n"
    assert found(shape, house, "kontor/orders/x.py", text) == [4]


def test_each_dependency_has_a_reason():
    document = (
        "| package | for |\n|---|---|\n| django | the framework |\n| psycopg[binary,pool] | the driver |\n"
    )
    wanted = ["django>=5.2", "psycopg[binary,pool]>=3", "nh3>=0.3"]
    assert [one.message.split()[0] for one in unexplained(wanted, document)] == ["nh3"]
