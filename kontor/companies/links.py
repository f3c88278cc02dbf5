"""Links in invitations: signed, so that nothing in the database or the outbox opens a seat by itself.

A link carries the invitation's number and a part of its secret hash. It is good while the signature holds and the row
is open; withdrawing or renewing the invitation makes it void.
"""

import hmac
import secrets

from django.core import signing

from kontor.companies.models import Invitation

_SALT = "kontor.companies.invitation"
_PART = 32


def new_invitation_hash() -> str:
    """256 random bits in hex, to be kept in the row."""
    return secrets.token_hex(32)


def invitation_token(invitation: Invitation) -> str:
    """The token for the link of this invitation, fit for an address."""
    return signing.dumps([invitation.pk, invitation.token_hash[:_PART]], salt=_SALT)


def invitation_for(token: str) -> Invitation | None:
    """The invitation that the token was made for, open or not; None for anything else."""
    try:
        pk, part = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    invitation = Invitation.objects.select_related("company", "invited_by__user").filter(pk=pk).first()
    if invitation is None or not hmac.compare_digest(invitation.token_hash[:_PART], str(part)):
        return None
    return invitation
