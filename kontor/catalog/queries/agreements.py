"""What was agreed with customers about quantities."""

from django.db.models import QuerySet

from kontor.catalog.models import AgreedQuantity
from kontor.companies.models import CustomerAccount, CustomerGroup
from kontor.kernel.actors import Actor


def agreed_quantities(actor: Actor, holder: CustomerAccount | CustomerGroup) -> QuerySet[AgreedQuantity]:
    """The own agreements of a customer or of a group with their products, by SKU."""
    owner = {"account": holder} if isinstance(holder, CustomerAccount) else {"group": holder}
    rows = AgreedQuantity.objects.visible_to(actor).filter(**owner).select_related("product")
    return rows.order_by("product__sku", "unit")
