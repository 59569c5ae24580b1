"""The bot's own record of aggregates: snapshots are forgotten after some time, what they came to is not."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "aggregates",
        sa.Column("indicator", sa.String(200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Double()),
        sa.PrimaryKeyConstraint("indicator", "day", name="pk_aggregates"),
    )


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("aggregates")
