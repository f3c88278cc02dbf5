import django.contrib.postgres.fields
from django.db import migrations, models

import kontor.catalog.models.product


def copy_of_assortments() -> models.Field:
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.BigIntegerField(), default=kontor.catalog.models.product.everybody, size=None
    )


class Migration(migrations.Migration):
    """What stands on a shelf knows who may see it, so that a listing and its count ask one table."""

    dependencies = [("search", "0002_query"), ("catalog", "0005_assort_functions")]
    operations = [
        migrations.AddField("searchdocument", "assortments", copy_of_assortments()),
        migrations.AddField("shelf", "assortments", copy_of_assortments()),
    ]
