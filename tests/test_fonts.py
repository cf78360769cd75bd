"""Fonts of papers: what they cover, where lines break, and what is refused before printing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.fonts import FILES, FOLDER, OWN, Style, check_printable, covers, cut, face_of, lines_of, missing, runs, width_mm

STYLES: list[Style] = list(OWN)
RARE = '𠮷㛃𰻞䶮堃喆·'


def gbk() -> set[str]:
    found = set()
    for first in range(0x81, 0xFF):
        for second in range(0x40, 0xFF):
            try:
                found.add(bytes((first, second)).decode('gbk'))
            except UnicodeDecodeError:
                continue
    return {c for c in found if '一' <= c <= '龥'}


@pytest.mark.parametrize('style', STYLES)
def test_every_style_prints_all_hanzi_of_gbk_and_the_rare_ones_of_names(style: Style) -> None:
    assert [c for c in sorted(gbk() | set(RARE) | set('□☑①〔〕—～℃㎡')) if face_of(c, style) is None] == []


def test_all_names_of_gbk_stand_in_song_alone() -> None:
    assert len(gbk()) == 20902
    assert gbk() - covers('song') == set()


def test_the_face_changes_only_for_what_the_style_lacks() -> None:
    assert runs('吉𠮷吉', '宋') == [('song', '吉'), ('kai', '𠮷'), ('song', '吉')]
    assert runs('合格', '仿宋') == [('fang', '合格')]
    assert runs('', '楷') == []


def test_empty_and_ticked_boxes_come_from_one_face() -> None:
    assert {face for style in STYLES for face, piece in runs('□☑', style)} == {'song'}


def test_a_character_no_font_has_is_named_with_its_place() -> None:
    with pytest.raises(Refused) as refused:
        check_printable([('第2行“姓名”栏', '赵甲子'), ('第3行“姓名”栏', '张𫠟')])
    assert refused.value.sentence == ('“𫠟”（U+2B81F）在第3行“姓名”栏“张𫠟”处：打印字体中没有此字，请核对录入是否有误；'
                                      '确为此字的，请联系系统管理员补充打印字体后再打印。')


def test_all_missing_characters_are_found_at_once() -> None:
    found = missing([('甲', '𫠟\x07'), ('乙', '好'), ('丙', '😀')])
    assert [(f.subject, f.severity) for f in found] == [('甲', 'block'), ('甲', 'block'), ('丙', 'block')]
    assert '控制字符”（U+0007）' in found[1].sentence


def test_unchecked_missing_characters_are_our_mistake() -> None:
    with pytest.raises(ValueError, match='not checked'):
        runs('张𫠟', '宋')


def test_widths_are_those_of_the_faces() -> None:
    assert width_mm('合格', '宋', 72) == pytest.approx(2 * 25.4)
    assert width_mm('合格', '宋', 72, spacing_pt=-36) == pytest.approx(25.4)
    assert width_mm('iii', '宋', 12) < width_mm('合格', '宋', 12)


def test_signs_do_not_stand_at_the_wrong_end_of_a_line() -> None:
    width = width_mm('一二三四', '宋', 12)
    assert lines_of('一二三四，五六七（八）', '宋', 12, width) == ['一二三', '四，五六', '七（八）']
    assert lines_of('一二三（四五', '宋', 12, width) == ['一二三', '（四五']
    assert lines_of('一二三☑是', '宋', 12, width) == ['一二三', '☑是']


def test_words_stay_whole_unless_longer_than_a_line() -> None:
    width = width_mm('一二三四', '宋', 12)
    assert lines_of('甲乙丙 word 丁', '宋', 12, width) == ['甲乙丙', 'word 丁']
    assert ''.join(lines_of('S000099010001264000119', '宋', 12, width)) == 'S000099010001264000119'


def test_own_line_ends_and_empty_lines_are_kept() -> None:
    assert lines_of('一\n\n二', '宋', 12, 100) == ['一', '', '二']


@given(st.text(alphabet='一二（）“”，。AB 1☑\n', max_size=60), st.floats(min_value=5, max_value=60))
def test_lines_lose_nothing_and_fit(text: str, width: float) -> None:
    lines = lines_of(text, '宋', 12, width)
    assert ''.join(lines).replace(' ', '') == text.replace('\n', '').replace(' ', '')
    assert all(width_mm(line, '宋', 12) <= width + 0.1 for line in lines)


def test_a_cut_face_holds_what_is_asked_and_little_else(tmp_path: Path) -> None:
    from fontTools.ttLib import TTFont

    made = cut({'song': '合格☑', 'fang': '合格'}, tmp_path)
    assert {face: path.suffix for face, path in made.items()} == {'song': '.ttf', 'fang': '.otf'}
    for face, path in made.items():
        with TTFont(path) as font:
            assert set(map(chr, font.getBestCmap())) == set('合格☑' if face == 'song' else '合格')
        assert path.stat().st_size < 5000


def test_the_fonts_are_small_enough_and_each_has_its_licence() -> None:
    assert sum((FOLDER / name).stat().st_size for name in FILES.values()) < 45_000_000
    readme = (FOLDER / 'README.md').read_text(encoding='utf-8')
    assert [name for name in FILES.values() if f'`{name}`' not in readme] == []
    assert {path.name for path in FOLDER.glob('LICENSE-*.txt')} == {f'LICENSE-{face}.txt' for face in ('song', 'hei', 'kai', 'fang')}
