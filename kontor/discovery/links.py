"""The link in a mail that ends all alert mails of a person, without signing in."""

from django.core import signing
from django.db import transaction

from kontor.companies.models import Membership
from kontor.discovery.models import Rhythm, SavedSearch, Watch

SALT = "kontor.discovery.end"


def end_token(membership_id: int) -> str:
    """What names the person in the link; nobody else can make one."""
    return signing.dumps(membership_id, salt=SALT)


def ended_by(token: str) -> Membership:
    """Whose alerts the link ends. Raises signing.BadSignature for a link of nobody's."""
    membership_id = signing.loads(token, salt=SALT)
    found = Membership.objects.select_related("user").filter(pk=membership_id).first()
    if found is None:
        raise signing.BadSignature("nobody's")
    return found


@transaction.atomic
def end_watching(*, membership: Membership) -> None:
    """No more mails about alerts for this person; what was saved stays, and is told on the page only."""
    SavedSearch.objects.filter(membership=membership).update(rhythm=Rhythm.NEVER)
    Watch.objects.filter(membership=membership).update(rhythm=Rhythm.NEVER)
