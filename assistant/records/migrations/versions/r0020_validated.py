"""Validated answers, each change a version that is never changed; what groups were marked."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0003"

# As for the trail: the database itself refuses to change a version.
_SQLITE = """
CREATE TRIGGER versions_no_{verb} BEFORE {verb} ON validated_versions
BEGIN SELECT RAISE(ABORT, 'versions are only added to'); END
"""
_POSTGRESQL = (
    """
    CREATE FUNCTION versions_kept() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'versions are only added to'; END $$
    """,
    """
    CREATE TRIGGER versions_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON validated_versions
    FOR EACH STATEMENT EXECUTE FUNCTION versions_kept()
    """,
)


def upgrade() -> None:
    op.create_table(
        "validated",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("created", sa.String(32), nullable=False),
    )
    op.create_table(
        "validated_versions",
        sa.Column("serial", sa.Integer, primary_key=True),
        sa.Column("answer_id", sa.Integer, sa.ForeignKey("validated.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.UniqueConstraint("answer_id", "number", name="uq_validated_versions_number"),
    )
    op.create_table(
        "gap_marks",
        sa.Column("digest", sa.String(32), primary_key=True),
        sa.Column("mark", sa.String(16), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in _POSTGRESQL:
            op.execute(statement)
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(_SQLITE.format(verb=verb))
