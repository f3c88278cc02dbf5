"""What must always be true of approvals, for `kontor check`."""

from kontor.kernel.invariants import invariant

invariant(
    "approvals are asked for and decided by the company's own people",
    tried="SELECT count(*) FROM approvals_request",
    bad="""
    SELECT r.id FROM approvals_request r
    JOIN companies_membership asked ON asked.id = r.requested_by_id
    LEFT JOIN companies_membership decided ON decided.id = r.decided_by_id
    WHERE asked.company_id <> r.company_id OR decided.company_id <> r.company_id
    """,
)
invariant(
    "what was sent back has a reason",
    tried="SELECT count(*) FROM approvals_request WHERE status = 'sent_back'",
    bad="SELECT id FROM approvals_request WHERE status = 'sent_back' AND note = ''",
)
