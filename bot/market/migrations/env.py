"""Alembic's entry: runs the steps on the connection that ``bot.market.store.migrate`` hands over."""

from alembic import context

from bot.market.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table="market_version",  # both may share one PostgreSQL database
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
