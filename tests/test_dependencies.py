"""What is installed is what the lists say, and nothing known to be unsafe (security.md, Dependencies)."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
LISTS = ('requirements.txt', 'tests/requirements.txt')
LOWEST = {
    'starlette': '1.3.1', 'python-multipart': '0.0.27', 'python-socketio': '5.16.2', 'h11': '0.16.0', 'pillow': '13.0.0', 'fpdf2': '2.8.9',
}  # known faults below these
PINNED = {'nicegui': '3.18.0'}  # the gate and the nonce rest on its insides; a newer one needs the browser and gate tests first
LINE = re.compile(r'(?P<name>[A-Za-z0-9._-]+)(\[\w+\])?==(?P<version>\S+) +# \S.{8,}')


def faults(text: str) -> list[str]:
    """Return the lines of a list that are not an exact version with its reason."""
    lines = [line for line in text.splitlines() if line and not line.startswith(('#', '-r '))]
    return [line for line in lines if not LINE.fullmatch(line)]


def pins() -> dict[str, str]:
    found = [LINE.match(line) for name in LISTS for line in (ROOT / name).read_text(encoding='utf-8').splitlines()]
    return {match['name']: match['version'] for match in found if match}


@pytest.mark.parametrize('name', LISTS)
def test_every_package_has_an_exact_version_and_a_reason(name: str) -> None:
    assert faults((ROOT / name).read_text(encoding='utf-8')) == []


@pytest.mark.parametrize('line', ['numpy', 'numpy>=2  # arrays of QR modules', 'numpy==2.4.6', 'numpy==2.4.6  #'])
def test_a_loose_line_is_found(line: str) -> None:
    assert faults(f'# heading\n-r other.txt\n\n{line}\n') == [line]


def test_installed_is_what_is_pinned() -> None:
    assert {name: version(name) for name in pins()} == pins()


def test_no_package_is_below_its_lowest_safe_version() -> None:
    assert {name: version(name) for name, lowest in LOWEST.items() if Version(version(name)) < Version(lowest)} == {}


def test_packages_with_a_lowest_version_are_pinned_by_us() -> None:
    assert LOWEST.keys() - {name.lower() for name in pins()} == set()


def test_nicegui_is_the_version_the_gate_was_written_for() -> None:
    assert {name: version(name) for name in PINNED} == PINNED
