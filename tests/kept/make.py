"""Keep the data folder as it is at the end of an issue: `python -m tests.kept.make issue-1`; later versions must upgrade it.

A kept folder is never made anew once it has landed.
"""

from __future__ import annotations

import gzip
import sqlite3
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path

from app.house import House, house, open_house
from app.sealed import MASTER, open_keys
from app.words import CHINA
from db.migrate import migrate
from db.session import Engines

FOLDER = Path(__file__).parent
KEY = bytes(range(32))  # nothing real is sealed with it


def keys_in(folder: Path) -> Path:
    """Return a keys folder that holds the kept key."""
    folder.mkdir(mode=0o700)
    (folder / MASTER).write_bytes(KEY)
    (folder / MASTER).chmod(0o600)
    return folder


def main(name: str) -> None:
    """Write `<name>.sql.gz`: one organisation, one batch carried to its certificates."""
    from tests import make
    from tests.journeys.test_spine import approved, enter_all, publicized, sign_all

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        engines = Engines(f'sqlite:///{folder / "dingji.db"}')
        migrate(engines)
        open_house(House(engines, open_keys(keys_in(folder / 'keys')), folder))
        made = make.world()
        make.batch(made)
        enter_all(made, {2: {'theory': '59.9'}}, round_no=1, by='scorer')
        enter_all(made, {2: {'theory': '59.9'}}, round_no=2, by='second')
        sign_all(made)
        publicized(made)
        approved(made, datetime(2026, 11, 11, 9, tzinfo=CHINA), date(2026, 11, 12))
        house().engines.close()
        with sqlite3.connect(folder / 'dingji.db') as db:
            text = '\n'.join(db.iterdump())
    (FOLDER / f'{name}.sql.gz').write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == '__main__':
    main(sys.argv[1])
