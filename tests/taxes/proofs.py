"""A registry's good word about a company, for tests of what rests on it."""

from kontor.companies.models import Company
from kontor.taxes.models import VatCheck


def proven(buyer: Company, seller: Company, outcome: str = "valid") -> VatCheck:
    """What the seller was told just now about the VAT id that the buyer has at the moment."""
    vat_id = Company.objects.values_list("vat_id", flat=True).get(pk=buyer.pk)
    return VatCheck.objects.create(
        seller=seller,
        buyer=buyer,
        vat_id=vat_id,
        outcome=outcome,
        registry="test",
        asked_by="Test",
        reference="WAPI-1",
    )
