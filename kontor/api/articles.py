"""Articles as bodies name them: by id, or by SKU at a seller."""

from django.utils.translation import gettext as _

from kontor.catalog.models import Product, SalesUnit
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
