"""Keeps the search current when the catalog or public prices change."""

from collections.abc import Sequence

from django.db.models import Q

from kontor.catalog.events import AssortmentsChanged, CategoryChanged, ProductChanged, ProductsChanged
from kontor.catalog.models import Category, Product
from kontor.kernel.events import on
from kontor.pricing.events import PricesChanged
from kontor.search.operations import index_products, refresh_assortments, refresh_list_prices


@on(ProductChanged)
def index_product(event: ProductChanged) -> None:
    index_products(_with_models([event.product_id]))


@on(ProductsChanged)
def index_batch(event: ProductsChanged) -> None:
    index_products(_with_models(event.product_ids))


def _with_models(product_ids: Sequence[int]) -> list[int]:
    """These products and the models of variants among them: who sees a model, and its price, follow its variants."""
    models = Product.objects.filter(variants__in=product_ids).values_list("pk", flat=True)
    return list({*product_ids, *models})


@on(CategoryChanged)
def index_category(event: CategoryChanged) -> None:
    category = Category.objects.filter(pk=event.category_id).first()
    if category is not None:
        below = Q(category=category) | Q(category__path__startswith=f"{category.path}/")
        index_products(list(Product.objects.filter(below).order_by("id").values_list("pk", flat=True)))


@on(AssortmentsChanged)
def follow_assortments(event: AssortmentsChanged) -> None:
    refresh_assortments(event.seller_id)


@on(PricesChanged)
def sort_by_new_prices(event: PricesChanged) -> None:
    refresh_list_prices(event.price_list_id)
