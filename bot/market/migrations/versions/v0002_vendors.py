"""What the ingester remembers between runs: vendors' health and companies' pages."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "vendor_health",
        sa.Column("vendor", sa.String(40), nullable=False),
        sa.Column("last_success", moment),
        sa.Column("last_failure", moment),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("resume_at", moment),
        sa.PrimaryKeyConstraint("vendor", name="pk_vendor_health"),
    )
    op.create_table(
        "company_pages",
        sa.Column("symbol", sa.String(40), nullable=False),
        sa.Column("vendor_symbol", sa.String(40), nullable=False),
        sa.Column("visited_at", moment, nullable=False),
        sa.Column("fetched_at", moment),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("symbol", name="pk_company_pages"),
    )


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("company_pages")
    op.drop_table("vendor_health")
