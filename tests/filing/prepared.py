"""An applicant with registers that pass, and an application of it filled to the last question: what tests of filing begin with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from app.access import Role
from app.codes import credit_code
from app.filing.drafts import add_range, add_row, save_answer
from app.filing.forms import STEPS, extra, questions, row_model
from app.filing.operations import addressed, hand_in, start_application, warning_key
from app.filing.queries import findings_of
from app.filing.records import ApplicationRecord
from app.filing.ways import WAYS
from app.findings import Finding
from app.house import house
from app.organizations.operations import register_org
from app.users.operations import add_person, give_post
from app.words import CHINA
from app.work import begin_as
from db.audit import Trail
from db.base import Owned
from db.bylaws import Bylaw, BylawVersion, EvaluationStandard
from db.equipment import Equipment
from db.files import Attachment
from db.filing import Application, Licence, Snapshot, TrainingYear
from db.organizations import Org
from db.personnel import Examiner, Expert, GroupSeat, InternalSupervisor, Staff
from db.premises import InfoSystem, Room, Site
from tests import make

AT = datetime(2026, 10, 26, 9, 0, tzinfo=CHINA)  # a Monday
CODE, OCCUPATION = '4-10-01-03', '保育师'
REASON = '已核实，情况属实'
NO = ('government_body', 'breach', 'illegal_list', 'bad_record', 'subcontracts', 'secondary', 'small_subject')
EMPTY = ('civil_affairs_failed_on', 'abnormal_list_on', 'under_department')


@dataclass
class Applicant:
    """An organisation of the centre's region without a filing, with its people: head, clerk."""

    made: make.World
    org: Org
    head: int
    clerk: int


def applicant(made: make.World, *, kind: str = 'social_training_org', n: int = 7, region: str = '990103', at: datetime = AT) -> Applicant:
    """Return an organisation that may apply, with registers that pass."""
    with begin_as(made.people['centre_head'], at=at) as work:
        org = register_org(
            work, name=f'明川市申报{n}号学校（演示）', kind=kind, credit_code=credit_code(f'5299010{n % 9}MA97{n:04d}0'[:17]), region=region, profile='demo', short_name='申报',
            address='明川市学府路1号', phone='0371-65900000')
    head = make.first_person_of(org, '何立春', make.number(1500 + n))
    with begin_as(head.id, at=at) as work:
        clerk = add_person(work, name='汪觜火', id_number=make.number(1600 + n))
        give_post(work, person_id=clerk.id, role=Role.FILING_CLERK, from_on=make.START)
    found = Applicant(made, org, head.id, clerk.id)
    registers(found, n)
    return found


def registers(a: Applicant, n: int) -> None:
    """Fill the registers with what the rules of the demo's profile ask for one occupation."""
    with begin_as(a.head, at=AT) as work:
        people = [add_person(work, name=f'师傅{i}', id_number=make.number(1700 + n * 20 + i), title='教师') for i in range(8)]
        scan = make.keep_scan(work, b'%PDF-1.7 proof', name='证明.pdf')
    kept: list[Owned] = []

    def row(model: type[Owned], **values: Any) -> Any:
        kept.append(model.model_validate({'org_id': a.org.id, **values}))
        return kept[-1]

    site = row(Site, name='主校区', address='明川市学府路1号', region=a.org.region, area_dm2=120_000, tenure='owned', title_no='产权1号')
    rooms = [row(Room, site_id=site.id, name=name, kind=kind, area_dm2=area, seats=seats, camera_count=2, resolution='1080P', fire_ok=True,
                 serves=[{'occupation_code': CODE, 'work_type': ''}])
             for name, kind, area, seats in (('机房', 'theory_computer', 12_000, 40), ('实训室', 'practical', 20_000, 10), ('考务室', 'exam_affairs_office', 3_000, 0),
                                             ('档案室', 'archive_room', 3_000, 0), ('保密室', 'confidential_room', 2_000, 0))]
    row(Equipment, number='BY-0001', name='工作台', count=5, occupation_code=CODE, room_id=rooms[1].id)
    for kind in ('exam_affairs', 'item_bank', 'computer_exam', 'video'):
        row(InfoSystem, kind=kind, name=f'系统{kind}', docking='docked', platform='省平台')
    for i, person in enumerate(people):
        row(Staff, person_id=person.id, education='本科', title='高级讲师', title_rank='senior', skill_level=1, full_time=i < 3, works_in_evaluation=i < 3)
    proven = [row(Examiner, person_id=p.id, grade='senior', occupation_code=CODE, occupation=OCCUPATION, card_no='', letter_no='聘1号', card_to=date(2028, 1, 1)) for p in people[:3]]
    proven += [row(Expert, person_id=p.id, occupation_code=CODE, occupation=OCCUPATION, years=9, letter_no='聘2号', engaged_to=date(2028, 1, 1)) for p in people[3:5]]
    for person in people[5:8]:
        row(InternalSupervisor, person_id=person.id, direction='过程督导')
    for position, person in (('head', people[0]), ('member', people[1])):
        row(GroupSeat, person_id=person.id, group='leading', position=position)
    for number in range(1, 25):
        bylaw = row(Bylaw, number=number, title=f'制度{number}', unit='综合科', posted_at='公告栏')
        row(BylawVersion, bylaw_id=bylaw.id, version=1, state='in_force', made_on=date(2026, 1, 5), drafted_by_id=a.clerk, drafted_by='汪觜火')
    row(EvaluationStandard, occupation_code=CODE, occupation=OCCUPATION, name='保育师国家职业技能标准', edition=2021, levels=[5, 4, 3])
    row(TrainingYear, year=2025, kind='社会培训', trade=OCCUPATION, occupation_code=CODE, people=120, level='四级')
    proven += [site, row(Licence, kind='private_non_enterprise', number='52001', issuer='民政局'), row(Licence, kind='school', number='民培1号', issuer='人社局')]
    for proof in proven:
        row(Attachment, row_id=proof.id, kind='proof', title='证明', file_id=scan.id, added_at=AT, added_by='汪觜火')
    with Session(house().engines.write) as session:
        for each in kept:
            session.add(each)
            session.flush()
        session.commit()


def answer(definition: Any, name: str) -> Any:
    """Return an answer that its kind takes and no rule minds."""
    said = extra(definition)
    if name in EMPTY:
        return None if said['kind'] == 'date' else ''
    by_kind: dict[str, Any] = {'date': '2026-10-20', 'month': '2026-11', 'number': '8', 'yes_no': 'no' if name in NO else 'yes', 'phone': '0371-65900000', 'email': 'name@example.com', 'multi': []}
    if said['options']:
        return by_kind['yes_no'] if said['kind'] == 'yes_no' else next(iter(said['options'])) if said['kind'] != 'multi' else []
    return by_kind.get(said['kind'], f'{definition.title}如实填写'[:said['most'] or 50])


FIXED = {'basics.nature': 'private_non_enterprise', 'letter.seal_sample': '', 'belonging.social_insurance_place': '明川市', 'school.centre_name': '明川技师学院职业技能等级认定中心'}


def fill(a: Applicant, application_id: int, *, at: datetime = AT) -> None:
    """Answer every question of an application."""
    with begin_as(a.clerk, at=at) as work:
        app = work.get(Application, application_id)
        for step in (s for s in WAYS[app.way].steps if s in STEPS):
            for field, definition in questions(STEPS[step]).items():
                columns = row_model(definition)
                if columns:
                    row = {n: answer(d, n) for n, d in questions(columns).items()} | {'occupation_code': CODE, 'work_type': '', 'level': '4', 'class_kind': 'both'} | (
                        {'what': 'name', 'before': a.org.name, 'after': f'明川市改名学校{app.id}（演示）'} if field == 'changes' else {})
                    add_row(work, application_id=app.id, step=step, field=field, row={n: v for n, v in row.items() if n in questions(columns)})
                    continue
                shown = app.data.get(step, {}).get(field, [] if extra(definition)['kind'] == 'multi' else '')
                new = shown or FIXED.get(f'{step}.{field}', answer(definition, field))
                save_answer(work, application_id=app.id, step=step, field=field, shown=shown, new=new)
        if 'ranges' in WAYS[app.way].steps and not work.session.exec(select(Application.id).where(Application.way == 'extension', Application.id == app.id)).first():
            add_range(work, application_id=app.id, occupation_code=CODE, occupation=OCCUPATION, levels=[5, 4, 3], modes={'theory': '机考', 'practical': '实操', 'review': ''})


def filled(a: Applicant, way: str = 'social', *, at: datetime = AT) -> int:
    """Return the id of an application ready to be handed in."""
    with begin_as(a.clerk, at=at) as work:
        app_id = start_application(work, way=way).id
    fill(a, app_id, at=at)
    return app_id


def judged(a: Applicant, application_id: int, *, at: datetime = AT) -> tuple[ApplicationRecord, list[Finding], Mapping[str, str]]:
    """Return record, findings, and a reason for each warning."""
    with begin_as(a.clerk, at=at, reads=True) as work:
        record = addressed(work, application_id)
        found = findings_of(work, application_id, record)
    return record, found, {warning_key(f): REASON for f in found if f.severity == 'warn'}


def handed_in(a: Applicant, way: str = 'social', *, at: datetime = AT) -> tuple[int, Snapshot]:
    """Return the id of an application that was handed in, with its snapshot."""
    app_id = filled(a, way, at=at)
    record, _, reasons = judged(a, app_id, at=at)
    with begin_as(a.clerk, at=at) as work:
        return app_id, hand_in(work, application_id=app_id, reasons=reasons, shown_sha256=record.sha256)


def start(a: Applicant, way: str = 'social', **more: Any) -> int:
    """Begin an application and return its id."""
    with begin_as(a.clerk, at=AT) as work:
        return start_application(work, way=way, **more).id


def save(a: Applicant, application_id: int, step: str, field: str, new: Any, shown: Any = '', by: int = 0) -> Any:
    """Save an answer as the clerk, or as another person."""
    with begin_as(by or a.clerk, at=AT) as work:
        return save_answer(work, application_id=application_id, step=step, field=field, shown=shown, new=new)


def verbs(row_id: int, person: int) -> list[str]:
    """Return what the trail says of a row, in order."""
    with begin_as(person, at=AT, reads=True) as work:
        return [json.loads(b)['verb'] for b in work.session.exec(select(Trail.body).where(col(Trail.row_id) == row_id).order_by(col(Trail.n)))]
