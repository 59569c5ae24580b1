"""Of people only the language is kept in which they set up private alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop what nothing ever wrote."""
    with op.batch_alter_table("people") as people:
        people.drop_column("theme")
        people.drop_column("default_window")


def downgrade() -> None:
    """Bring the columns back, empty."""
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("theme", sa.Text(), nullable=True))
        people.add_column(sa.Column("default_window", sa.Text(), nullable=True))
