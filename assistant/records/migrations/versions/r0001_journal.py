"""The tables of 0.1.0: answers and feedback. Where 0.1.0 has made them they stay as they are."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("generation", sa.String(32), nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_answers_at", "answers", ["at"], if_not_exists=True)
    op.create_table(
        "feedback",
        sa.Column("answer_id", sa.String(64), primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("useful", sa.Boolean, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_feedback_at", "feedback", ["at"], if_not_exists=True)
    op.drop_table("about", if_exists=True)  # its format is now Alembic's revision
