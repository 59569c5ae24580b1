"""Symbols that the vendor said it has no longer, and since when: what is gone for good is no error for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "absences",
        sa.Column("symbol", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("asked", sa.Date(), nullable=False),
        sa.Column("ended", sa.Date()),
        sa.PrimaryKeyConstraint("symbol", name="pk_absences"),
    )


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("absences")
