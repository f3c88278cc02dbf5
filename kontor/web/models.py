from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from kontor.companies.models import Company, User


class Session(AbstractBaseSession):
    """A signed-in browser. The user stands in a column, so that one query finds session, person and company."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    acting_for = models.ForeignKey(Company, models.CASCADE, null=True, related_name="+")
    acting_channel = models.CharField(max_length=8, blank=True, help_text="phone, mail, fair while on behalf")
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "web_session"

    def __str__(self) -> str:
        return f"session of {self.user_id}"
