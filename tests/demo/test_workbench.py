"""The configurable product of the demo holds together."""

from decimal import Decimal

from kontor.catalog.models import Category, Medium
from kontor.companies.models import Membership
from kontor.demo.workbench import RULES, _groups, add_workbench
from kontor.goods.options import Options, completion, longest_code, never, unsatisfiable
from kontor.pricing.models import PriceList
from tests.cast import actor


def test_every_choice_of_the_workbench_can_be_chosen():
    options = Options(groups=_groups(), rules=RULES)
    assert (len(options.groups), len(options.choices)) == (5, 14)
    assert (unsatisfiable(options), never(options)) == ([], [])
    assert completion(options, options.defaults()) == {"150", "BEECH", "FIX"}
    assert longest_code(options) <= 80


def test_the_workbench_is_on_sale_with_a_picture(store_admin: Membership, settings, tmp_path):
    settings.FILES_FOLDER = tmp_path
    Category.objects.create(name="Storage", slug="storage", path="storage")
    public = PriceList.objects.get(seller=store_admin.company, code="public")

    bench = add_workbench(actor(store_admin), [(public, Decimal(1))])

    assert bench.status == "active"
    assert [one.kind for one in Medium.objects.filter(product=bench)] == ["picture"]
