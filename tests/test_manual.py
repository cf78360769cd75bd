"""README.md and the manual are true: pictures stand there and are light, names in bold stand on the screen, the map names what exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from pages.help import MANUAL, chapters, title_of

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / 'README.md').read_text(encoding='utf-8')
MOST_BYTES = 200 << 10
PICTURE = re.compile(r'!\[([^\]]*)\]\(([^)]+)\)')


def test_every_picture_stands_in_the_manual_and_each_is_shown_with_words() -> None:
    shown = {(words, MANUAL / name) for text in chapters().values() for words, name in PICTURE.findall(text)}
    shown |= {(words, ROOT / name) for words, name in PICTURE.findall(README)}
    assert {path for _, path in shown} == set(MANUAL.glob('*.png'))
    assert [path.name for words, path in shown if not words.strip()] == []
    assert [(path.name, path.stat().st_size) for _, path in shown if path.stat().st_size > MOST_BYTES] == []
    assert len(PICTURE.findall(README)) == 4


def test_chapters_are_numbered_in_their_order() -> None:
    assert [title_of(text)[:2] for text in chapters().values()] == [f'{n} ' for n in range(1, len(chapters()) + 1)]


@pytest.mark.parametrize('chapter', chapters())
def test_what_stands_in_bold_stands_on_the_screen(chapter: str, screen: list[re.Pattern[str]]) -> None:
    names = re.findall(r'\*\*([^*]+)\*\*', chapters()[chapter])
    assert [name for name in names if not any(text.fullmatch(name.replace('…', 'X')) for text in screen)] == []
    assert names


@pytest.fixture(scope='module')
def screen() -> list[re.Pattern[str]]:
    """Every Chinese text of our source as a pattern; what it inserts may be anything."""
    found = set()
    for path in (path for floor in ('pages', 'app') for path in (ROOT / floor).rglob('*.py')):
        for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            found.add(''.join(re.escape(p.value) if isinstance(p, ast.Constant) and isinstance(p.value, str) else '.{1,20}' for p in parts))
    for path in (ROOT / 'pages').rglob('*.html'):
        found |= set(map(re.escape, re.findall(r'>([^<>{}]+)<', path.read_text(encoding='utf-8'))))
    for path in (ROOT / 'pages').rglob('*.js'):
        found |= set(map(re.escape, re.findall(r"['>]([^'<>{}\n]+)['<]", path.read_text(encoding='utf-8'))))
    return [re.compile(text) for text in found if re.search('[\u4e00-\u9fff]', text)]


def test_the_map_names_only_what_exists() -> None:
    drawn = re.search(r'## Map of the house\n(.*?)\n## ', README, re.S)
    assert drawn
    floor, found = ROOT, set()
    for indent, listed in re.findall(r'^( {4}| {6})(\S.*?)(?: {2,}|$)', drawn[1], re.M):
        names = [name for name in listed.split() if re.fullmatch(r'[\w./]+', name)]
        if len(indent) == 4 and names[0].endswith('/'):
            floor = ROOT / names[0]
        found |= {(ROOT if len(indent) == 4 else floor) / name for name in names}
    assert sorted(str(path.relative_to(ROOT)) for path in found if not path.exists()) == []
    assert len(found) > 100
