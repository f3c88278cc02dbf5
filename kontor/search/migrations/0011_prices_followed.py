from django.db import migrations, models


class Migration(migrations.Migration):
    """Until when dated prices have been followed, so that a worker that stood still catches up."""

    dependencies = [("pricing", "0006_steps"), ("search", "0010_prices_by_steps")]
    operations = [
        migrations.CreateModel(
            name="PricesFollowed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateTimeField()),
            ],
            options={
                "db_table": "search_prices_followed",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="search_followed_once")
                ],
            },
        ),
    ]
