from django.db import migrations, models
from django.db.models import Q

import kontor.kernel.clock


class Migration(migrations.Migration):
    """A picture that could not be fetched is tried again later, by one worker at a time."""

    dependencies = [("exchange", "0002_schedules_and_feeds")]
    operations = [
        migrations.AddField("pictureorder", "tries", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            "pictureorder",
            "next_at",
            models.DateTimeField(
                default=kontor.kernel.clock.now, help_text="not tried before; while it is tried, a lease"
            ),
        ),
        migrations.RemoveIndex("pictureorder", "exchange_picture_waiting"),
        migrations.AddIndex(
            "pictureorder",
            models.Index(fields=["next_at"], name="exchange_picture_due", condition=Q(status="waiting")),
        ),
    ]
