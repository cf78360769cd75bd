"""How many organisations and occupations are in principle admitted (ORG-30 … ORG-34): warnings that the centre answers with a written reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.figures import Capacity, Limit
from app.figures_results import Profile
from app.filing.answers import given, severity_of
from app.filing.forms import Belonging
from app.filing.jurisdiction import number_shape
from app.filing.records import ApplicationRecord, RangeLine
from app.filing.ways import WAYS
from app.findings import Finding

BY_TRADE = 'occupation_or_work_type'


@dataclass(frozen=True, slots=True)
class Filed:
    """One row of an active filing in the jurisdiction: whose it is, first letter of its number (S or Y), place and occupation."""

    org: str
    letter: str
    region: str
    occupation_code: str
    work_type: str


def capacity_findings(record: ApplicationRecord, profile: Profile, others: Sequence[Filed]) -> list[Finding]:
    """Return where the application passes what is in principle admitted; subject is `ranges.n` or `ranges`.

    others: the rows of all active filings of the city; those of the applicant itself count for ORG-33 only by `record.original`
    source: ORG-30, ORG-31, ORG-32, ORG-33, ORG-34
    """
    figures = profile.filing.capacity
    audience = (WAYS[record.way].audience or _audience(record)) if record.org.kind == 'technical_school' else ''
    if audience == 'own_students' or number_shape(record.org.kind, audience, profile).letter not in figures.counts_kinds.value:
        return []
    found = [f for n, row in enumerate(record.ranges, 1) for f in _places(n, row, record, figures, others)]
    return found + _occupations(record, figures)


def unit_of(occupation_code: str, work_type: str, figures: Capacity) -> tuple[str, str]:
    """Return what counts as one: the occupation, or the occupation with its work type; levels do not split the count (source: ORG-34)."""
    return occupation_code, work_type if figures.unit.value == BY_TRADE else ''


def holders(row: RangeLine, others: Iterable[Filed], figures: Capacity, *, region: str, but: str) -> list[str]:
    """Return the organisations that hold a row's occupation in a place, each once, the applicant left out.

    region: beginning of the six digits, 9901 for a city, 990102 for a county
    source: ORG-34
    """
    wanted = unit_of(row.occupation_code, row.work_type, figures)
    return sorted({
        f.org for f in others if f.letter in figures.counts_kinds.value and f.region.startswith(region) and f.org != but
        and unit_of(f.occupation_code, f.work_type, figures) == wanted})


def _places(n: int, row: RangeLine, record: ApplicationRecord, figures: Capacity, others: Sequence[Filed]) -> Iterator[Finding]:
    city, county = record.org.region[:4], record.org.region
    yield from _place(n, row, figures.per_jurisdiction, '本辖区', holders(row, others, figures, region=city, but=record.org.name))
    if not county.endswith('00'):
        yield from _place(n, row, figures.per_county, '本区（县）', holders(row, others, figures, region=county, but=record.org.name))


def _place(n: int, row: RangeLine, limit: Limit, where: str, holding: Sequence[str]) -> Iterator[Finding]:
    if limit.value is not None and len(holding) >= limit.value:
        yield Finding(
            limit.rule, severity_of(limit.enforcement), f'ranges.{n}',
            f'{where}“{row.name}”已有{len(holding)}家社会培训评价组织（{"、".join(holding)}），原则上不超过{limit.value}家，准予备案须写明理由。')


def _occupations(record: ApplicationRecord, figures: Capacity) -> list[Finding]:
    limit = figures.occupations_per_org
    before = record.original.ranges if record.original and record.way == 'increment' else ()
    units = {r.occupation_code for r in (*before, *record.ranges)}  # the sentence of ORG-33 counts 职业, not work types
    if limit.value is None or len(units) <= limit.value:
        return []
    return [Finding(
        limit.rule, severity_of(limit.enforcement), 'ranges',
        f'本单位已备案和本次申报共{len(units)}个职业，原则上每个机构不超过{limit.value}个，准予备案须写明理由，或减少申报职业。')]


def _audience(record: ApplicationRecord) -> str:
    return 'own_students' if given(record, Belonging).audience == 'own_students' else 'society'
