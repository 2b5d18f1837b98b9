"""What the guichet reads of an answer, out of its receipt: the receipts of 0.1.0 are read for it.

Each day is that of the server's own clock, as it is for whoever reads the pages.
"""

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("answers", sa.Column("day", sa.String(10), nullable=False, server_default=""))
    op.add_column("answers", sa.Column("door", sa.String(16), nullable=False, server_default=""))
    op.add_column("answers", sa.Column("language", sa.String(8), nullable=False, server_default=""))
    op.add_column(
        "answers", sa.Column("subject", sa.String(128), nullable=False, server_default="")
    )
    op.add_column("answers", sa.Column("seconds", sa.Float))
    op.add_column("answers", sa.Column("question", sa.Text, nullable=False, server_default=""))
    answers = sa.table(
        "answers",
        *(
            sa.column(name)
            for name in ("id", "at", "day", "language", "subject", "question", "receipt")
        ),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(answers.c.id, answers.c.at, answers.c.receipt)).all():
        receipt = json.loads(row.receipt)
        cited = receipt["cited"]
        connection.execute(
            sa.update(answers)
            .where(answers.c.id == row.id)
            .values(
                day=datetime.fromisoformat(row.at).astimezone().date().isoformat(),
                language=receipt["language"],
                subject=cited[0]["passage_id"].rpartition("#")[0] if cited else "",
                question=receipt["question"],
            )
        )
    op.create_index(
        "ix_answers_counted", "answers", ["day", "outcome", "door", "subject", "seconds", "id"]
    )
