import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Coupon codes that were typed into a cart."""

    dependencies = [("carts", "0005_configurations")]
    operations = [
        migrations.CreateModel(
            name="CartCoupon",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(help_text="as it was typed", max_length=40)),
                (
                    "key",
                    models.CharField(help_text="the code folded, as promotions compare it", max_length=40),
                ),
                (
                    "cart",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="coupons",
                        to="carts.cart",
                    ),
                ),
            ],
            options={
                "db_table": "carts_coupon",
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("cart", "key"), name="carts_coupon_once")],
            },
        ),
    ]
