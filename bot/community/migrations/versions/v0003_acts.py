"""What was changed by one act belongs together in the audit log; public answers are counted by the hour."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table."""
    with op.batch_alter_table("audit") as audit:
        audit.add_column(sa.Column("act", sa.Text(), nullable=True))
    op.create_table(
        "public_answers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_public_answers"),
    )
    op.create_index("ix_public_answers_guild_id_at", "public_answers", ["guild_id", "at"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("public_answers")
    with op.batch_alter_table("audit") as audit:
        audit.drop_column("act")
