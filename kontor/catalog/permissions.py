"""What people may do in the catalog."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.actors import Actor
from kontor.kernel.capabilities import declare

EDIT_CATALOG = declare("catalog.edit", _("Edit products and categories"), roles=("catalog", "seller_admin"))
EDIT_ASSORTMENTS = declare(
    "catalog.assortments", _("Decide who sees which goods"), roles=("catalog", "seller_admin")
)
AGREE_QUANTITIES = declare(
    "catalog.agreed_quantities", _("Agree quantities with customers"), roles=("sales", "seller_admin")
)
KEEP_PART_NUMBERS = declare(
    "catalog.part_numbers", _("Keep the company’s own part numbers"), roles=("admin", "buyer", "approver")
)
KEEP_PART_NUMBERS_OF_CUSTOMERS = declare(
    "catalog.part_numbers_of_customers", _("Keep customers’ part numbers"), roles=("sales", "seller_admin")
)


def may_keep_part_numbers(actor: Actor) -> bool:
    """Whether this person may keep part numbers of the company it buys for, its own or a customer's."""
    return actor.may(KEEP_PART_NUMBERS_OF_CUSTOMERS if actor.acting_for_id else KEEP_PART_NUMBERS)
