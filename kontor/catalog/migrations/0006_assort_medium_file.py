from django.db import migrations, models


class Migration(migrations.Migration):
    """A document is asked for by its file, to know whose it is."""

    dependencies = [("catalog", "0005_assort_functions")]
    operations = [
        migrations.AddIndex(
            "medium",
            models.Index(
                condition=models.Q(("file", ""), _negated=True), fields=["file"], name="catalog_medium_file"
            ),
        )
    ]
