"""The variants of a product as a matrix, to go from one to the other."""

from kontor.catalog.models import Product
from kontor.discovery.product_page import Known
from kontor.goods.attributes import Trait
from kontor.goods.variants import Matrix, matrix_of


def matrix_for(known: Known, traits: tuple[Trait, ...], language: str) -> Matrix | None:
    """The variants beside this one (or of this model) that the reader may buy; None when there is no choice."""
    sisters = known.sisters
    if len(sisters) > 1 or (sisters and known.kind == Product.Kind.MODEL):
        return matrix_of(sisters, traits, language or "en")
    return None
