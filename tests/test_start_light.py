"""The start stays light: what only papers, pictures and migrations need is imported where it is used (design §3, §7)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {'pandas', 'plotly', 'cv2', 'av', 'fpdf', 'docx', 'scipy', 'xlsxwriter', 'PIL', 'pikepdf', 'pypdfium2', 'pypinyin', 'alembic'}
BUILD = """
import json, sys
from pathlib import Path
from app.main import build
from app.settings import LOOPBACK, Settings
home = Path(sys.argv[1])
build(Settings(home=home, keys=home.with_name('keys'), database=f'sqlite:///{home}/dingji.db', host='127.0.0.1', port=8080, names=LOOPBACK,
               origins=('http://127.0.0.1:8080',)))
print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))
"""


def imported(home: Path) -> set[str]:
    """Return the top-level modules of a process that has built the whole application."""
    said = subprocess.run([sys.executable, '-c', BUILD, str(home)], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return set(json.loads(said.splitlines()[-1]))


def test_building_the_application_on_existing_data_imports_nothing_heavy(tmp_path: Path) -> None:
    home = tmp_path / 'data'
    home.mkdir()
    first = imported(home)
    assert {'nicegui', 'sqlmodel', 'alembic'} <= first  # the first start makes the tables
    assert imported(home) & HEAVY == set()
