"""Articles as bodies name them: by id, or by SKU at a seller."""

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.catalog.models import Configuration, Product, SalesUnit
from kontor.catalog.operations import keep_configuration
from kontor.catalog.queries import judged
from kontor.goods.options import MARK
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused


def article_of(
    actor: Actor, seller_id: int, *, product_id: int | None, sku: str | None, place: str = ""
) -> Product:
    """The seller's article that the caller may find. Raises Refused("unknown_article") at ``<place>sku`` or id."""
    goods = Product.objects.visible_to(actor).filter(seller_id=seller_id)
    product = (goods.filter(pk=product_id or 0) if sku is None else goods.filter(sku=sku)).first()
    if product is None:
        message = _("No article with this number is sold here.")
        field = "product_id" if sku is None else "sku"
        raise Refused("unknown_article", message, {f"{place}{field}": message})
    return product


def without_code(sku: str | None) -> tuple[str | None, str]:
    """A SKU apart from the code of a configuration behind it, "" where it has none."""
    if sku is None or MARK not in sku:
        return sku, ""
    base, _mark, code = sku.rpartition(MARK)
    return base, code.strip()


def configuration_of(product: Product, code: str) -> Configuration:
    """The configuration that a code names. Raises Refused("not_configured") at ``sku``."""
    stands = judged([(product.pk, code)], get_language() or "")[product.pk, code]
    if stands.problem:
        raise Refused("not_configured", stands.problem, {"sku": stands.problem})
    return keep_configuration(product_id=product.pk, chosen=stands.parts)


def choices_of(lines: Sequence[tuple[int, str]]) -> list[tuple[str, ...]]:
    """The choices of each line given by product and code ("": none). Raises Refused at ``lines/<n>/sku``."""
    stands = judged([one for one in lines if one[1]], get_language() or "")
    wrong = {
        f"lines/{number}/sku": stands[one].problem
        for number, one in enumerate(lines)
        if one[1] and stands[one].problem
    }
    if wrong:
        raise Refused("not_configured", _("Some configurations cannot be ordered."), wrong)
    return [stands[one].parts if one[1] else () for one in lines]


def first_unit(product: Product) -> str:
    """The unit that pages offer first."""
    unit = SalesUnit.objects.filter(product=product).order_by("position", "id").first()
    return unit.unit if unit else product.base_unit


def ids_of_skus(
    actor: Actor, seller_id: int, wanted: list[tuple[int | None, str | None]], *, place: str = "lines"
) -> list[int]:
    """The ids of articles named by id or SKU, in one query. Raises Refused("unknown_article") at each wrong line."""
    skus = {sku for _id, sku in wanted if sku is not None}
    ids = {product_id for product_id, _sku in wanted if product_id is not None}
    goods = Product.objects.visible_to(actor).filter(seller_id=seller_id)
    by_sku = dict(goods.filter(sku__in=skus).values_list("sku", "pk"))
    known = set(goods.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    found: list[int] = []
    wrong: dict[str, str] = {}
    for index, (product_id, sku) in enumerate(wanted):
        hit = by_sku.get(sku) if sku is not None else product_id if product_id in known else None
        if hit is None:
            field = "product_id" if sku is None else "sku"
            wrong[f"{place}/{index}/{field}"] = _("No article with this number is sold here.")
        else:
            found.append(hit)
    if wrong:
        raise Refused("unknown_article", _("Some articles are not known here."), wrong)
    return found
