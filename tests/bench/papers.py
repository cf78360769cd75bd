"""The official form of a filing as PDF: as long as issue and people have it."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from app.filing.papers import form
from tests.bench.measuring import Figure, taken
from tests.filing import sample

ROUNDS, MARK_MS = 5, 1000


def run() -> Iterator[Figure]:
    """Yield the figures."""
    record = sample.long_filing()
    pages = form.filing_pages(record, sample.PRINTING)
    assert pages >= 28
    yield Figure('official form of 30 pages as PDF', median(taken(lambda: form.filing_pdf(record, sample.PRINTING)) for _ in range(ROUNDS)) * 1000, 'ms', MARK_MS, f'{pages} pages')
