"""Rule documents and their registers on paper: each as PDF and DOCX, the volume of all (制度汇编), F-RULES, F-STD-REG."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from app.bylaws.flow import flow_sheets
from app.bylaws.numbering import Line, read_lines
from app.bylaws.records import BylawPaper, BylawRegister, StandardRegister, file_stem
from app.bylaws.rules import FLOW, STATES
from app.words import china_time, paper_date, paper_month

if TYPE_CHECKING:
    from app.docx import WordPaper
    from app.pdf import Paper
    from app.sheets import Sheets

VOLUME = '职业技能等级认定规章制度汇编'
RULES = '规章制度登记表'
RULES_HEADS = ('序号', '名称', '版本', '制定部门', '制定时间', '发布文号', '批准人', '状态', '上墙/公开位置', '文件')
RULES_PARTS = (9, 48, 12, 23, 26, 35, 35, 13, 28, 39)
STANDARDS = '职业标准、评价规范与教材登记'
STANDARD_HEADS = ('职业', '标准名称', '版本年份', '等级范围', '发布文号', '存放位置', '教材/大纲名称', '出版社', '年份')
STANDARD_PARTS = (20, 34, 10, 14, 26, 20, 34, 24, 8)
TEXT_PT = 12.0
FIXED = (2026, 1, 1, 0, 0, 0)  # time of every entry of the ZIP: the same documents give the same bytes


def bylaw_pdf(paper: BylawPaper) -> bytes:
    """Return a rule document on A4; the flow chart follows the text of document 24."""
    return _document_sheets(paper).to_bytes()


def bylaw_docx(paper: BylawPaper) -> bytes:
    """Return a rule document for going on writing: chapters are headings that Word knows; read_word takes it back without head and foot."""
    from app.docx import WordPaper

    word = WordPaper(paper.title, made_at=paper.made_at, author=paper.org, mark=paper.mark)
    word.paragraph(_under_title(paper), style='楷', indent=0, align='C', as_style='Subtitle')
    _write_word(word, read_lines(paper.text))
    word.rows(_about(paper), columns=2, label_mm=30)
    return word.to_bytes()


def volume_pdf(register: BylawRegister) -> bytes:
    """Return all documents in force as one volume: cover, contents, page numbers through all of it."""
    from app.pdf import Paper

    papers = [_paper(paper) for paper in register.papers]
    counts = [paper.count_pages() + (1 if record.number == FLOW else 0) for paper, record in zip(papers, register.papers, strict=True)]
    cover = Paper('', printed_at=register.made_at, mark=register.mark).space(70)
    for text, pt in ((register.org, 16.0), (VOLUME, 24.0), (paper_month(_day(register)), 14.0)):
        cover.paragraph(text, style='宋粗', pt=pt, indent=0, align='C').space(12)
    blank = _contents(register, [0] * len(papers))
    first = 2 + blank.count_pages()
    starts = [first + sum(counts[:n]) for n in range(len(papers))]
    total = first - 1 + sum(counts)
    whole = cover.sheets(first=1, of=total)
    whole.title = VOLUME
    whole.pages += _contents(register, starts).sheets(first=2, of=total).pages
    for paper, record, start in zip(papers, register.papers, starts, strict=True):
        whole.pages += paper.sheets(first=start, of=total).pages
        if record.number == FLOW:
            whole.pages += flow_sheets(record.org, 'A4', record.made_at, record.mark, page=(start + paper.count_pages(), total)).pages
    return whole.to_bytes()


def bylaws_zip(register: BylawRegister, told: Callable[[int, int], None] = lambda done, total: None) -> bytes:
    """Return every document in force as PDF and DOCX with F-RULES, the volume and the chart, named in order; told: (done, of how many)."""
    from app.bylaws.flow import flowchart_pdf

    builds: list[tuple[str, Callable[[], bytes]]] = [
        (f'00_{RULES}.pdf', lambda: rules_pdf(register)), (f'00_{RULES}.xlsx', lambda: rules_xlsx(register)), (f'00_{RULES}.docx', lambda: rules_docx(register)),
        (f'00_{VOLUME}.pdf', lambda: volume_pdf(register)),
        ('24_职业技能等级认定工作流程图_A3.pdf', lambda: flowchart_pdf(register.org, 'A3', register.made_at, register.mark))]
    for paper in register.papers:
        stem = file_stem(paper.number, paper.title)
        builds += [(f'{stem}.pdf', lambda paper=paper: bylaw_pdf(paper)), (f'{stem}.docx', lambda paper=paper: bylaw_docx(paper))]  # type: ignore[misc]
    out = BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as packed:
        for done, (name, build) in enumerate(sorted(builds, key=lambda entry: entry[0]), 1):
            entry = zipfile.ZipInfo(name, FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, build())
            told(done, len(builds))
    return out.getvalue()


def rules_pdf(register: BylawRegister) -> bytes:
    """Return F-RULES, A4 landscape."""
    from app.pdf import Paper

    paper = Paper(RULES, form='F-RULES', landscape=True, printed_at=register.made_at, mark=register.mark)
    paper.line(f'机构名称：{register.org}', f'现行{len(register.papers)}项', f'日期：{paper_date(_day(register))}')
    return paper.table(RULES_HEADS, _rules_lines(register), RULES_PARTS, pt=8.5).to_bytes()


def rules_xlsx(register: BylawRegister) -> bytes:
    """Return F-RULES as a workbook."""
    from app.xlsx import Book, Column

    states = tuple(STATES[key] for key in ('in_force', 'revising', 'ended'))
    columns = [Column(head, part * 0.62, options=states if head == '状态' else ()) for head, part in zip(RULES_HEADS, RULES_PARTS, strict=True)]
    book = Book(RULES, made_at=register.made_at, form='F-RULES')
    return book.sheet(RULES, columns, _rules_lines(register), title=f'{register.org}{RULES}', foot=[register.mark] if register.mark else []).to_bytes()


def rules_docx(register: BylawRegister) -> bytes:
    """Return F-RULES for Word."""
    from app.docx import WordPaper

    word = WordPaper(RULES, made_at=register.made_at, author=register.org, form='F-RULES', landscape=True, mark=register.mark)
    word.paragraph(f'机构名称：{register.org}　　日期：{paper_date(_day(register))}', indent=0)
    return word.table([RULES_HEADS], _rules_lines(register), RULES_PARTS).to_bytes()


def standards_xlsx(register: StandardRegister) -> bytes:
    """Return F-STD-REG as a workbook: a line a book."""
    from app.xlsx import Book, Column

    lines = [(r.occupation, r.name, str(r.edition), r.levels, r.issue_no, r.kept_at, r.book, r.publisher, r.year) for r in register.rows]
    book = Book(STANDARDS, made_at=register.made_at, form='F-STD-REG')
    return book.sheet('职业标准登记', [Column(head, part) for head, part in zip(STANDARD_HEADS, STANDARD_PARTS, strict=True)], lines,
                      title=f'{register.org}{STANDARDS}').to_bytes()


def _rules_lines(register: BylawRegister) -> list[list[str]]:
    return [[str(r.number), r.title, r.version, r.unit, paper_date(r.made_on) if r.made_on else '', r.issue_no, r.approved_by, r.state, r.posted_at, r.file]
            for r in register.rows]


def _document_sheets(record: BylawPaper) -> Sheets:
    paper = _paper(record)
    count = paper.count_pages()
    of = count + (1 if record.number == FLOW else 0)
    sheets = paper.sheets(of=of)
    if record.number == FLOW:
        sheets.pages += flow_sheets(record.org, 'A4', record.made_at, record.mark, page=(of, of)).pages
    return sheets


def _paper(record: BylawPaper) -> Paper:
    from app.pdf import Paper

    paper = Paper(record.title, printed_at=record.made_at, mark=record.mark)
    paper.paragraph(_under_title(record), style='楷', pt=11, indent=0, align='C').space()
    lines = read_lines(record.text)
    at = 0
    while at < len(lines):
        line, end = lines[at], at + 1
        if line.kind == 'row':
            while end < len(lines) and lines[end].kind == 'row':
                end += 1
            _table(paper, lines[at:end])
        elif line.kind == 'chapter':
            paper.heading(f'{line.number}　{line.text}', align='C')
        elif line.kind == 'article':
            paper.paragraph(line.text, pt=TEXT_PT, lead=f'{line.number}　')
        else:
            paper.paragraph(line.written, pt=TEXT_PT)
        at = end
    return paper.space(6).rows(_about(record), columns=2, label_mm=32)


def _table(paper: Paper | WordPaper, lines: Sequence[Line]) -> None:
    rows = [line.cells for line in lines]
    width = max(map(len, rows))
    rows = [[*row, *[''] * (width - len(row))] for row in rows]
    parts = [max(6.0, min(20.0, max(len(row[n]) for row in rows))) for n in range(width)]
    paper.table([rows[0]], rows[1:], parts)


def _write_word(word: WordPaper, lines: Sequence[Line]) -> None:
    at = 0
    while at < len(lines):
        line, end = lines[at], at + 1
        if line.kind == 'row':
            while end < len(lines) and lines[end].kind == 'row':
                end += 1
            _table(word, lines[at:end])
        elif line.kind == 'chapter':
            word.heading(f'{line.number}　{line.text}', indent=0, align='C')
        elif line.kind == 'article':
            word.paragraph(line.text, lead=f'{line.number}　')
        else:
            word.paragraph(line.written)
        at = end


def _contents(register: BylawRegister, starts: Sequence[int]) -> Paper:
    from app.pdf import Paper

    lines = [(f'{record.number}　{record.title}', start) for record, start in zip(register.papers, starts, strict=True)]
    return Paper('目　录', printed_at=register.made_at, mark=register.mark).contents(lines)


def _under_title(paper: BylawPaper) -> str:
    parts = (paper.org, paper.issue_no, paper_date(paper.made_on) if paper.made_on else '', f'第{paper.version}版')
    return f'（{"　".join(part for part in parts if part)}）'


def _about(paper: BylawPaper) -> list[tuple[str, str]]:
    return [
        ('制定部门', paper.unit), ('制定时间', paper_date(paper.made_on) if paper.made_on else ''), ('版本', f'第{paper.version}版（{paper.state}）'),
        ('发布文号', paper.issue_no), ('批准人', paper.approved_by), ('批准日期', paper_date(paper.approved_on) if paper.approved_on else ''),
        ('上墙/公开位置', paper.posted_at)]


def _day(register: BylawRegister) -> date:
    return china_time(register.made_at).date()
