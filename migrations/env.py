"""Runs migrations inside the transaction that `coach.store.migrate` opened."""

from alembic import context

from coach.store.rows import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    compare_server_default=True,
    transactional_ddl=True,
)
context.run_migrations()
