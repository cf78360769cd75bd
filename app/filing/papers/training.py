"""F-TRAIN-STAT: trained people of the last three years (000 l.1138–1150)."""

from __future__ import annotations

from app.filing.papers.blocks import Printing, docx_of
from app.filing.papers.parts import marked, training_table
from app.filing.records import ApplicationRecord
from app.findings import Finding

TITLE = '近3年社会培训统计表'
YEARS = 3  # of the form's name


def training_xlsx(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-TRAIN-STAT as a workbook."""
    from app.xlsx import Book, Column

    table = training_table(record)
    book = Book(TITLE, made_at=printing.at, form='F-TRAIN-STAT')
    rows = [[int(f'{cell}') if head == '培训人数' else f'{cell}' for head, cell in zip(table.heads, row, strict=True)] for row in table.rows]
    return book.sheet('培训统计', [Column(head, wide * 0.6) for head, wide in zip(table.heads, table.widths, strict=True)], rows, title=f'{record.org.name}{TITLE}', foot=marked(printing)).to_bytes()


def training_docx(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-TRAIN-STAT for Word."""
    return docx_of(f'{record.org.name}{TITLE}', 'F-TRAIN-STAT', [training_table(record)], printing, record.org.name)


def missing(record: ApplicationRecord) -> list[Finding]:
    """Return the years of the last three that have no row (source: ORG-03)."""
    years = {t.year for t in record.training}
    newest = max(years, default=record.day.year - 1)
    return [Finding('ORG-03', 'warn', 'training', f'{year}年没有社会培训记录，统计表要求近3年，请补登或说明。') for year in range(newest - YEARS + 1, newest + 1) if year not in years]
