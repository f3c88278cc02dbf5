from collections.abc import Mapping, Sequence
from decimal import Decimal

from kontor.catalog.models import KitComponent, Product
from kontor.catalog.queries import contents_of


def kits_differ(seller_id: int, wanted: Mapping[str, Sequence[tuple[str, Decimal]]]) -> dict[str, int]:
    """The ids, by SKU, of kits that are there and consist of something else. Two statements, none without kits."""
    if not wanted:
        return {}
    kits = dict(Product.objects.filter(seller_id=seller_id, sku__in=wanted).values_list("sku", "pk"))
    kept = contents_of(list(kits.values()))
    return {
        sku: pk
        for sku, pk in kits.items()
        if [(one.sku, one.quantity) for one in kept.get(pk, ())] != list(wanted[sku])
    }


def write_components(seller_id: int, wanted: Mapping[str, Sequence[tuple[str, Decimal]]]) -> list[int]:
    """State what is in kits, by their SKU; the ids of those that differ. Five statements, none without kits.

    The kits and what they consist of are there, and were judged. The caller keeps versions.
    """
    differing = kits_differ(seller_id, wanted)
    if not differing:
        return []
    skus = {sku for kit in differing for sku, _quantity in wanted[kit]}
    own = Product.objects.filter(seller_id=seller_id, sku__in=skus)
    parts = dict(own.order_by("pk").select_for_update(no_key=True).values_list("sku", "pk"))
    KitComponent.objects.filter(kit__in=differing.values()).delete()
    KitComponent.objects.bulk_create(
        KitComponent(kit_id=pk, component_id=parts[part], quantity=quantity, position=position)
        for sku, pk in differing.items()
        for position, (part, quantity) in enumerate(wanted[sku])
    )
    return list(differing.values())
