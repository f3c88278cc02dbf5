from decimal import Decimal

import pytest

from kontor.kernel import clock
from kontor.kernel.invariants import check_all
from kontor.kernel.refusal import Refused
from kontor.promotions.models import CodeBatch, Coupon, PromotionTally, PromotionUse
from kontor.promotions.operations import give_back_promotions, use_promotions
from kontor.promotions.queries import judge
from tests.assembly import Cast
from tests.promotions.baskets import basket, code, line, promotion

pytestmark = pytest.mark.django_db


def _wrong() -> list[str]:
    """What is untrue, apart from the search index, which a cast does not have."""
    return [one.name for one in check_all() if one.bad and "on sale" not in one.name]


def test_a_use_is_counted_with_its_amount_code_and_person_and_given_back_once(cast: Cast) -> None:
    spring = promotion(
        cast, needs_code=True, limit_total=5, limit_company=2, limit_person=1, budget=Decimal(100)
    )
    coupon = code(spring, "SPRING-1", uses_limit=1)
    wanted = basket(cast, line(cast.products["drill"].pk, 2, "89.00"), codes=["spring 1"])

    use_promotions(order_id=71, basket=wanted, judged=judge(wanted))

    spring.refresh_from_db()
    assert (spring.used, spring.used_amount) == (1, Decimal("17.80"))
    use = PromotionUse.objects.get(order_id=71)
    assert (use.amount, use.coupon_id, use.membership_id) == (
        Decimal("17.80"),
        coupon.pk,
        cast.people["ana"].pk,
    )
    assert judge(wanted).refused == {"spring 1": "This code has been used."}
    assert _wrong() == []

    for _again in range(2):
        give_back_promotions(order_id=71)

    spring.refresh_from_db()
    coupon.refresh_from_db()
    assert (spring.used, spring.used_amount, coupon.used) == (0, Decimal(0), 0)
    assert list(PromotionTally.objects.values_list("used", flat=True)) == [0, 0]
    assert judge(wanted).refused == {}
    assert _wrong() == []


@pytest.mark.parametrize(
    "limit",
    [{"limit_total": 1}, {"limit_company": 1}, {"limit_person": 1}, {"budget": Decimal(10)}],
)
def test_what_was_used_up_between_looking_and_ordering_is_refused_and_leaves_no_trace(
    cast: Cast, limit: dict[str, object]
) -> None:
    spring = promotion(cast, **limit)
    wanted = basket(cast, line(cast.products["drill"].pk, 1, "89.00"))
    looked = judge(wanted)
    use_promotions(order_id=71, basket=wanted, judged=looked)

    with pytest.raises(Refused) as refusal:
        use_promotions(order_id=72, basket=wanted, judged=looked)

    assert refusal.value.code == "promotion_used_up"
    assert list(PromotionUse.objects.values_list("order_id", flat=True)) == [71]
    spring.refresh_from_db()
    assert _wrong() == []


def test_a_promotion_stopped_meanwhile_is_refused(cast: Cast) -> None:
    spring = promotion(cast)
    wanted = basket(cast, line(cast.products["drill"].pk, 1, "89.00"))
    looked = judge(wanted)
    spring.is_active = False
    spring.save()

    with pytest.raises(Refused, match="promotion_used_up"):
        use_promotions(order_id=71, basket=wanted, judged=looked)

    assert not PromotionUse.objects.exists()


def test_limits_of_one_company_and_person_leave_others_alone(cast: Cast) -> None:
    promotion(cast, limit_company=2, limit_person=1)
    drill = line(cast.products["drill"].pk, 1, "89.00")
    for order_id, who in enumerate(("ana", "ben", "gil"), 71):
        wanted = basket(cast, drill, who=who)
        use_promotions(order_id=order_id, basket=wanted, judged=judge(wanted))

    assert judge(basket(cast, drill, who="dora")).granted == []
    assert judge(basket(cast, drill, who="gil")).granted == []
    assert PromotionUse.objects.count() == 3
    assert _wrong() == []


def test_a_code_without_a_limit_is_used_by_everybody(cast: Cast) -> None:
    spring = promotion(cast, needs_code=True)
    code(spring, "SPRING")
    for order_id, who in enumerate(("ana", "gil"), 71):
        wanted = basket(cast, line(cast.products["drill"].pk, 1, "89.00"), who=who, codes=["Spring"])
        use_promotions(order_id=order_id, basket=wanted, judged=judge(wanted))

    assert PromotionUse.objects.filter(coupon__code="SPRING").count() == 2
    assert Coupon.objects.get().used == 0


@pytest.mark.parametrize("meanwhile", [{"stopped_at": clock.now()}, None])
def test_a_code_stopped_or_used_meanwhile_is_refused(cast: Cast, meanwhile: dict[str, object] | None) -> None:
    coupon = code(promotion(cast, needs_code=True), "SPRING-1", uses_limit=1)
    wanted = basket(cast, line(cast.products["drill"].pk, 1, "89.00"), codes=["SPRING-1"])
    looked = judge(wanted)
    if meanwhile:
        CodeBatch.objects.filter(pk=coupon.batch_id).update(**meanwhile)
    else:
        Coupon.objects.filter(pk=coupon.pk).update(used=1)

    with pytest.raises(Refused, match="promotion_used_up"):
        use_promotions(order_id=71, basket=wanted, judged=looked)

    assert not PromotionUse.objects.exists()


def test_a_code_without_a_limit_is_not_counted_down_when_it_is_given_back(cast: Cast) -> None:
    coupon = code(promotion(cast, needs_code=True), "SPRING-1")
    wanted = basket(cast, line(cast.products["drill"].pk, 1, "89.00"), codes=["SPRING-1"])
    use_promotions(order_id=71, basket=wanted, judged=judge(wanted))

    give_back_promotions(order_id=71)

    coupon.refresh_from_db()
    assert coupon.used == 0
