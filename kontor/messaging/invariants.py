"""What must always be true of conversations, for `kontor check`."""

from kontor.kernel.invariants import invariant

invariant(
    "messages come from one of the thread's two companies",
    tried="SELECT count(*) FROM messaging_message",
    bad="""
    SELECT m.id FROM messaging_message m JOIN messaging_thread t ON t.id = m.thread_id
    WHERE m.company_id NOT IN (t.buyer_id, t.seller_id)
    """,
)
invariant(
    "an answer is owed by the side that did not write last",
    tried="SELECT count(*) FROM messaging_thread WHERE answer_due_from_id IS NOT NULL",
    bad="""
    SELECT t.id FROM messaging_thread t
    JOIN LATERAL (
        SELECT company_id FROM messaging_message m WHERE m.thread_id = t.id ORDER BY m.id DESC LIMIT 1
    ) last ON true
    WHERE t.answer_due_from_id IS NOT NULL
      AND (t.answer_due_from_id = last.company_id OR t.answer_due_from_id NOT IN (t.buyer_id, t.seller_id))
    """,
)
