"""A person's choice which mails to get."""

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.notifications.models import Preference
from kontor.notifications.topics import topic


@transaction.atomic
def set_preference(*, actor: Actor, topic_name: str, by_mail: bool) -> Preference:
    """Choose for oneself whether mails about a topic are wanted.

    Raises NotAllowed("not_a_person") for a machine and Refused("unknown_topic") for one that cannot be chosen.
    """
    if actor.user_id is None:
        raise NotAllowed("not_a_person", _("Only people choose which mails they get."))
    try:
        chosen = topic(topic_name)
    except KeyError:
        chosen = None
    if chosen is None or not chosen.can_be_declined:
        raise Refused(
            "unknown_topic", _("There is no such topic to choose. Reload the page and choose again.")
        )
    preference, _created = Preference.objects.update_or_create(
        user_id=actor.user_id, topic=chosen.name, defaults={"by_mail": by_mail}
    )
    return preference


@transaction.atomic
def clear_preference(*, actor: Actor, topic_name: str) -> bool:
    """Follow the topic's default again; whether there was a choice. Raises NotAllowed("not_a_person")."""
    if actor.user_id is None:
        raise NotAllowed("not_a_person", _("Only people choose which mails they get."))
    deleted, _rows = Preference.objects.filter(user_id=actor.user_id, topic=topic_name).delete()
    return bool(deleted)
