import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The unique constraint of a line begins with its cart and serves look-ups by cart as well."""

    dependencies = [("carts", "0002_initial")]
    operations = [
        migrations.AlterField(
            model_name="cartline",
            name="cart",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="carts.cart",
            ),
        ),
    ]
