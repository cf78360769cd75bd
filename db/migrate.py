"""Bring a database to the newest tables; costs one query when nothing is to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect

from db.session import Engines

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / 'migrations'


def newest() -> str:
    """Return the number of the newest migration, the four digits its file begins with."""
    return max(p.name[:4] for p in (FOLDER / 'versions').glob('[0-9]*.py'))


def version_of(engines: Engines) -> str:
    """Return the number of the last migration a database has, '' for a fresh one."""
    with engines.read.connect() as connection:
        if not inspect(connection).has_table('alembic_version'):
            return ''
        return str(connection.exec_driver_sql('SELECT version_num FROM alembic_version').scalar() or '')


def migrate(engines: Engines) -> bool:
    """Upgrade to the newest tables; returns whether anything was done. raises RuntimeError for a database of a newer program."""
    have, want = version_of(engines), newest()
    if have == want:
        return False
    if have > want:
        raise RuntimeError(f'数据目录由更新的程序版本（{have}）建立，本程序只到{want}；请使用新版本程序打开。')
    from alembic import command

    command.upgrade(settings(engines.url), 'head')
    return True


def settings(url: str) -> Config:
    """Return Alembic's settings for a database address."""
    from alembic.config import Config

    config = Config()
    config.set_main_option('script_location', FOLDER.as_posix().replace('%', '%%'))
    config.attributes['url'] = url
    return config


def make(message: str, scratch_url: str) -> None:
    """Write the migration from the newest tables' state to the models; `scratch_url` is an empty database."""
    from alembic import command

    config = settings(scratch_url)
    number = f'{int(newest()) + 1:04d}' if any((FOLDER / 'versions').glob('[0-9]*.py')) else '0001'
    command.upgrade(config, 'head')
    command.revision(config, message=message, autogenerate=True, rev_id=number)
