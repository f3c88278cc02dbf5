import importlib

from django.db import migrations

OLD = importlib.import_module("kontor.pricing.migrations.0003_resolve")


class Migration(migrations.Migration):
    """Nothing asks plain price lists any more: the resolver of chains took their place."""

    dependencies = [("search", "0009_notes_of_many"), ("pricing", "0006_steps")]
    operations = [migrations.RunSQL(OLD.FORGET_RESOLVE, OLD.RESOLVE)]
