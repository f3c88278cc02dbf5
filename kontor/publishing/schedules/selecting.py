"""Which goods a scheduled export takes, from the options of its schedule."""

from django.conf import settings

from kontor.catalog.models import Product
from kontor.catalog.queries import languages_of_seller
from kontor.exchange.writers import Selection
from kontor.inventory.models import Warehouse
from kontor.pricing.models import PriceList
from kontor.publishing.models import Schedule
from kontor.tables.bmecat_writing import BmecatFacts


def selection_of(schedule: Schedule) -> Selection:
    """What is not there any more, a price list or a warehouse, is left out."""
    options, seller = schedule.options, schedule.company_id
    price_list = PriceList.objects.filter(seller_id=seller, pk=options.get("price_list") or 0).first()
    warehouse = Warehouse.objects.filter(seller_id=seller, pk=options.get("warehouse") or 0).first()
    status = options.get("status", "")
    return Selection(
        seller_id=seller,
        status=status if status in Product.Status.values else "",
        price_list_id=price_list.pk if price_list else None,
        warehouse_id=warehouse.pk if warehouse else None,
    )


def facts_of(schedule: Schedule) -> BmecatFacts:
    """What stands in the header of a BMEcat file."""
    price_list = PriceList.objects.filter(
        seller_id=schedule.company_id, pk=schedule.options.get("price_list") or 0
    ).first()
    return BmecatFacts(
        supplier=str(schedule.company),
        language=languages_of_seller(schedule.company_id, settings.LANGUAGE_CODE)[0],
        currency=price_list.currency if price_list else schedule.company.currency,
    )
