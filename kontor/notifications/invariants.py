"""What `kontor check` asks about mails."""

from kontor.kernel.invariants import invariant

invariant(
    "a mail has a time of sending if and only if it was sent",
    tried="SELECT count(*) FROM notifications_mail",
    bad="SELECT id, status FROM notifications_mail WHERE (status = 'sent') <> (sent_at IS NOT NULL)",
)
invariant(
    "a queued mail is not tried more often than its attempts allow",
    tried="SELECT count(*) FROM notifications_mail WHERE status = 'queued'",
    bad="SELECT id, attempts FROM notifications_mail WHERE status = 'queued' AND attempts > 11",
)
