"""A link knows who made it, a session which link opened it, and links for more than an annotator's rights work once.

Who made a link stands in the log of security events. A session that is open now was opened by the newest link before it: a new link ended
the sessions of earlier ones.
"""

from alembic import op
from sqlalchemy import Column, Integer

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MADE_BY = """
UPDATE invitations SET made_by = (
    SELECT max(e.who_id) FROM security_events e
    WHERE e.kind = 'invited' AND e.about_id = invitations.annotator_id AND e.at = invitations.created_at)
"""
OPENED_BY = """
UPDATE sessions SET invitation_id = (
    SELECT max(i.id) FROM invitations i
    WHERE i.annotator_id = sessions.annotator_id AND NOT i.once AND i.created_at <= sessions.created_at)
"""
ONCE = """
UPDATE invitations SET once = true WHERE annotator_id IN (SELECT id FROM annotators WHERE role <> 'annotator')
    OR annotator_id IN (SELECT annotator_id FROM members WHERE role <> 'annotator')
"""


def upgrade() -> None:
    for table, column, target in (("invitations", "made_by", "annotators"), ("sessions", "invitation_id", "invitations")):
        with op.batch_alter_table(table) as changed:
            changed.add_column(Column(column, Integer))
            changed.create_foreign_key(f"fk_{table}_{column}_{target}", target, [column], ["id"])
            changed.create_index(f"ix_{table}_{column}", [column])
    for statement in (MADE_BY, OPENED_BY, ONCE):
        op.execute(statement)
