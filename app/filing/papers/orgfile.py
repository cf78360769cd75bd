"""F-ORGFILE: the centre's own card of one organisation (一户一档, 003 l.59)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.filing.papers.blocks import Note, Printing, Rows, Table, pdf_of
from app.filing.papers.parts import marked
from app.findings import Finding
from app.words import paper_date, paper_term

TITLE = '评价机构档案卡（一户一档）'


@dataclass(frozen=True, slots=True)
class YearLine:
    """A year's evaluations."""

    year: int
    batches: int
    sat: int
    passed: int

    @property
    def tenths(self) -> int | None:
        """Pass rate in tenths of a percent of those who sat, half up; None without anybody."""
        return (self.passed * 2000 + self.sat) // (2 * self.sat) if self.sat else None


@dataclass(frozen=True, slots=True)
class OrgFile:
    """Everything on the card; each list in print order.

    filings: number, letter, from, to, state · ranges: occupation, work type, levels, standard · people: kind and count
    supervision, complaints, sanctions: day, what, result · expiries: what and day
    """

    name: str
    credit_code: str
    kind: str
    address: str
    contact: str
    phone: str
    filings: tuple[tuple[str, str, date, date, str], ...]
    ranges: tuple[tuple[str, str, str, str], ...]
    people: tuple[tuple[str, int], ...]
    years: tuple[YearLine, ...] = ()
    supervision: tuple[tuple[date, str, str], ...] = ()
    complaints: tuple[tuple[date, str, str], ...] = ()
    sanctions: tuple[tuple[date, str, str], ...] = ()
    expiries: tuple[tuple[str, date], ...] = ()


def org_file_pdf(card: OrgFile, printing: Printing) -> bytes:
    """Return F-ORGFILE, A4."""
    return pdf_of(TITLE, 'F-ORGFILE', [Rows(_about(card)), *_tables(card, printing), Note(_key(card, printing))], printing)


def org_file_xlsx(card: OrgFile, printing: Printing) -> bytes:
    """Return F-ORGFILE as a workbook, a sheet a table."""
    from app.xlsx import Book, Column

    book = Book(TITLE, made_at=printing.at, form='F-ORGFILE')
    book.sheet('基本情况', [Column('项目', 24), Column('内容', 60)], _about(card), title=TITLE, foot=[_key(card, printing), *marked(printing)])
    for table in _tables(card, printing):
        book.sheet(table.title, [Column(head, wide * 0.6) for head, wide in zip(table.heads, table.widths, strict=True)], [[f'{cell}' for cell in row] for row in table.rows], title=table.title, foot=marked(printing))
    return book.to_bytes()


def missing(card: OrgFile) -> list[Finding]:
    """Return what the card lacks (source: ORG-90)."""
    lacking = [] if card.filings else [Finding('ORG-90', 'remind', '', f'{card.name}没有备案记录，档案卡的备案历史是空的。')]
    return lacking + ([] if card.credit_code else [Finding('ORG-90', 'block', '', '统一社会信用代码是空的，请在机构资料中补填后再打印。')])


def _about(card: OrgFile) -> tuple[tuple[str, str], ...]:
    return (('机构名称', card.name), ('统一社会信用代码', card.credit_code), ('机构类别', card.kind), ('地址', card.address), ('联系人', card.contact), ('电话', card.phone))


def _tables(card: OrgFile, printing: Printing) -> list[Table]:
    days = ((card.supervision, '督导记录', '事项', '得分/结论'), (card.complaints, '投诉记录', '事项', '处理结果'), (card.sanctions, '处理记录', '事项', '处理'))
    return [
        Table(('备案号', '发文字号', '有效期', '状态'), tuple((n, letter, paper_term(a, b), state) for n, letter, a, b, state in card.filings), (40, 42, 66, 22), '备案历史'),
        Table(('职业名称', '工种', '等级', '评价依据'), card.ranges, (46, 46, 30, 48), '备案职业'),
        Table(('人员', '人数'), tuple((what, str(count)) for what, count in card.people), (110, 60), '人员队伍'),
        Table(('年份', '批次数', '实考', '合格', '合格率'), tuple((str(y.year), str(y.batches), str(y.sat), str(y.passed), _rate(y)) for y in card.years), (34, 34, 34, 34, 34), '历年评价'),
        *(Table(('日期', what, result), tuple((paper_date(on), a, b) for on, a, b in rows), (34, 86, 50), title) for rows, title, what, result in days),
        Table(('到期事项', '日期'), tuple((what, paper_date(on)) for what, on in card.expiries), (110, 60), '到期提醒')]


def _key(card: OrgFile, printing: Printing) -> str:
    """Return whether the last year's pass rate makes it a key object of supervision (source: SCORE-25)."""
    alarm = printing.profile.supervision.pass_rate_alarm_pct.value
    last = max(card.years, key=lambda y: y.year, default=None)
    if alarm is None or last is None or last.tenths is None:
        return '重点督导对象：未判定。'
    return f'重点督导对象：{"是" if last.tenths > alarm * 10 else "否"}（{last.year}年合格率{_rate(last)}，重点督导线{alarm}%）。'


def _rate(year: YearLine) -> str:
    return '—' if year.tenths is None else f'{year.tenths // 10}.{year.tenths % 10}%'


