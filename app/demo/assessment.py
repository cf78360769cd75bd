"""The technical assessments of the story: C's with five points to be put right, A's increment with its letter drafted, unsigned."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import yaml
from pydantic import AwareDatetime

from app.assessment.deciding import draft_letter, publicize
from app.assessment.operations import conclude, declare, open_assessment
from app.assessment.queries import assessment_page, sheet_page, sheets_of
from app.assessment.rules import NOTHING, Answer, Entry, Member, sheet_of
from app.assessment.scoring import open_consolidated, save_cell, save_header, sign_sheet
from app.demo.story import FOLDER, Act, Scene, Told
from app.rubric_models import Item
from app.rubric_rules import AllOrNothing, CountTable, Flag, Judgement, Lease, Options, PerItemEarned
from app.work import begin_as
from db.assessment import ScoreSheet

PUBLIC = 'public'


class Lost(Told):
    """What an item lost and why."""

    item: str
    answer: Answer
    remark: str


class Differs(Lost):
    """Where one of the panel saw it otherwise."""

    by: str
    sheet: str


class Point(Told):
    """A point of the rectification list."""

    item: str
    sentence: str


class Drafted(Told):
    """The letter as drafted."""

    drafted: Act
    issuer: str
    basis: str


class Panel(Told):
    """Who assesses."""

    title: str
    leader: str
    members: tuple[str, ...]


class Assessed(Told):
    """One assessment; sheets by 'public' or the name of the occupation."""

    opened: Act
    visited_on: date
    declared_at: AwareDatetime
    scored_at: AwareDatetime
    settled_at: AwareDatetime
    lost: dict[str, tuple[Lost, ...]]
    differs: Differs | None = None
    head: dict[str, dict[str, str]] = {}
    concluded: Act
    due_on: date | None = None
    points: tuple[Point, ...] = ()
    publicized: Act | None = None
    contact: str = ''
    letter: Drafted | None = None


class Assessments(Told):
    """The whole of assessment.yaml."""

    c: Assessed
    a: Assessed
    panel: Panel


@lru_cache(maxsize=1)
def told() -> Assessments:
    """Return the assessments of the story."""
    return Assessments.model_validate(yaml.safe_load((FOLDER / 'assessment.yaml').read_text(encoding='utf-8')))


def open_panel(scene: Scene, key: str) -> None:
    """Open the assessment of an accepted application of the story's organisation 'a' or 'c'."""
    scene.assessments[key] = _open(scene, key, getattr(told(), key), scene.applications[key])


def visit(scene: Scene, key: str) -> None:
    """Each of the panel declares, scores and signs his sheets; the leader settles."""
    said: Assessed = getattr(told(), key)
    for name in (told().panel.leader, *told().panel.members):
        with begin_as(scene.people[name], role='assessor', org_id=scene.orgs[key], at=said.declared_at) as work:
            declare(work, assessment_id=scene.assessments[key])
    for name in (told().panel.leader, *told().panel.members):
        _score(scene, key, said, scene.assessments[key], name)
    _settle(scene, key, said, scene.assessments[key])


def decide(scene: Scene, key: str) -> None:
    """The centre concludes, and publicizes where the story tells so."""
    said: Assessed = getattr(told(), key)
    with begin_as(scene.people[said.concluded.by], org_id=scene.orgs[key], at=said.concluded.at) as work:
        conclude(work, assessment_id=scene.assessments[key], points=[(p.item, p.sentence) for p in said.points], due_on=said.due_on)
    if said.publicized:
        with begin_as(scene.people[said.publicized.by], org_id=scene.orgs[key], at=said.publicized.at) as work:
            publicize(work, application_id=scene.applications[key], from_on=said.publicized.at.date(), contact=said.contact)


def draft(scene: Scene, key: str) -> None:
    """The letter is drafted and waits for its signature."""
    letter = getattr(told(), key).letter
    with begin_as(scene.people[letter.drafted.by], org_id=scene.orgs[key], at=letter.drafted.at) as work:
        draft_letter(work, application_id=scene.applications[key], issuer=letter.issuer, basis=letter.basis, valid_from=letter.drafted.at.date())


def _open(scene: Scene, key: str, said: Assessed, application_id: int) -> int:
    panel = told().panel
    with begin_as(scene.people[said.opened.by], org_id=scene.orgs[key], at=said.opened.at) as work:
        members = [Member(scene.people[name], name, panel.title, work.actor.org_name, name == panel.leader) for name in (panel.leader, *panel.members)]
        return open_assessment(work, application_id=application_id, method='onsite', visited_on=said.visited_on, members=members).id


def _score(scene: Scene, key: str, said: Assessed, assessment_id: int, name: str) -> None:
    """Fill and sign one assessor's sheets: full marks but for what the story lost, where one saw it otherwise his own."""
    with begin_as(scene.people[name], role='assessor', org_id=scene.orgs[key], at=said.scored_at) as work:
        page = assessment_page(work, assessment_id)
        names = {r.id: r.occupation for r in page.ranges}
        mine = {a.id for a in page.active if a.member_id == scene.people[name]}
        for sheet in [s for s in sheets_of(work, assessment_id) if s.assessor_id in mine]:
            place = names[sheet.range_id] if sheet.range_id else PUBLIC
            lost = {x.item: Entry(x.answer, x.remark) for x in said.lost.get(place, ())}
            if said.differs and (said.differs.by, said.differs.sheet) == (name, place):
                lost[said.differs.item] = Entry(said.differs.answer, said.differs.remark)
            for item in sheet_of(sheet.rubric).items:
                save_cell(work, sheet_id=sheet.id, item=item.id, shown=NOTHING, new=_whole(item, lost.get(item.id)))
            for field, text in said.head.get(place, {}).items():
                save_header(work, sheet_id=sheet.id, key=field, shown='', new=text)
            sign_sheet(work, sheet_id=sheet.id, shown_hash=sheet_page(work, sheet.id).shown_hash)


def _settle(scene: Scene, key: str, said: Assessed, assessment_id: int) -> None:
    """The leader settles where they differ as the story says, and signs the consolidated sheets."""
    with begin_as(scene.people[told().panel.leader], role='assessor', org_id=scene.orgs[key], at=said.settled_at) as work:
        made: list[ScoreSheet] = open_consolidated(work, assessment_id=assessment_id)
        for sheet in made:
            if said.differs and sheet.range_id is None:
                shown = sheet_page(work, sheet.id).entries[said.differs.item]
                settled = next(x for x in said.lost[PUBLIC] if x.item == said.differs.item)
                save_cell(work, sheet_id=sheet.id, item=said.differs.item, shown=shown, new=Entry(settled.answer, settled.remark))
            sign_sheet(work, sheet_id=sheet.id, shown_hash=sheet_page(work, sheet.id).shown_hash)


def _whole(item: Item, lost: Entry | None) -> Entry:
    """Return what the story says of an item, else the answer that earns all its points."""
    best: Answer
    match item.rule:
        case AllOrNothing():
            best = {'met': True}
        case CountTable(rows=rows):
            best = {'value': str(rows[0].min)}
        case Options(options=options):
            best = {'option': options[0].code}
        case PerItemEarned():
            best = {'count': str(item.points)}
        case Judgement():
            best = {'score': str(item.points)}
        case Lease():
            best = {'score': str(item.points), 'leased': False}
        case _:
            best = {'count': '0', 'hazard': False} if isinstance(item.veto_when, Flag) else {'count': '0'}
    return lost or Entry(best)
