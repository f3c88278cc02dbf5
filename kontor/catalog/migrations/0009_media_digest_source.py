from django.db import migrations, models


class Migration(migrations.Migration):
    """What came in before is known again: by the digest of its bytes, and by where it came from."""

    dependencies = [("catalog", "0008_models_follow_variants")]
    operations = [
        migrations.AddField(
            "medium",
            "digest",
            models.CharField(
                blank=True, default="", help_text="SHA-256 of the file as it came", max_length=64
            ),
        ),
        migrations.AddField(
            "medium",
            "source",
            models.CharField(
                blank=True,
                default="",
                help_text="the address, or the name in an archive, it came from",
                max_length=500,
            ),
        ),
    ]
