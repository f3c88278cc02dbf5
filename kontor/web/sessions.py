"""Sessions in the database with their user in a column, so that one query finds browser, person and company.

The `identity` middleware loads a session together with everything else and hands the decoded data over; nothing else
reads the table on the way to a page.
"""

from datetime import datetime
from typing import Any, Self, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from kontor.kernel import clock
from kontor.web.models import Session

ACTING_FOR = "acting_for"
ACTING_CHANNEL = "acting_channel"
BEGAN, ADDRESS, AGENT = "began", "address", "agent"


class SessionStore(DatabaseStore):
    """Django's database session over our table."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    @classmethod
    def loaded(cls, key: str, data: dict[str, Any]) -> Self:
        """A session whose data another query has already brought."""
        store = cls(key)
        store._session_cache = data  # type: ignore[attr-defined]  # where Django keeps what it has read
        return store

    @classmethod
    def of_visitor(cls, key: str) -> Self:
        """The session of somebody who is not signed in yet, between password and second factor, say; else a new one.

        A session that has a user is left alone: if `find` did not take it, it has ended.
        """
        live = Session.objects.filter(session_key=key, user__isnull=True, expire_date__gt=clock.now())
        kept = live.values_list("session_data", flat=True).first()
        return cls() if kept is None else cls.loaded(key, cls().decode(kept))

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to save; a value that queries need stands in its own column as well."""
        row = cast(Session, super().create_model_instance(data))
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.acting_for_id = data.get(ACTING_FOR)
        row.acting_channel = data.get(ACTING_CHANNEL, "")
        row.started_at = datetime.fromisoformat(data[BEGAN]) if BEGAN in data else clock.now()
        row.address, row.agent = data.get(ADDRESS, ""), data.get(AGENT, "")
        return row

    def note_browser(self, address: str, agent: str) -> None:
        """Remember once from where and with what the session began, so that its owner recognises it."""
        if BEGAN not in self:
            self.update({BEGAN: clock.now().isoformat(), ADDRESS: address[:45], AGENT: agent[:200]})
