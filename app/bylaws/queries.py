"""What is read of rule documents and evaluation standards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.access import Permission
from app.bylaws.rules import LISTED, Standing, bylaw_findings
from app.bylaws.standards import WORDS, Key, key_of
from app.bylaws.templates import gaps, templates
from app.findings import Finding
from app.work import Work
from db.bylaws import Bylaw, BylawVersion, EvaluationStandard


@dataclass(frozen=True, slots=True)
class BylawRow:
    """A number of the list: its document (None: not begun), the version in force and the draft of the next one."""

    number: int
    title: str
    bylaw: Bylaw | None = None
    current: BylawVersion | None = None
    draft: BylawVersion | None = None

    @property
    def state(self) -> str:
        """Key of rules.STATES."""
        if self.bylaw is not None and self.bylaw.ended_on:
            return 'ended'
        if self.current:
            return 'revising' if self.draft else 'in_force'
        return 'draft' if self.draft else ''

    @property
    def standing(self) -> Standing:
        """What the checks look at: the version in force, or the draft where there is none."""
        shown, bylaw = self.current or self.draft, self.bylaw
        begun = templates().get((bylaw.template if bylaw else self.number) or 0)
        return Standing(
            self.number, self.title, self.state, bool(shown and (shown.text.strip() or shown.file_id)), len(gaps(shown.text)) if shown else 0,
            bylaw.posted_at if bylaw else '', begun.posted_at if begun else '')


@dataclass(frozen=True, slots=True)
class BylawPage:
    """A rule document with all its versions, newest first."""

    bylaw: Bylaw
    versions: tuple[BylawVersion, ...]

    @property
    def row(self) -> BylawRow:
        """The document as the list shows it."""
        return _row(self.bylaw, self.versions)


def bylaws(work: Work, *, find: str = '', state: str = '') -> list[BylawRow]:
    """Return the 24 listed documents, begun or not, then the organisation's own, in the order of their numbers."""
    work.require(Permission.BYLAWS_READ)
    kept = work.session.exec(select(Bylaw).where(Bylaw.org_id == work.org.id).order_by(col(Bylaw.number))).all()
    standing = work.session.exec(select(BylawVersion).where(BylawVersion.org_id == work.org.id, col(BylawVersion.state).in_(('draft', 'in_force')))).all()
    rows = {number: BylawRow(number, title) for number, title in enumerate(LISTED, 1)}
    rows |= {b.number: _row(b, [v for v in standing if v.bylaw_id == b.id]) for b in kept}
    return [row for row in rows.values() if find in row.title and state in ('', row.state)]


def named(bylaw: Bylaw, version: BylawVersion) -> tuple[str, str]:
    """Return title and department of a version: as they were approved, else as the draft has them."""
    return (version.title, version.unit) if version.title else (bylaw.title, bylaw.unit)


def bylaw_page(work: Work, bylaw_id: int) -> BylawPage:
    """Return one document with its versions; raises NotYours."""
    work.require(Permission.BYLAWS_READ)
    bylaw = work.get(Bylaw, bylaw_id)
    found = work.session.exec(select(BylawVersion).where(BylawVersion.bylaw_id == bylaw.id).order_by(col(BylawVersion.version).desc())).all()
    return BylawPage(bylaw, tuple(found))


def findings_of(work: Work) -> list[Finding]:
    """Return what is wrong with the rule documents of the organisation worked on (source: ORG-54, ORG-55, ORG-103)."""
    work.require(Permission.BYLAWS_READ)
    return bylaw_findings([row.standing for row in bylaws(work)], work.profile.filing.materials.regulations_count)


def standards(
        work: Work, *, find: str = '', kind: str = '', before: int = 0, after: int = 0, last: bool = False, limit: int = 25,
) -> tuple[list[EvaluationStandard], bool]:
    """Return standards and norms at hand, newest first, and whether more follow in the direction asked."""
    work.require(Permission.BYLAWS_READ)
    return work.page(_standards(work, find, kind), EvaluationStandard, before=before, after=after, last=last, limit=limit)


def count_standards(work: Work, limit: int, *, find: str = '', kind: str = '') -> int:
    """Return how many standards fit the filters, counted up to a limit."""
    work.require(Permission.BYLAWS_READ)
    return work.session.exec(select(func.count()).select_from(_standards(work, find, kind).limit(limit).subquery())).one()


def all_standards(work: Work) -> list[EvaluationStandard]:
    """Return the standards at hand by occupation, work type and edition."""
    work.require(Permission.BYLAWS_READ)
    found = work.session.exec(_standards(work, '', '')).all()
    return sorted(found, key=lambda s: (s.occupation_code, s.work_type, s.edition, s.name))


def kept_standards(work: Work) -> dict[Key, tuple[int, dict[str, Any]]]:
    """Return what rows of a workbook are judged against: the standards at hand by key, each with its id and values."""
    work.require(Permission.BYLAWS_READ)
    values = {s.id: {key: getattr(s, key) for key in WORDS} for s in all_standards(work)}
    return {key_of(v): (standard_id, v) for standard_id, v in values.items()}


def _row(bylaw: Bylaw, versions: Sequence[BylawVersion]) -> BylawRow:
    by_state = {v.state: v for v in versions}
    return BylawRow(bylaw.number, bylaw.title, bylaw, by_state.get('in_force'), by_state.get('draft'))


def _standards(work: Work, find: str, kind: str) -> SelectOfScalar[EvaluationStandard]:
    q = select(EvaluationStandard).where(EvaluationStandard.org_id == work.org.id, col(EvaluationStandard.ended_on).is_(None))
    if find:
        q = q.where(col(EvaluationStandard.name).contains(find, autoescape=True) | col(EvaluationStandard.occupation).contains(find, autoescape=True)
                    | col(EvaluationStandard.occupation_code).startswith(find, autoescape=True))
    return q.where(EvaluationStandard.kind == kind) if kind else q


