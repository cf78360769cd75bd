"""What tests of assessments begin with: an accepted application, a panel of three, sheets scored and signed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from app.access import Role
from app.assessment.operations import declare, open_assessment
from app.assessment.queries import assessment_page, sheet_page, sheets_of
from app.assessment.rules import NOTHING, Entry, Member, sheet_of
from app.assessment.scoring import open_consolidated, save_cell, save_header, sign_sheet
from app.codes import credit_code
from app.errors import Refused
from app.files import keep_file
from app.house import house
from app.organizations.operations import register_org
from app.words import CHINA
from app.work import Work, begin_as
from db.assessment import ScoreSheet
from db.filing import Application, ApplicationRange, Snapshot
from tests import make
from tests.filing import made as records
from tests.rubric_answers import best_answers

VISIT = datetime(2026, 11, 18, 9, 0, tzinfo=CHINA)
AFTER = datetime(2026, 11, 19, 9, 0, tzinfo=CHINA)
NAMES = ('米星日', '明翼火', '臧轸水', '贝张月')
CHILDCARE = ('4-10-01-03', '保育师', '', [5, 4, 3])
FITTER = ('6-20-01-01', '钳工', '', [5, 4, 3])
HEADS = {'headcount_total': '40', 'headcount_level5': '10', 'headcount_level4': '10', 'headcount_level3': '10', 'headcount_level2_up': '5',
         'graduates_level4': '62', 'graduates_level3': '41'}


@dataclass
class Case:
    """An accepted application with those who assess it."""

    made: make.World
    org_id: int
    application_id: int
    assessors: list[int]
    assessment_id: int = 0
    range_ids: list[int] = field(default_factory=list)

    @property
    def clerk(self) -> int:
        return self.made.people['acceptance_clerk']

    @property
    def head(self) -> int:
        return self.made.people['centre_head']


Build = Callable[[], Case]
Stage = Callable[[Build], Case]  # opens a house on a copy of what is built once a run (conftest.py); the case in it


def assessors(made: make.World, count: int = 4) -> list[int]:
    """Return people of the centre who hold the role of an assessor."""
    return [make.first_person_of(made.centre, name, make.number(870 + n), Role.ASSESSOR).id for n, name in enumerate(NAMES[:count])]


def accepted(*, way: str = 'school_own', kind: str = 'technical_school', ranges: Sequence[tuple[str, str, str, list[int]]] = (FITTER,), made: make.World | None = None) -> Case:
    """Return an accepted application of an organisation without a filing (of the first one for an increment)."""
    made = made or make.world()
    org_id, filing_id = made.org.id, made.filing.id if way in ('increment', 'extension') else None
    if filing_id is None:
        with begin_as(made.people['acceptance_clerk'], at=make.NOW) as work:
            org_id = register_org(
                work, name='明川技师学院（演示）', kind=kind, credit_code=credit_code('12990104MA99DM037'), region='990104', profile='demo').id
    application = Application.model_validate({
        'receiver': made.centre.name,
        'org_id': org_id, 'way': way, 'state': 'accepted', 'number': '明鉴备受〔2026〕7号', 'form_version': 1, 'profile': 'demo', 'prepared_by_id': made.people['head'],
        'prepared_by': '汪觜火（备案联系人）', 'filing_id': filing_id, 'received_on': date(2026, 11, 9),
        'handed_in_at': datetime(2026, 11, 9, 1, 0, tzinfo=UTC)})
    rows = [ApplicationRange.model_validate({'org_id': org_id, 'application_id': application.id, 'seq': n, 'occupation_code': code, 'occupation': name, 'work_type': kind_of_work, 'levels': levels})
            for n, (code, name, kind_of_work, levels) in enumerate(ranges, 1)]
    with Session(house().engines.write, expire_on_commit=False) as session:
        session.add(application)
        session.flush()
        session.add_all(rows)
        session.commit()
    with begin_as(made.people['acceptance_clerk'], org_id=org_id, at=make.NOW) as work:
        _seal(work, application)
    return Case(made, org_id, application.id, assessors(made), range_ids=[r.id for r in rows])


def _seal(work: Work, application: Application) -> None:
    """Keep what was handed in with an application, under the name that the organisation bears now."""
    handed_in = records.record(application.way, profile='demo', application_id=application.id, receiver=application.receiver, org=records.ORG.model_copy(
        update={'name': work.org.name, 'kind': work.org.kind, 'credit_code': work.org.credit_code, 'region': work.org.region, 'address': work.org.address}))
    data = handed_in.canonical()
    work.keep('application.snapshot', work.make(
        Snapshot, application_id=application.id, n=1, file_id=keep_file(work, data, name='申报材料.json', content_type='application/json').id, sha256=handed_in.sha256,
        form_version=handed_in.form_version, made_at=work.now, by_id=application.prepared_by_id, by=application.prepared_by))


def members(case: Case, *, leader: int = 0, count: int = 3) -> list[Member]:
    return [Member(person, NAMES[n], '高级讲师', '明川市职业技能鉴定指导中心（演示）', n == leader) for n, person in enumerate(case.assessors[:count])]


def opened(case: Case, *, declared: bool = True, spread_line: str = '2') -> Case:
    """Return the case with its assessment open, every member's declaration given."""
    with begin_as(case.clerk, org_id=case.org_id, at=VISIT) as work:
        case.assessment_id = open_assessment(
            work, application_id=case.application_id, method='onsite', visited_on=VISIT.date(), members=members(case), spread_line=spread_line).id
    for person in case.assessors[:3] if declared else ():
        with begin_as(person, org_id=case.org_id, at=VISIT) as work:
            declare(work, assessment_id=case.assessment_id)
    return case


def sheets(case: Case, person: int) -> list[ScoreSheet]:
    """Return the sheets of a person on the panel, the public one first; of nobody: the consolidated ones."""
    with begin_as(case.clerk, org_id=case.org_id, at=VISIT, reads=True) as work:
        page = assessment_page(work, case.assessment_id)
        mine = {a.id for a in page.active if a.member_id == person}
        return [s for s in sheets_of(work, case.assessment_id) if (s.assessor_id in mine if person else s.assessor_id is None)]


def fill(case: Case, person: int, sheet: ScoreSheet, changes: Mapping[str, Entry] = {}) -> None:
    """Score a sheet with the best answers, then what the case changes; head cells where the rubric has them."""
    rubric = sheet_of(sheet.rubric)
    entries = {item: Entry(answer) for item, answer in best_answers(rubric).items()} | dict(changes)
    with begin_as(person, org_id=case.org_id, at=VISIT) as work:
        for item, entry in entries.items():
            save_cell(work, sheet_id=sheet.id, item=item, shown=NOTHING, new=entry)
        for field_ in rubric.header_fields:
            if field_.type in ('int', 'number'):
                save_header(work, sheet_id=sheet.id, key=field_.key, shown='', new=HEADS[field_.key])


def shown_hash(case: Case, person: int, sheet_id: int) -> str:
    with begin_as(person, org_id=case.org_id, at=VISIT, reads=True) as work:
        return sheet_page(work, sheet_id).shown_hash


def sign(case: Case, person: int, sheet_id: int) -> ScoreSheet:
    shown = shown_hash(case, person, sheet_id)
    with begin_as(person, org_id=case.org_id, at=VISIT) as work:
        return sign_sheet(work, sheet_id=sheet_id, shown_hash=shown)


Changes = Callable[[int, ScoreSheet], Mapping[str, Entry]]  # (number of the assessor, sheet) → what differs from the best


def all_signed(case: Case, changes: Changes = lambda n, sheet: {}) -> Case:
    """Return the case with every member's sheets filled and signed."""
    for n, person in enumerate(case.assessors[:3]):
        for sheet in sheets(case, person):
            fill(case, person, sheet, changes(n, sheet))
            sign(case, person, sheet.id)
    return case


def consolidated(case: Case, changes: Changes = lambda n, sheet: {}) -> Case:
    """Return the case with its consolidated sheets signed by the leader; all assessors agree."""
    all_signed(case, changes)
    leader = case.assessors[0]
    with begin_as(leader, org_id=case.org_id, at=VISIT) as work:
        made = [s.id for s in open_consolidated(work, assessment_id=case.assessment_id)]
    for sheet_id in made:
        sign(case, leader, sheet_id)
    return case


# ------------------------------------------------------------------ stages that tests begin with, built once (conftest.py)


def just_opened() -> Case:
    return opened(accepted())


def just_signed() -> Case:
    return all_signed(just_opened())


def just_consolidated() -> Case:
    return consolidated(just_opened())


def basically_ready() -> Case:
    """The consolidated sheets give 86 points: 基本具备."""
    return consolidated(just_opened(), lost)


def lost(n: int, sheet: ScoreSheet) -> dict[str, Entry]:
    """14 points of the school's public sheet (demo story §6): 86 stay, 基本具备."""
    return {'A3.13': Entry({'score': '3'}, '薄'), 'A3.14': Entry({'score': '0', 'leased': False}, '差'), 'A3.15': Entry({'score': '0', 'leased': False}, '差'),
            'A3.16': Entry({'score': '0', 'leased': False}, '差'), 'A3.17': Entry({'score': '3', 'leased': False}, '差')} if sheet.range_id is None else {}


# ------------------------------------------------------------------ what tests ask


def state_of(case: Case) -> str:
    with begin_as(case.clerk, org_id=case.org_id, at=VISIT, reads=True) as work:
        return work.get(Application, case.application_id).state


def refused(act: Callable[[Work], object], person: int, case: Case, match: str, kind: type[Refused] = Refused, at: datetime = VISIT) -> Refused:
    """Act in somebody's post and return the refusal that it meets."""
    with pytest.raises(kind, match=match) as said, begin_as(person, org_id=case.org_id, at=at) as work:
        act(work)
    return said.value
