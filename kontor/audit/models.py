from typing import Any

from django.db import models
from django.db.models import Q

from kontor.kernel import clock


class Entry(models.Model):
    """One thing that somebody did, as a fact that is never changed.

    `about_type` and `about_id` name the object (``order``, 17). A shared entry stands on the timeline that both
    sides of a trade see.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=clock.now)
    verb = models.CharField(max_length=60, help_text="orders.placed")
    about_type = models.CharField(max_length=30)
    about_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=150)
    user_id = models.BigIntegerField(null=True)
    company_id = models.BigIntegerField(null=True)
    company_name = models.CharField(max_length=200, blank=True)
    acting_for_id = models.BigIntegerField(null=True)
    acting_for_name = models.CharField(max_length=200, blank=True)
    door = models.CharField(max_length=12, help_text="page, api, import, worker, shell")
    request_id = models.CharField(max_length=64, blank=True)
    changes: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    shared = models.BooleanField(default=False)

    class Meta:
        db_table = "audit_entry"
        indexes = [
            models.Index(fields=["about_type", "about_id", "id"], name="audit_entry_about"),
            models.Index(fields=["company_id", "-id"], name="audit_entry_company"),
            models.Index(
                fields=["acting_for_id", "-id"],
                name="audit_entry_subject",
                condition=Q(acting_for_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.about_type} {self.about_id}"
