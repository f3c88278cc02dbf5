from django.db import migrations


class Migration(migrations.Migration):
    """Feeds and schedules go over to `publishing`, whose first migration takes their tables."""

    dependencies = [("exchange", "0003_picture_retries")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("ScheduleRun"),
                migrations.DeleteModel("Schedule"),
                migrations.DeleteModel("ProductFeed"),
            ]
        )
    ]
