from kontor.notifications.operations.account import queue_account_mail
from kontor.notifications.operations.prefer import clear_preference, set_preference
from kontor.notifications.operations.queue import Posting, queue_mail, send_again
from kontor.notifications.operations.remind import remind_of_expiring_offers

__all__ = [
    "Posting",
    "clear_preference",
    "queue_account_mail",
    "queue_mail",
    "remind_of_expiring_offers",
    "send_again",
    "set_preference",
]
