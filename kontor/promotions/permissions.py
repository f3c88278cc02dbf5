"""What people may do in promotions."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

EDIT_PROMOTIONS = declare(
    "promotions.edit", _("Edit promotions and coupon codes"), roles=("sales", "seller_admin")
)
