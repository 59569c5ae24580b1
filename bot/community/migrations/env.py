"""Alembic's entry: runs the steps on the connection that ``bot.community.database.migrate`` hands over."""

from alembic import context

from bot.community.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table="community_version",  # both may share one PostgreSQL database
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
