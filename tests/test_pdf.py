"""PDF papers: layout, pages, merged cells, letters, pictures and codes, and the same bytes for the same record."""

from __future__ import annotations

import io
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import zxingcpp
from PIL import Image

from app.cells import Cell, head_names, placed, ticks
from app.errors import Refused
from app.fonts import width_mm
from app.letters import Letter, letter_pdf, letter_sheets, title_lines
from app.pdf import Paper
from app.sheets import Frame, Sheets, Text
from tests.papers.read import text_of, without_blanks

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LETTER = Letter(
    '明川市人力资源和社会保障局（演示）', '明人社函〔2026〕31号', '关于同意明川市启帆职业培训学校（演示）社会培训评价组织备案的函', '明川市启帆职业培训学校（演示）',
    ('函复如下：', '一、备案范围', '同意你单位备案。' * 60), ('职业技能等级评价职业/工种目录', '诚信承诺书'), on=date(2026, 11, 23))


def jpeg(shade: int = 200) -> bytes:
    out = io.BytesIO()
    Image.new('RGB', (295, 413), (shade, 80, 80)).save(out, 'JPEG')
    return out.getvalue()


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def texts(sheets: Sheets) -> list[list[Text]]:
    return [page.texts for page in sheets.pages]


def lines_on_pages(letter: Letter) -> list[list[Text]]:
    return texts(letter_sheets(letter))


def words(sheets: Sheets) -> list[list[str]]:
    return [[text.text for text in page] for page in texts(sheets)]


def roster(rows: int) -> Paper:
    paper = Paper('合格人员名册', form='F-PASS', batch='2026-003', printed_at=AT)
    return paper.table(['序号', '姓名'], [[str(n), '赵甲子'] for n in range(1, rows + 1)], [1, 3])


def pictures_of(page: pikepdf.Page) -> list[bytes]:
    used = {str(operands[0]) for operands, operator in pikepdf.parse_content_stream(page) if str(operator) == 'Do'}
    return [page.Resources.XObject[name].read_raw_bytes() for name in used]


def codes_of(page: pikepdf.Page) -> list[str]:
    """Read the QR codes of a page back from its drawn rectangles."""
    found = []
    unit = rows = None
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == 'cm' and float(operands[3]) < 0:
            unit, rows = float(operands[0]), []
        elif str(operator) == 're' and rows is not None:
            rows.append([int(value) for value in operands])
        elif str(operator) == 'f' and rows:
            size = max(x + w for x, _, w, _ in rows)
            dark = np.full((size + 8, size + 8), 255, np.uint8)
            for x, y, w, h in rows:
                dark[y + 4:y + 4 + h, x + 4:x + 4 + w] = 0
            assert unit is not None and size * unit == pytest.approx(30 * 72 / 25.4, abs=0.1)
            found += [code.text for code in zxingcpp.read_barcodes(dark.repeat(4, 0).repeat(4, 1))]
            rows = None
    return found


def test_the_same_record_gives_the_same_bytes() -> None:
    assert roster(60).signature('制表').to_bytes() == roster(60).signature('制表').to_bytes()
    assert letter_pdf(LETTER, printed_at=AT) == letter_pdf(LETTER, printed_at=AT)


def test_foot_names_form_batch_print_time_and_page_of_pages() -> None:
    pages = words(roster(60).sheets())
    assert [page[-2:] for page in pages] == [
        ['F-PASS　批次 2026-003　打印时间 2026-11-23 09:00', f'第{n}页 共{len(pages)}页'] for n in range(1, len(pages) + 1)]
    assert len(pages) > 1


def test_a_blank_paper_has_no_print_time_and_rows_high_enough_for_a_hand() -> None:
    sheets = Paper('考场情况记录表', form='F-ROOMREC').table(['序号', '情况'], [], [1, 5], blank=3).sheets()
    assert words(sheets) == [['考场情况记录表', '序号', '情况', 'F-ROOMREC', '第1页 共1页']]
    heights = [item.h for item in sheets.pages[0].items if isinstance(item, Frame)]
    assert heights[2:] == [8.0] * 6


def test_heads_are_repeated_on_every_page_and_no_row_is_lost() -> None:
    pages = words(roster(60).sheets())
    assert [page[page.index('序号'):][:2] for page in pages] == [['序号', '姓名']] * len(pages)
    assert [text for page in pages for text in page if text.isdigit()] == [str(n) for n in range(1, 61)]


def test_rows_stay_inside_the_margins() -> None:
    frames = [item for page in roster(90).sheets().pages for item in page.items if isinstance(item, Frame)]
    assert min(frame.y for frame in frames) >= 25
    assert max(frame.y + frame.h for frame in frames) <= 297 - 25
    assert {round(frame.x, 3) for frame in frames} == {20, 62.5}
    assert {round(frame.x + frame.w, 3) for frame in frames} == {62.5, 190}


@pytest.mark.parametrize('rows', range(20, 34))
def test_a_signature_never_stands_without_two_rows_of_its_table(rows: int) -> None:
    last = words(roster(rows).signature('制表').sheets())[-1]
    assert '制表：' in last
    assert sum(text.isdigit() for text in last) >= 2


def test_an_empty_table_says_so() -> None:
    assert words(roster(0).sheets())[0][:4] == ['合格人员名册', '序号', '姓名', '（无）']


def test_a_last_pair_alone_reaches_to_the_right_edge() -> None:
    sheets = Paper('表').rows([('姓名', '甲'), ('性别', '男'), ('单位', '乙')], columns=2, label_mm=25).sheets()
    assert [(i.x, i.w) for i in sheets.pages[0].items if isinstance(i, Frame)] == [(20, 25), (45, 60), (105, 25), (130, 60), (20, 25), (45, 145)]


def test_a_picture_stands_in_its_cell() -> None:
    pdf = opened(Paper('表').table([], [['甲', Cell(jpeg=jpeg(), picture_mm=(25, 35))]], [1, 1]).to_bytes())
    assert pictures_of(pdf.pages[0]) == [jpeg()]


def test_a_landscape_paper_lies_on_its_side() -> None:
    pdf = opened(Paper('表', landscape=True).line('甲', '乙').to_bytes())
    assert [round(float(v)) for v in pdf.pages[0].mediabox] == [0, 0, 842, 595]


def test_merged_heads_and_cells_cover_their_places() -> None:
    heads = [[Cell('姓名', rows=2), Cell('成绩', cols=2)], ['理论', '实操']]
    sheets = Paper('成绩').table(heads, [['赵甲子', Cell('缺考', cols=2)]], [2, 1, 1]).sheets()
    boxes = [(round(i.x, 1), round(i.w, 1)) for i in sheets.pages[0].items if isinstance(i, Frame)]
    assert boxes == [(20, 85), (105, 85), (105, 42.5), (147.5, 42.5), (20, 85), (105, 85)]
    assert head_names(heads, 3) == ['姓名', '理论', '实操']


@pytest.mark.parametrize('rows', [[['甲']], [['甲', '乙', '丙']], [[Cell('甲', rows=2), '乙']], [['甲', Cell('乙', cols=2)]]])
def test_cells_that_leave_holes_or_overlap_are_our_mistake(rows: list[list[Cell | str]]) -> None:
    with pytest.raises(ValueError):
        placed(rows, 2)


def test_a_long_text_goes_on_over_pages_without_losing_a_character() -> None:
    opinion = ''.join(chr(0x4E00 + n % 400) for n in range(4000))
    pages = texts(Paper('报告').text('意见', opinion, least_mm=60).sheets())
    assert len(pages) > 1
    assert ''.join(t.text for page in pages for t in page if t.x == pytest.approx(20 + 38 + 1.2)) == opinion
    assert [sum(t.text == '意见' for t in page) for page in pages] == [1] * len(pages)


def test_a_merged_cell_over_several_pages_says_its_text_on_each() -> None:
    rows = [[Cell('理论考场', rows=60), '1'], *[[str(n)] for n in range(2, 61)]]
    pages = words(Paper('清单').table(['类', '号'], rows, [1, 3]).sheets())
    assert [page.count('理论考场') for page in pages] == [1] * len(pages)
    assert len(pages) > 1


def test_a_seal_place_has_45_mm_and_the_date_runs_through_it() -> None:
    paper = Paper('').opinion('意见', '同意。', seal='（公章）', on=date(2026, 1, 5))
    page = paper.sheets().pages[0]
    tail = next(text for text in page.texts if text.text == '2026年1月5日')
    top = next(text for text in page.texts if text.text == '同意。')
    bottom = max(item.y2 if hasattr(item, 'y2') else item.y + item.h for item in page.items if not isinstance(item, Text))
    assert bottom - top.y > 45
    assert bottom - 45 < tail.y < bottom


def test_choices_are_ticked_and_unknown_choices_are_our_mistake() -> None:
    assert ticks(['是', '否'], ['否']) == '□是　☑否'
    with pytest.raises(ValueError, match='也许'):
        ticks(['是', '否'], ['也许'])


def test_a_name_no_font_has_is_refused_with_row_and_column_before_anything_is_drawn() -> None:
    paper = Paper('合格人员名册').table(['序号', '姓名'], [['1', '赵甲子'], ['2', '张𫠟']], [1, 3])
    with pytest.raises(Refused, match='“𫠟”（U\\+2B81F）在《合格人员名册》第2行“姓名”栏“张𫠟”处'):
        paper.to_bytes()


def test_rare_names_are_embedded_and_can_be_copied_out() -> None:
    pdf = opened(roster(1).paragraph('吉𠮷').to_bytes())
    maps = b''.join(font.ToUnicode.read_bytes() for font in pdf.pages[0].Resources.Font.values())
    assert b'<D842DFB7>' in maps.upper()


def test_fonts_are_cut_and_their_files_are_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, 'tempdir', str(tmp_path))
    assert len(roster(40).to_bytes()) < 60_000
    assert list(tmp_path.iterdir()) == []


def test_a_photo_passes_through_unchanged_and_other_formats_are_our_mistake() -> None:
    sheets = Sheets()
    sheets.page().place_image(20, 20, 25, 35, jpeg())
    pdf = opened(sheets.to_bytes())
    assert pictures_of(pdf.pages[0]) == [jpeg()]
    sheets.page().place_image(20, 20, 25, 35, b'\x89PNG')
    with pytest.raises(ValueError, match='JPEG'):
        sheets.to_bytes()


def test_a_qr_code_of_30_mm_is_read_back_from_its_page() -> None:
    sheets = Sheets(width=297, height=210)
    sheets.page().place_qr(232, 36, 30, 'https://jndj.example/v/123')
    pdf = opened(sheets.to_bytes())
    assert codes_of(pdf.pages[0]) == ['https://jndj.example/v/123']


def test_a_long_run_keeps_every_page_in_order_with_its_own_picture(tmp_path: Path) -> None:
    sheets = Sheets('证书', width=297, height=210, printed_at=AT, mark='演示样本')
    for n in range(103):
        page = sheets.page()
        page.place_text(20, 40, 100, f'第{n}号', '楷', 16)
        page.place_image(178, 26, 35, 49, lambda n=n: jpeg(n))
        page.place_qr(232, 36, 30, f'https://jndj.example/{n}')
    sheets.to_file(tmp_path / 'run.pdf')
    with pikepdf.open(tmp_path / 'run.pdf') as pdf:
        assert pdf.check_pdf_syntax() == []
        assert {page.obj.Parent.objgen for page in pdf.pages} == {pdf.Root.Pages.objgen}
        assert [codes_of(page) for page in pdf.pages] == [[f'https://jndj.example/{n}'] for n in range(103)]
        assert [pictures_of(page) for page in pdf.pages] == [[jpeg(n)] for n in range(103)]
        assert (str(pdf.docinfo['/Title']), str(pdf.docinfo['/CreationDate'])) == ('证书', 'D:20261123010000Z')
        assert [float(v) for v in pdf.pages[102].mediabox] == pytest.approx([0, 0, 841.89, 595.28])
    assert (tmp_path / 'run.pdf').read_bytes() == sheets.to_bytes()


def test_a_text_wider_than_its_place_is_refused_not_squeezed() -> None:
    page = Sheets().page('赵甲子的证书')
    with pytest.raises(Refused, match='赵甲子的证书“数控车床操作调整工”太长（51毫米），此处只能印30毫米'):
        page.place_text(20, 20, 30, '数控车床操作调整工', '楷', 16)


def test_text_is_placed_to_the_millimetre() -> None:
    page = Sheets().page()
    for align in ('L', 'C', 'R'):
        page.place_text(28, 42, 106, '职业技能等级证书', '楷', 30, align)  # type: ignore[arg-type]
    wide = width_mm('职业技能等级证书', '楷', 30)
    assert [(text.x, text.y) for text in page.texts] == [(28, 42), (pytest.approx(81 - wide / 2), 42), (pytest.approx(134 - wide), 42)]


def test_a_mark_stands_on_every_page() -> None:
    plain, marked = (opened(Paper('报告', mark=mark).new_page().line('二').to_bytes()) for mark in ('', '演示样本'))
    assert [len(page.Contents.read_bytes()) for page in plain.pages] != [len(page.Contents.read_bytes()) for page in marked.pages]
    assert all(b'/GS0 gs' in page.Contents.read_bytes() for page in marked.pages)
    assert not any(b'/GS0 gs' in page.Contents.read_bytes() for page in plain.pages)


def test_a_letter_has_22_lines_of_28_characters_in_the_type_area() -> None:
    long = Letter('甲局', '甲函〔2026〕1号', '函', '乙', ('一' * 28 * 60,))
    pages = lines_on_pages(long)
    full = [line for line in pages[1] if line.text.startswith('一')]
    assert [len(line.text) for line in full] == [28] * 22
    assert min(line.x for line in full) == 28
    assert max(line.x + width_mm(line.text, '仿宋', 16, -0.21) for line in full) == pytest.approx(28 + 156, abs=0.2)
    assert full[0].y > 37 and full[-1].y < 37 + 225


def test_page_numbers_of_a_letter_stand_right_on_odd_and_left_on_even_pages() -> None:
    numbers = [next(line for line in page if line.text.startswith('— ')) for page in lines_on_pages(LETTER)]
    assert [(line.text, line.x > 105) for line in numbers] == [('— 1 —', True), ('— 2 —', False)]


def test_a_letter_is_signed_over_its_date_four_characters_from_the_right() -> None:
    last = lines_on_pages(LETTER)[-1]
    name, day = (next(line for line in last if line.text == text) for text in (LETTER.issuer, '2026年11月23日'))
    assert day.x + width_mm(day.text, '仿宋', 16, -0.21) == pytest.approx(184 - 4 * 156 / 28)
    assert name.y < day.y
    assert [line.text for line in last if '职业/工种' in line.text or '承诺书' in line.text] == ['　　附件：1. 职业技能等级评价职业/工种目录', '　　　　　2. 诚信承诺书']


def test_a_heading_is_never_the_last_on_its_page_also_with_height_left_free_under_it() -> None:
    for rows in range(24, 38):
        paper = Paper('').table(['序号'], [[str(n)] for n in range(rows)], [1]).heading('一、保障').space(1).heading('（一）机构').paragraph('正文。')
        pages = words(paper.sheets())
        assert ['正文' in ''.join(page) for page in pages] == ['保障' in ''.join(page) for page in pages]


def test_the_longest_name_of_an_organisation_fits_over_a_table_and_at_the_seal() -> None:
    name = '明川市' + '职业技能培训评价服务' * 9 + '有限责任公司'
    text = text_of(Paper('专家信息表').line(f'评价机构：{name}', '合计：1人').table(['序号'], [['1']], [1]).seal(name).to_bytes())
    assert without_blanks(text).count('有限责任公司') == 2


def test_no_page_of_a_letter_holds_attachments_and_signature_alone() -> None:
    for lines in range(1, 24):
        letter = Letter('甲局', '甲函〔2026〕1号', '函', '乙', tuple(f'正文第{n}行。' for n in range(lines)), ('职业技能等级评价职业/工种目录', '长' * 60), on=date(2026, 11, 23))
        last = [line.text for line in lines_on_pages(letter)[-1]]
        assert '2026年11月23日' in last and any('正文' in text for text in last)


def test_a_title_that_says_where_it_breaks_is_still_cut_to_the_width() -> None:
    assert title_lines('关于同意甲的函\n' + '长' * 40)[0] == '关于同意甲的函'
    assert max(map(len, title_lines('关于同意甲的函\n' + '长' * 40))) <= 20


def test_the_lines_of_a_title_are_of_about_equal_length() -> None:
    lines = title_lines(LETTER.title)
    assert ''.join(lines) == LETTER.title
    assert max(map(len, lines)) - min(map(len, lines)) <= 4

