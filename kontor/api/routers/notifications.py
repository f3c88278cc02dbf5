"""Which mails a person wants. Keys are no persons, so this is for sessions of the pages."""

from ninja import Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import changes, reads
from kontor.api.paging import Page
from kontor.api.shapes.selling import PreferenceIn, TopicOut
from kontor.notifications.models import Preference
from kontor.notifications.operations import set_preference
from kontor.notifications.topics import Topic, topic, topics_for

router = Router(tags=["Account"])


def _topic_out(one: Topic, chosen: bool | None) -> TopicOut:
    return TopicOut(topic=one.name, label=str(one.label), hint=str(one.hint), by_mail=chosen)


@router.get(
    "me/notifications", response=Page[TopicOut], operation_id="listTopics", summary="Mails that I can get"
)
@reads()
def topics(request: ApiRequest) -> Page[TopicOut]:
    """The topics of the person's roles with what was chosen."""
    rows = Preference.objects.filter(user_id=request.actor.user_id or 0)
    chosen = dict(rows.values_list("topic", "by_mail"))
    found = topics_for(frozenset(request.identity.roles))
    return Page(items=[_topic_out(one, chosen.get(one.name)) for one in found], next=None)


@router.put(
    "me/notifications/{topic_name}",
    response=TopicOut,
    operation_id="chooseTopic",
    summary="Choose whether to get mails about a topic",
)
@changes(refuses=("not_a_person", "unknown_topic"))
def choose(request: ApiRequest, topic_name: str, body: PreferenceIn) -> TopicOut:
    """For oneself."""
    row = set_preference(actor=request.actor, topic_name=topic_name, by_mail=body.by_mail)
    return _topic_out(topic(row.topic), row.by_mail)
