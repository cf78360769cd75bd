"""What is installed is what the lists and their locks say, and nothing known to be unsafe (security.md, Dependencies)."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from importlib.metadata import requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
LISTS = ('requirements.txt', 'tests/requirements.txt')
LOWEST = {
    'starlette': '1.3.1', 'python-multipart': '0.0.27', 'python-socketio': '5.16.2', 'h11': '0.16.0', 'pillow': '13.0.0', 'fpdf2': '2.8.9',
}  # known faults below these
PINNED = {'nicegui': '3.18.0'}  # the gate and the nonce rest on its insides; a newer one needs the browser and gate tests first
LOCKS = ('requirements.lock', 'tests/requirements.lock')  # made from them by .ci/lock; the second holds both
LINE = re.compile(r'(?P<name>[A-Za-z0-9._-]+)(?P<extras>\[\w+\])?==(?P<version>\S+) +# \S.{8,}')
PACKAGE = re.compile(r'(?P<name>[a-z0-9.-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>.+?))? \\')
HASH = re.compile(r' {4}--hash=sha256:[0-9a-f]{64}(?: \\)?')


def faults(text: str) -> list[str]:
    """Return the lines of a list that are not an exact version with its reason."""
    lines = [line for line in text.splitlines() if line and not line.startswith(('#', '-r '))]
    return [line for line in lines if not LINE.fullmatch(line)]


def pins(lists: Sequence[str] = LISTS) -> dict[str, str]:
    found = [LINE.match(line) for name in lists for line in (ROOT / name).read_text(encoding='utf-8').splitlines()]
    return {match['name']: match['version'] for match in found if match}


def locked(text: str) -> tuple[dict[str, tuple[str, str, int]], list[str]]:
    """Return {normal name: (version, marker, hashes)} of a lock, and the lines that are neither a package nor a hash."""
    found: dict[str, tuple[str, str, int]] = {}
    odd, name = [], ''
    for line in text.splitlines():
        if package := PACKAGE.fullmatch(line):
            name = canonicalize_name(package['name'])
            odd += [line] * (name in found)
            found[name] = (package['version'], package['marker'] or '', 0)
        elif HASH.fullmatch(line) and name:
            found[name] = (*found[name][:2], found[name][2] + 1)
        else:
            odd.append(line)
    return found, odd


def lock(name: str) -> dict[str, tuple[str, str, int]]:
    return locked((ROOT / name).read_text(encoding='utf-8'))[0]


def needed() -> set[str]:
    """Return what our packages need here, directly and through others, by the metadata of what is installed."""
    found: set[str] = set()
    queue = [Requirement(f'{match["name"]}{match["extras"] or ""}') for name in LISTS for line in (ROOT / name).read_text(encoding='utf-8').splitlines()
             if (match := LINE.match(line))]
    seen = set()
    while queue:
        asked = queue.pop()
        if (key := (canonicalize_name(asked.name), frozenset(asked.extras))) in seen:
            continue
        seen.add(key)
        found.add(key[0])
        for text in requires(asked.name) or ():
            further = Requirement(text)
            if further.marker is None or any(further.marker.evaluate({'extra': extra}) for extra in (*asked.extras, '')):
                queue.append(further)
    return found


@pytest.mark.parametrize('name', LOCKS)
def test_a_lock_holds_exact_versions_with_hashes_and_names_no_place(name: str) -> None:
    packages, odd = locked((ROOT / name).read_text(encoding='utf-8'))
    assert odd == []
    assert [package for package, (_, _, hashes) in packages.items() if not hashes] == []
    assert packages['numpy'][2] > 40  # files for every system and Python, not for this machine alone
    assert packages['tzdata'][1] == "sys_platform == 'win32'"  # what only other systems need


@pytest.mark.parametrize('line', [
    '--index-url https://pypi.example/simple', 'numpy>=2', 'numpy==2.4.6', '# made by hand', './package', '    --hash=md5:00', 'numpy==2.4.6 \\'])
def test_a_line_that_does_not_belong_into_a_lock_is_found(line: str) -> None:
    packages, odd = locked(f'idna==3.20 \\\n    --hash=sha256:{"0" * 64}\n{line}\n')
    assert odd == [line] or [name for name, (_, _, hashes) in packages.items() if not hashes]


@pytest.mark.parametrize('name', LOCKS)
def test_a_lock_is_of_its_list(name: str) -> None:
    wanted = {canonicalize_name(k): v for k, v in pins(LISTS[:LOCKS.index(name) + 1]).items()}
    kept = lock(name)
    assert {package: kept[package][0] if package in kept else '' for package in wanted} == wanted


def test_the_two_locks_agree() -> None:
    own, tools = (lock(name) for name in LOCKS)
    assert {name: found for name, found in own.items() if tools.get(name) != found} == {}


def test_whatever_our_packages_need_here_is_locked_as_it_is_installed() -> None:
    kept = lock(LOCKS[1])
    assert {name: version(name) for name in needed()} == {name: kept[name][0] if name in kept else '' for name in needed()}
    assert len(needed()) > len(pins())


def test_readme_says_how_the_locks_are_made() -> None:
    assert '.ci/lock' in (ROOT / 'README.md').read_text(encoding='utf-8')
    assert os.access(ROOT / '.ci' / 'lock', os.X_OK) or os.name == 'nt'


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
