"""The applications of the story: A's increment and C's own filing, from the first answer to the acceptance."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import yaml
from pydantic import AwareDatetime

from app.access import Role
from app.demo.story import FOLDER, Scene, Told, rows_of
from app.files import store_scan
from app.filing.acts import Point
from app.filing.desk import accept, ask_correction
from app.filing.drafts import add_range, add_row, leave_step, save_answer
from app.filing.forms import STEPS, extra, questions, row_model
from app.filing.holdings import add_holding, attach_to_holding
from app.filing.operations import addressed, answer_correction, complete, completed, hand_in, start_application, warning_key
from app.filing.queries import corrections_of, findings_of
from app.filing.ways import WAYS
from app.ledger_items import Written
from app.pdf import Paper
from app.personnel.operations import attach_proof, enter
from app.personnel.queries import examiner_members, expert_members
from app.work import Work, begin_as

DONE = '已补充，见申报材料。'


class AskedRow(NamedTuple):
    """An occupation asked for, with how theory and practice are evaluated."""

    occupation_code: str
    occupation: str
    work_type: str
    levels: tuple[int, ...]
    theory: str
    practical: str


class ToldApplication(Told):
    """One application of the story."""

    way: str
    clerk: str
    begun_at: AwareDatetime
    handed_in_at: AwareDatetime
    told_at: AwareDatetime
    completed_at: AwareDatetime
    accepted_at: AwareDatetime
    reason: str  # for the warnings
    accepted_because: str
    ranges: tuple[AskedRow, ...]
    unproven: tuple[str, ...]  # whose certificate comes with the correction only
    points: tuple[tuple[str, str, str], ...]  # step, field, what is missing
    corrections: dict[str, str]  # {step.field: the better answer}
    answers: dict[str, dict[str, Any]]


class ToldFiling(Told):
    """The whole of filing.yaml."""

    licences: dict[str, dict[str, Any]]
    training: dict[str, tuple[tuple[int, str, str, int, str, str], ...]]
    people: dict[str, tuple[tuple[str, str, dict[str, str]], ...]]
    applications: dict[str, ToldApplication]


@lru_cache(maxsize=1)
def told_filing() -> ToldFiling:
    """Return filing.yaml; raises pydantic's error, which names the place, when the file does not fit."""
    return ToldFiling.model_validate(yaml.safe_load((FOLDER / 'filing.yaml').read_text(encoding='utf-8')))


def hold(scene: Scene, key: str) -> None:
    """Enter what the application rests on and the registers do not hold yet: people with their proofs, the licence with its scan, whom it trained."""
    told, story = told_filing(), told_filing().applications[key]
    _people(scene, key)
    if key not in told.licences:
        return
    scan = store_scan(_scan(told.licences[key]['number']), scene.orgs[key], name='法人登记证照.pdf')
    with begin_as(scene.people[story.clerk], role=Role.FILING_CLERK, at=story.begun_at) as work:
        licence = add_holding(work, ledger='licence', written=told.licences[key])
        attach_to_holding(work, ledger='licence', record_id=licence.id, scan=scan, kind='licence')
        for year, kind, trade, people, code, level in told.training[key]:
            line: dict[str, Written] = {'year': year, 'kind': kind, 'trade': trade, 'people': people, 'occupation_code': code, 'level': level}
            add_holding(work, ledger='training', written=line)


def _people(scene: Scene, key: str) -> None:
    """Enter the examiners, experts and seats that the application needs, then the proofs of all but those that are told to lack them."""
    told, story = told_filing(), told_filing().applications[key]
    numbers = {row['姓名']: row['证件号码'] for row in rows_of('people')}
    with begin_as(scene.people[story.clerk], role=Role.FILING_CLERK, at=story.begun_at) as work:
        for register, name, written in told.people[key]:
            enter(work, register=register, written={'name': name, 'id_no': numbers[name], **written})
        unproven = [(r, m.row.id, m.person.name) for r, held in (('examiners', examiner_members(work)), ('experts', expert_members(work))) for m in held if not m.proofs]
    for register, row_id, name in unproven:
        if name not in story.unproven:
            _prove(scene, key, register, row_id, name, story.begun_at)


def _prove(scene: Scene, key: str, register: str, row_id: int, name: str, at: datetime) -> None:
    scan = store_scan(_scan(f'{name}（职称、技能等级证书）'), scene.orgs[key], name=f'{name}.pdf')
    with begin_as(scene.people[told_filing().applications[key].clerk], role=Role.FILING_CLERK, at=at) as work:
        attach_proof(work, register=register, row_id=row_id, scan=scan, kind='skill_certificate')


def apply(scene: Scene, key: str) -> None:
    """Write an application and hand it in, with a reason for each warning."""
    story = told_filing().applications[key]
    with begin_as(scene.people[story.clerk], role=Role.FILING_CLERK, at=story.begun_at) as work:
        app_id = start_application(work, way=story.way).id
        for step in WAYS[story.way].steps:
            if step in STEPS:
                _write(work, app_id, step, story.answers[step])
        for row in story.ranges:
            add_range(
                work, application_id=app_id, occupation_code=row.occupation_code, occupation=row.occupation, work_type=row.work_type, levels=row.levels,
                modes={'theory': row.theory, 'practical': row.practical, 'review': ''})
    scene.applications[key] = app_id
    with begin_as(scene.people[story.clerk], role=Role.FILING_CLERK, at=story.handed_in_at) as work:
        record = addressed(work, app_id)
        reasons = {warning_key(f): story.reason for f in findings_of(work, app_id, record)}
        hand_in(work, application_id=app_id, reasons=reasons, shown_sha256=record.sha256)


def tell(scene: Scene, key: str) -> None:
    """The centre tells in one go what is missing."""
    story = told_filing().applications[key]
    with begin_as(scene.people[scene.story.centre.clerk], role=Role.ACCEPTANCE_CLERK, org_id=scene.orgs[key], at=story.told_at) as work:
        ask_correction(work, application_id=scene.applications[key], points=[Point(*point) for point in story.points])


def mend(scene: Scene, key: str) -> None:
    """The organisation completes what was missing."""
    story, app_id = told_filing().applications[key], scene.applications[key]
    with begin_as(scene.people[story.clerk], role=Role.FILING_CLERK, at=story.completed_at, reads=True) as work:
        late = [(m.row.id, m.person.name) for m in examiner_members(work) if not m.proofs]
    for row_id, name in late:
        _prove(scene, key, 'examiners', row_id, name, story.completed_at)
    with begin_as(scene.people[story.clerk], role=Role.FILING_CLERK, at=story.completed_at) as work:
        for place, text in story.corrections.items():
            step, _, field = place.partition('.')
            save_answer(work, application_id=app_id, step=step, field=field, shown=story.answers[step][field], new=text)
        for point in corrections_of(work, app_id):
            answer_correction(work, correction_id=point.id, shown='', new=DONE)
        record = completed(work, app_id)
        reasons = {warning_key(f): story.reason for f in findings_of(work, app_id, record)}
        complete(work, application_id=app_id, reasons=reasons, shown_sha256=record.sha256)


def take_in(scene: Scene, key: str) -> None:
    """The centre accepts."""
    story = told_filing().applications[key]
    with begin_as(scene.people[scene.story.centre.clerk], role=Role.ACCEPTANCE_CLERK, org_id=scene.orgs[key], at=story.accepted_at) as work:
        accept(work, application_id=scene.applications[key], reason=story.accepted_because)


def _write(work: Work, application_id: int, step: str, answers: dict[str, Any]) -> None:
    for field, definition in questions(STEPS[step]).items():
        if field not in answers:
            continue
        if row_model(definition):
            for row in answers[field]:
                add_row(work, application_id=application_id, step=step, field=field, row=row)
            continue
        given = answers[field]
        begun = given if (step, field) == ('belonging', 'audience') else [] if extra(definition)['kind'] == 'multi' else ''
        save_answer(work, application_id=application_id, step=step, field=field, shown=begun, new=given)
    leave_step(work, application_id=application_id, step=step)


def _scan(of: str) -> bytes:
    """Return a drawn sheet in place of a scan."""
    paper = Paper('证件扫描件（演示）')
    paper.rows([('证件', of)])
    return paper.to_bytes()
