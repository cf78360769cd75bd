"""F-TECHEVAL one to one with the official columns and merged cells, and F-PRECHECK-SELF drawn from the same rubrics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from app.assessment.records import PrecheckRecord, SelfLine, SheetRecord
from app.assessment.rules import NOTHING, Entry, typed_fields
from app.cells import Cell
from app.pdf import Paper
from app.rubric_models import BonusItem, Item, MergedRow, Rubric
from app.words import paper_date

if TYPE_CHECKING:
    from app.xlsx import Book

WIDTHS = (17.0, 24.0, 50.0, 62.0, 11.0, 24.0, 15.0, 54.0)  # parts of the width: the columns of the source
PRECHECK_WIDTHS = (17.0, 23.0, 40.0, 48.0, 11.0, 22.0, 17.0, 42.0, 15.0, 22.0)
PRECHECK_HEADS = ('自评得分', '佐证材料', '责任人', '整改期限')
TOTALS = {'school-public': '得分', 'school-occupation': '总分', 'social-public': '总分', 'social-occupation': '总分'}  # before the sum, where the source prints a word (001 l.268–403)
MOST_BESIDE = 12  # characters of a name with which two signatures still stand beside each other
BLANK_AT = datetime(2026, 1, 1, tzinfo=UTC)  # time of a workbook without a record
Shown = Callable[[Item | BonusItem], tuple[str, ...]]  # what stands right of 评估方式 at an item


def sheet_pdf(record: SheetRecord) -> bytes:
    """Return F-TECHEVAL, A4 across; the same record gives the same bytes; a blank record gives the blank form."""
    rubric = record.rubric
    paper = Paper(rubric.title, form='F-TECHEVAL', landscape=True, printed_at=record.printed_at, mark=record.mark)
    for line in head_lines(record):
        paper.line(line)
    paper.table(rubric.columns, _rows(rubric, _given(record), _foot(rubric, record.result.total if record.result else None)), WIDTHS, pt=9)
    for note in rubric.conclusion.printed_note:
        paper.note(note)
    paper.space(2).rows([('评估结论', conclusion(record))], row_mm=10)
    day = record.signed_at
    if record.alone:
        paper.signatures((f'评估专家（{record.alone}）', day), ('被评估单位代表', None))
    else:
        beside = 2 if max(map(len, (record.leader, *record.members))) <= MOST_BESIDE else 1
        paper.signatures((f'评估专家组组长{_of(record.leader)}', day), *((f'成员{_of(name)}', None) for name in record.members or ('', '')), ('被评估单位代表', None), columns=beside)
    return paper.to_bytes()


def sheet_xlsx(record: SheetRecord) -> bytes:
    """Return F-TECHEVAL as a workbook, merged like the source."""
    rubric = record.rubric
    signed = f'评估专家：{record.alone}' if record.alone else f'评估专家组组长：{record.leader}　　成员：{"、".join(record.members)}'
    foot = [*rubric.conclusion.printed_note, f'评估结论：{conclusion(record)}', f'{signed}　　日期：{_day(record.signed_at)}', '被评估单位代表：', *([record.mark] if record.mark else [])]
    return _book(rubric, rubric.columns, WIDTHS, _rows(rubric, _given(record), _foot(rubric, record.result.total if record.result else None)), head_lines(record), foot, 'F-TECHEVAL', record.printed_at)


def precheck_pdf(record: PrecheckRecord) -> bytes:
    """Return F-PRECHECK-SELF, A4 across; the same record gives the same bytes."""
    rubric = record.rubric
    paper = Paper(_self_title(record), form='F-PRECHECK-SELF', landscape=True, printed_at=record.printed_at, mark=record.mark)
    paper.line(*_self_lines(record))
    paper.table((*rubric.columns[:6], *PRECHECK_HEADS), _rows(rubric, _self_given(record), (*_foot(rubric, record.result.total), '', '')), PRECHECK_WIDTHS, pt=9)
    paper.note(_outlook(record))
    return paper.signatures(('自查人', None), ('单位负责人', None)).to_bytes()


def precheck_xlsx(record: PrecheckRecord) -> bytes:
    """Return F-PRECHECK-SELF as a workbook."""
    rows = _rows(record.rubric, _self_given(record), (*_foot(record.rubric, record.result.total), '', ''))
    heads = (*record.rubric.columns[:6], *PRECHECK_HEADS)
    foot = [_outlook(record), *([record.mark] if record.mark else [])]
    return _book(record.rubric, heads, PRECHECK_WIDTHS, rows, ['　　'.join(_self_lines(record))], foot, 'F-PRECHECK-SELF', record.printed_at, title=_self_title(record))


def _self_title(record: PrecheckRecord) -> str:
    return f'备案自查表——{record.occupation or "公共部分"}'


def _self_lines(record: PrecheckRecord) -> list[str]:
    return [f'申请单位：{record.org}', *([f'职业（工种）：{record.occupation}'] if record.occupation else [])]


def head_lines(record: SheetRecord) -> list[str]:
    """Return the lines over the table: whose sheet it is, and on occupation sheets what the source prints there."""
    day = paper_date(record.visited_on) if record.visited_on else '　　年　　月　　日'
    lines = [f'被评估单位：{record.org or "　" * 12}　　评估方式：{record.method or "　" * 4}　　评估日期：{day}']
    names = [f for f in record.rubric.header_fields if f.printed and f.type == 'text']
    lines += [f'{f.label}：{record.occupation}' for f in names]
    numbers = typed_fields(record.rubric)
    if numbers:
        parts = [f'{f.label if n == 0 or f.label.startswith("其中") and n == 1 else _short(f.label)}{record.head.get(f.key) or "　　"}人' for n, f in enumerate(numbers)]
        lines.append(('，' if record.rubric.org_kind == 'employer' else '、').join(parts))
    return lines


def conclusion(record: SheetRecord) -> str:
    """Return the conclusion as the foot says it; '' on a blank sheet and while an item is open."""
    result = record.result
    if result is None:
        return ''
    if result.conclusion is None:
        return f'还有{len(result.unanswered)}项未评，未作结论。'
    bonus = f'（基础分{_points(result.base)}分，加分{_points(result.bonus)}分）' if result.bonus else ''
    vetoes = f'否决项：{"、".join((*result.filing_vetoes, *result.operation_vetoes))}。' if result.filing_vetoes or result.operation_vetoes else ''
    lifted = '总分因加分项达到分数线。' if result.lifted_by_bonus else ''
    return f'总分{_points(result.total)}分{bonus}，{result.conclusion.text}。{vetoes}{result.operation_blocked or ""}{lifted}'


# ------------------------------------------------------------------ rows with the merged cells of the source


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed row: section and group it stands under, its content, and the item it is (None: shares the cells of the item above)."""

    section: str
    group: str
    content: str
    item: Item | BonusItem | None


def _rows(rubric: Rubric, shown: Shown, foot: Sequence[str]) -> list[list[Cell | str]]:
    """Return the body of a sheet: cells that begin in each row, from left to right."""
    lines = list(_lines(rubric))
    rows: list[list[Cell | str]] = []
    for at, line in enumerate(lines):
        row: list[Cell | str] = []
        if at == 0 or lines[at - 1].section != line.section:
            row.append(Cell(line.section, rows=_run(lines, at, lambda x: x.section), align='C'))
        if at == 0 or (lines[at - 1].section, lines[at - 1].group) != (line.section, line.group):
            row.append(Cell(line.group, rows=_run(lines, at, lambda x: (x.section, x.group)), align='C'))
        row.append(Cell(line.content, align='L'))
        if line.item is not None:
            tall = _tall(lines, at)
            points = line.item.printed() if isinstance(line.item, Item) else None
            row += [Cell(line.item.standard, rows=tall, align='L'), Cell(_points(points), rows=tall, align='C')]
            if (methods := _methods_run(lines, at)) > 0:
                row.append(Cell(' '.join(line.item.methods), rows=methods, align='C'))
            row += [Cell(text, rows=tall, align='C' if n == 0 else 'L') for n, text in enumerate(shown(line.item))]
        rows.append(row)
    return [*rows, [Cell(foot[0], cols=4, align='C', bold=True), *(Cell(text, align='C', bold=True) for text in foot[4:])]]


def _lines(rubric: Rubric) -> Sequence[_Line]:
    found = []
    for section in rubric.sections:
        name = _with_points(section.name, section.printed())
        for group in section.groups:
            label = _with_points(group.name, group.printed())
            for item in group.items:
                shared = item.merged_rows or (MergedRow(group=group.name, content=item.content),)
                found += [_Line(name, label if row.group == group.name else row.group, row.content, None if n else item) for n, row in enumerate(shared)]
    found += [_Line(rubric.bonus_name, item.name, item.content, item) for item in rubric.bonus]
    return found


def _run(lines: Sequence[_Line], at: int, key: Callable[[_Line], object]) -> int:
    end = at
    while end < len(lines) and key(lines[end]) == key(lines[at]):
        end += 1
    return end - at


def _tall(lines: Sequence[_Line], at: int) -> int:
    """Return over how many rows the standard and score of an item reach: its own and those that share them."""
    end = at + 1
    while end < len(lines) and lines[end].item is None:
        end += 1
    return end - at


def _methods_run(lines: Sequence[_Line], at: int) -> int:
    """Return over how many rows the way of assessing reaches, 0 where it was printed above: a vertically merged cell of the source."""
    item = lines[at].item
    assert item is not None
    if item.methods_inferred and at and _same_cell(lines, at):
        return 0
    end = at + _tall(lines, at)
    while end < len(lines) and (following := lines[end].item) is not None and following.methods_inferred and following.methods == item.methods and lines[end].section == lines[at].section:
        end += _tall(lines, end)
    return end - at


def _same_cell(lines: Sequence[_Line], at: int) -> bool:
    before = at - 1
    while lines[before].item is None:
        before -= 1
    above, item = lines[before].item, lines[at].item
    return above is not None and item is not None and above.methods == item.methods and lines[before].section == lines[at].section


# ------------------------------------------------------------------ what stands in the cells


def _given(record: SheetRecord) -> Shown:
    scores = {r.id: r for r in record.result.items} if record.result else {}

    def shown(item: Item | BonusItem) -> tuple[str, ...]:
        entry = record.entries.get(item.id, NOTHING)
        if isinstance(item, BonusItem):
            return (f'＋{_points(item.add)}' if entry.answer.get('met') else '', _remark(entry))
        result = scores.get(item.id)
        if result is None or not result.answered:
            return ('', _remark(entry))
        return (_points(result.score) if result.score is not None else '符合' if entry.answer.get('met') else '不符合', _remark(entry))

    return shown


def _self_given(record: PrecheckRecord) -> Shown:
    scores = {r.id: r for r in record.result.items}

    def shown(item: Item | BonusItem) -> tuple[str, ...]:
        said = record.lines.get(item.id, SelfLine())
        answer = record.answers.get(item.id, {})
        if isinstance(item, BonusItem):
            return (f'＋{_points(item.add)}' if answer.get('met') else '', said.evidence, said.person, said.due)
        result = scores[item.id]
        word = '待自评' if not result.answered else _points(result.score) if result.score is not None else '符合' if answer.get('met') else '不符合'
        return (word, said.evidence, said.person, said.due)

    return shown


def _remark(entry: Entry) -> str:
    """Return remark and facts of an item as 备注 prints them."""
    lease = f'租赁，租期{entry.answer["years"]}年' if entry.answer.get('leased') and entry.answer.get('years') else '租赁' if entry.answer.get('leased') else ''
    hazard = '存在重大安全隐患' if entry.answer.get('hazard') else ''
    return '；'.join(text for text in (entry.remark, lease, hazard, f'发现：{entry.finding}' if entry.finding else '') if text)


def _foot(rubric: Rubric, total: Decimal | None) -> tuple[str, ...]:
    return ('合计', '', '', '', '100', TOTALS.get(rubric.id, ''), _points(total), '')


def _outlook(record: PrecheckRecord) -> str:
    open_items = record.result.unanswered
    band = '' if record.result.conclusion is None else f'，{record.result.conclusion.text}'
    return f'自评得分{_points(record.result.total)}分{f"，另有{len(open_items)}项待自评" if open_items else ""}{band}。本表供申请单位自查，结论以评估专家组的评估为准。'


def _book(
    rubric: Rubric, heads: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[Cell | str]], lines: Sequence[str], foot: Sequence[str], form: str,
    at: datetime | None, *, title: str = '') -> bytes:
    from app.xlsx import Book, Column

    columns = [Column(head, width=wide * 0.62) for head, wide in zip(heads, widths, strict=True)]
    over: list[list[str | Cell]] = [[Cell(line, cols=len(heads))] for line in lines]
    book: Book = Book(title or rubric.title, made_at=at or BLANK_AT, form=form)
    return book.sheet(rubric.id, columns, rows, title=title or rubric.title, heads=[*over, list(heads)], foot=foot).to_bytes()


def _with_points(name: str, points: Decimal | None) -> str:
    return f'{name} {_points(points)}分' if points else name


def _short(label: str) -> str:
    return label.rpartition('：')[2].removeprefix('其中')


def _points(points: Decimal | None) -> str:
    return '' if points is None else format(points.normalize(), 'f')


def _day(instant: datetime | None) -> str:
    return paper_date(instant.date()) if instant else ''


def _of(name: str) -> str:
    return f'（{name}）' if name else ''
