"""What a PDF says and shows, read back by poppler: for tests of papers only."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def text_of(pdf: bytes, *, layout: bool = True) -> str:
    """Return the text of a PDF, in lines as printed."""
    return _run('pdftotext', *(['-layout'] if layout else []), '-', '-', given=pdf).decode()


def drawn_text_of(pdf: bytes) -> str:
    """Return the text of a PDF in the order it was drawn: tables cell by cell, whatever stands beside a cell."""
    return _run('pdftotext', '-raw', '-', '-', given=pdf).decode()


def pictures_of(pdf: bytes, folder: Path, *, dpi: int = 150) -> list[Path]:
    """Return one PNG for each page."""
    (folder / 'paper.pdf').write_bytes(pdf)
    _run('pdftoppm', '-r', str(dpi), '-png', str(folder / 'paper.pdf'), str(folder / 'page'))
    return sorted(folder.glob('page*.png'))


def codes_of(picture: Path) -> list[str]:
    """Return the texts of the QR codes of a picture."""
    import zxingcpp
    from PIL import Image

    return [code.text for code in zxingcpp.read_barcodes(Image.open(picture).convert('L'))]


def without_blanks(text: str) -> str:
    """Return a text as one run of characters: columns and line ends do not count."""
    return ''.join(text.split())


def in_order(text: str, words: list[str]) -> list[str]:
    """Return the words that do not follow each other in a text; empty when all stand in this order."""
    run, at, lost = without_blanks(text), 0, []
    for word in words:
        found = run.find(without_blanks(word), at)
        if found < 0:
            lost.append(word)
        else:
            at = found + 1
    return lost


def _run(tool: str, *args: str, given: bytes = b'') -> bytes:
    if shutil.which(tool) is None:
        if os.environ.get('CI'):
            pytest.fail(f'{tool} is missing; .ci/run installs poppler-utils')
        pytest.skip(f'{tool} is not installed: apt install poppler-utils')
    return subprocess.run([tool, *args], input=given, capture_output=True, check=True).stdout
