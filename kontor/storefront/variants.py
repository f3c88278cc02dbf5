"""The variants of a product as a matrix, to go from one to the other."""

from django.utils.translation import get_language

from kontor.catalog.models import Product
from kontor.catalog.queries import effective_attributes
from kontor.catalog.queries.variants import Matrix, matrix_of
from kontor.kernel.actors import Actor
from kontor.search.queries import ProductDetail
from kontor.search.queries.sheet import Sheet


def matrix_for(actor: Actor | None, found: ProductDetail, sheet: Sheet) -> Matrix | None:
    """The variants beside this one (or of this model) that the reader may buy; None when there is no choice.

    Two statements where there are variants, none elsewhere.
    """
    if not sheet.variants:
        return None
    seen = Product.objects.visible_to(actor).filter(status=Product.Status.ACTIVE)
    matrix = matrix_of(
        seen.filter(pk__in=[found.product_id, *sheet.variants], variant_of__isnull=False),
        effective_attributes(sheet.family_id),
        get_language() or "en",
    )
    return matrix if len(matrix.variants) > 1 or found.kind == Product.Kind.MODEL else None
