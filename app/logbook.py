"""The log: ten files of 5 MB in the data folder; ID numbers and phone numbers are covered before a line is written."""

from __future__ import annotations

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILES, FILE_BYTES = 10, 5_000_000
_PERSONAL = re.compile(r'(?<![0-9A-Za-z])(\d{4})(?:\d{10}(\d{3}[\dXx])|\d{3}(\d{4}))(?![0-9A-Za-z])')


class Covering(logging.Formatter):
    """Covers 18-digit ID numbers and 11-digit mobile numbers anywhere in a line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return cover(super().format(record))


def cover(text: str) -> str:
    """Return a text whose ID and mobile numbers keep their first and last four digits only."""
    return _PERSONAL.sub(lambda m: f'{m[1]}{"*" * (len(m[0]) - 8)}{m[2] or m[3]}', text)


def open_log(home: Path) -> None:
    """Write the log of this process to the data folder, warnings to the terminal as well."""
    folder = home / 'log'
    folder.mkdir(mode=0o700, exist_ok=True)
    form = Covering('%(asctime)s %(levelname)s %(name)s %(message)s')
    kept = RotatingFileHandler(folder / 'dingji.log', maxBytes=FILE_BYTES, backupCount=FILES - 1, encoding='utf-8')
    shown = logging.StreamHandler()
    shown.setLevel(logging.ERROR)
    for handler in (kept, shown):
        handler.setFormatter(form)
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.handlers[:] = [kept, shown]
    for chatty in ('alembic', 'uvicorn', 'websockets', 'engineio', 'socketio', 'fontTools', 'fpdf'):
        logging.getLogger(chatty).setLevel(logging.WARNING)
