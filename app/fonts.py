"""The fonts of papers: which face has a character, how wide a text is, where lines break, and the cut that a paper carries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.findings import Finding, refuse_blocks

if TYPE_CHECKING:
    import uharfbuzz as hb

Style = Literal['宋', '宋粗', '黑', '黑粗', '楷', '仿宋']
Face = Literal['song', 'song-bold', 'hei', 'hei-bold', 'kai', 'fang']

FOLDER = Path(__file__).parent.parent / 'assets' / 'fonts'
FILES: Mapping[Face, str] = {
    'song': 'song.ttf', 'song-bold': 'song-bold.ttf', 'hei': 'hei.ttf', 'hei-bold': 'hei-bold.ttf', 'kai': 'kai.ttf', 'fang': 'fang.otf',
}
OWN: Mapping[Style, tuple[Face, ...]] = {
    '宋': ('song',), '宋粗': ('song-bold', 'song'), '黑': ('hei',), '黑粗': ('hei-bold', 'hei'), '楷': ('kai',), '仿宋': ('fang',),
}
LAST: tuple[Face, ...] = ('kai', 'song')  # where every style looks last: 楷 for names, then 宋, so that all styles can print the same characters
BOXES = '□☑'  # side by side on one line, so always from one face
MM = 25.4 / 72  # millimetres of a point

_NOT_FIRST = set('，。、；：？！）》”’】〉」』〕］｝,.;:?!)]}%％℃…·')  # no line starts with these
_NOT_LAST = set('（《“‘【〈「『〔［｛([{□☑')  # no line ends with these


def width_mm(text: str, style: Style, pt: float, spacing_pt: float = 0) -> float:
    """Return how wide a text of one line is at `pt` points, with `spacing_pt` after each character; a missing character counts one em."""
    em = sum(_advance(face, character) if (face := face_of(character, style)) else 1.0 for character in text)
    return (em * pt + spacing_pt * len(text)) * MM


def lines_of(text: str, style: Style, pt: float, width: float, spacing_pt: float = 0) -> list[str]:
    """Break a text into lines of at most `width` mm: at its own line ends, between hanzi, between words; at least one line.

    No line starts with closing signs or ends with opening ones; a word longer than a line (a number of 22 positions in a
    narrow cell) is broken anywhere.
    """
    return [line for paragraph in text.split('\n') for line in _wrapped(paragraph, style, pt, width, spacing_pt)]


def baseline(leading: float, pt: float) -> float:
    """Return how far below the top of its line the baseline of a Chinese text lies, mm."""
    return (leading - pt * MM) / 2 + 0.88 * pt * MM


def runs(text: str, style: Style) -> list[tuple[Face, str]]:
    """Split a text where the face changes: '吉𠮷' in 宋 → [('song', '吉'), ('kai', '𠮷')]; ValueError when no face has a character."""
    own = OWN[style][0]
    if covers(own).issuperset(text) and not any(box in text for box in BOXES):
        return [(own, text)] if text else []
    pieces: list[tuple[Face, str]] = []
    for face, piece in groupby(text, lambda character: face_of(character, style)):
        if face is None:
            raise ValueError(f'characters were not checked before drawing: {text!r}')
        pieces.append((face, ''.join(piece)))
    return pieces


@lru_cache(maxsize=65536)
def face_of(character: str, style: Style) -> Face | None:
    """Return the first face of the style's chain that has the character, or None."""
    chain = LAST[::-1] if character in BOXES else OWN[style] + LAST
    return next((face for face in chain if character in covers(face)), None)


def check_printable(texts: Iterable[tuple[str, str]]) -> None:
    """Refuse characters that no font has; all of them are named, with code point and place.

    texts: (where it stands, the text), e.g. ('第3行“姓名”栏', '张𫠟'); all styles print the same characters
    source: design §2.6 (nothing prints with an empty box for an unknown character)
    """
    refuse_blocks(missing(texts))


def missing(texts: Iterable[tuple[str, str]]) -> list[Finding]:
    """Return a finding for each text and character that no font has, in order; see check_printable."""
    known = covers('kai') | covers('song') | {'\n'}
    unknown = [(where, text, c) for where, text in texts if not known.issuperset(text) for c in dict.fromkeys(text) if c not in known]
    return [
        Finding('', 'block', where, f'“{c if c.isprintable() or c > "　" else "控制字符"}”（U+{ord(c):04X}）在{where}“{_excerpt(text, c)}”处：'
                '打印字体中没有此字，请核对录入是否有误；确为此字的，请联系系统管理员补充打印字体后再打印。')
        for where, text, c in dict.fromkeys(unknown)
    ]


def cut(wanted: Mapping[Face, Iterable[str]], folder: Path) -> dict[Face, Path]:
    """Write each face, cut to the wanted characters, into `folder`; 2 to 30 ms a face, so once a paper or batch.

    wanted: {face: characters}; returns {face: file with the suffix that fpdf2 asks for}
    """
    import uharfbuzz as hb

    made: dict[Face, Path] = {}
    for face, characters in sorted(wanted.items()):
        want = hb.SubsetInput()
        want.unicode_set.update({ord(c) for c in characters})
        for table in ('GSUB', 'GPOS', 'GDEF', 'vhea', 'vmtx', 'BASE', 'STAT', 'VORG'):  # papers are not shaped nor vertical
            want.drop_table_tag_set.add(int.from_bytes(table.encode(), 'big'))
        made[face] = folder / FILES[face]
        made[face].write_bytes(bytes(hb.subset(_face(face), want).blob.data))
    return made


@lru_cache
def covers(face: Face) -> frozenset[str]:
    """Return every character that a face has."""
    return frozenset(map(chr, _face(face).unicodes))


@lru_cache
def _face(face: Face) -> hb.Face:
    import uharfbuzz as hb

    return hb.Face(hb.Blob.from_file_path(str(FOLDER / FILES[face])))


@lru_cache
def _font(face: Face) -> hb.Font:
    import uharfbuzz as hb

    return hb.Font(_face(face))


@lru_cache(maxsize=65536)
def _advance(face: Face, character: str) -> float:
    glyph = _font(face).get_nominal_glyph(ord(character)) or 0
    return float(_font(face).get_glyph_h_advance(glyph)) / float(_face(face).upem)


def _excerpt(text: str, character: str) -> str:
    at = text.index(character)
    start, end = max(0, at - 10), at + 11
    return ('…' if start else '') + text[start:end].replace('\n', ' ') + ('…' if end < len(text) else '')


def _wrapped(paragraph: str, style: Style, pt: float, width: float, spacing_pt: float) -> list[str]:
    if width_mm(paragraph, style, pt, spacing_pt) <= width:
        return [paragraph.rstrip(' ')]
    lines, line, used = [], '', 0.0
    for piece in _pieces(paragraph, style, pt, width, spacing_pt):
        wide = width_mm(piece, style, pt, spacing_pt)
        if line and used + wide > width + 0.01 and piece != ' ':
            lines.append(line.rstrip(' '))
            line, used = '', 0.0
        line, used = line + piece, used + wide
    return [*lines, line.rstrip(' ')]


def _pieces(paragraph: str, style: Style, pt: float, width: float, spacing_pt: float) -> list[str]:
    """Split into what may stand alone at a line's start: a hanzi with the signs that cling to it, a Latin word, a blank."""
    pieces: list[str] = []
    for character in paragraph:
        last = pieces[-1] if pieces else ''
        clings = bool(last) and last != ' ' and (
            (_latin(last[-1]) and _latin(character)) or character in _NOT_FIRST or last[-1] in _NOT_LAST)
        if clings and width_mm(last + character, style, pt, spacing_pt) <= width:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _latin(character: str) -> bool:
    return character != ' ' and character < '⺀' and character not in BOXES and character not in '—…'
