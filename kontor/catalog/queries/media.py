"""Who may fetch a stored document.

Pictures are named by their SHA-256, stand only on pages of those who may see the product, and are served without asking
who it is. Documents are passed on by mail and link, so they are asked for.
"""

from kontor.catalog.models import Medium, Product
from kontor.kernel.actors import Actor


def document_is_seen(actor: Actor | None, file: str) -> bool:
    """Whether this actor (None: a visitor) may see some product that has the document. One statement."""
    goods = Product.objects.visible_to(actor).values("pk")
    return Medium.objects.filter(file=file, product__in=goods).exists()
