"""Alembic's environment; configured by db/migrate.py, never by an ini file."""

from alembic import context
from sqlalchemy import create_engine

from db.tables import METADATA

engine = create_engine(context.config.attributes['url'])
with engine.connect() as connection:
    if connection.dialect.name == 'sqlite':
        connection.exec_driver_sql('PRAGMA foreign_keys=OFF')  # a batch rebuild of a parent table drops it first
        connection.commit()
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    if connection.dialect.name == 'sqlite' and (broken := connection.exec_driver_sql('PRAGMA foreign_key_check').all()):
        raise RuntimeError(f'foreign keys broken by the migration: {broken[:3]}')
engine.dispose()
