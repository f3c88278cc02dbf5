"""The variants of a product as a matrix, to go from one to the other."""

from django.utils.translation import get_language

from kontor.catalog.models import Product
from kontor.catalog.queries import effective_attributes
from kontor.catalog.queries.variants import Matrix, matrix_of
from kontor.kernel.actors import Actor


def matrix_for(actor: Actor | None, product_id: int, family_id: int | None) -> Matrix | None:
    """The variants beside this one (or of this model) that the reader may buy; None when there is no choice."""
    seen = Product.objects.visible_to(actor).filter(status=Product.Status.ACTIVE)
    model = Product.objects.filter(pk=product_id).values_list("variant_of", "kind").first()
    if model is None or (model[0] is None and model[1] != Product.Kind.MODEL):
        return None
    variants = seen.filter(variant_of=model[0] or product_id)
    matrix = matrix_of(variants, effective_attributes(family_id), get_language() or "en")
    return matrix if len(matrix.variants) > 1 or model[1] == Product.Kind.MODEL else None
