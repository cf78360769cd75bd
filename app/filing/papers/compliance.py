"""The compliance report of a filing on paper: every rule that applies, with clause, result and evidence (issue of the centre's desk; no official form)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.cells import Cell
from app.filing.papers.blocks import Block, Head, Note, Printing, Rows, Table, pdf_of
from app.filing.records import ApplicationRecord
from app.filing.report import Report, ReportLine
from app.filing.ways import WAYS
from app.words import paper_date

TITLE = '备案合规报告'
HEADS = ('规则', '规定', '依据', '结果', '证据和说明')
WIDTHS = (20.0, 72.0, 58.0, 16.0, 91.0)


def report_pdf(report: Report, record: ApplicationRecord, printing: Printing) -> bytes:
    """Return the report, A4 across, a table a section of the register; the same report gives the same bytes."""
    about = (('申请单位', record.org.name), ('备案方式', WAYS[record.way].word), ('受理机关', record.receiver or '—'), ('材料日期', paper_date(record.day)))
    blocks: list[Block] = [Rows(about, 2), Note(report.summary)]
    for section, lines in sections(report).items():
        blocks += [Head(section, 2), Table(HEADS, tuple(_row(line) for line in lines), WIDTHS)]
    return pdf_of(TITLE, '', blocks, printing, landscape=True)


def sections(report: Report) -> Mapping[str, list[ReportLine]]:
    """Return the lines by section of the register, in its order: {1.1 申请条件: lines}."""
    found: dict[str, list[ReportLine]] = {}
    for line in report.lines:
        found.setdefault(line.rule.section, []).append(line)
    return found


def told(line: ReportLine) -> str:
    """Return evidence, what was found and the exception of a line."""
    return '；'.join(_told(line))


def _told(line: ReportLine) -> Iterator[str]:
    if line.evidence:
        yield line.evidence.rstrip('。')
    yield from (sentence.rstrip('。') for sentence in line.sentences)
    if line.lifted:
        yield '受理机关已同意例外'


def _row(line: ReportLine) -> tuple[str | Cell, ...]:
    return line.rule.id, Cell(line.rule.sentence, align='L'), Cell(line.clause, align='L'), line.word, Cell(told(line) or '—', align='L')
