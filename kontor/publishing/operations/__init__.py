"""What people decide about feeds and schedules."""

from kontor.publishing.operations.feeds import FeedFacts, save_feed
from kontor.publishing.operations.schedules import (
    ScheduleFacts,
    continue_schedule,
    forget_schedule,
    pause_schedule,
    run_schedule,
    save_schedule,
)

__all__ = [
    "FeedFacts",
    "ScheduleFacts",
    "continue_schedule",
    "forget_schedule",
    "pause_schedule",
    "run_schedule",
    "save_feed",
    "save_schedule",
]
