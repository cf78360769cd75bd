"""What the centre answered to an application as the record of its notice: F-ACCEPT, F-CORRECT, F-REJECT (ORG-72 … ORG-77)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlmodel import col, select

from app.access import Permission
from app.errors import NotYours
from app.filing.materials import asked
from app.filing.papers.centre import STATES, Answer
from app.filing.queries import corrections_of, seen, snapshot_record, snapshots_of
from app.filing.records import ApplicationRecord
from app.filing.ways import STEP_WORDS
from app.regulation import profile
from app.words import china_time
from app.work import Work
from db.filing import CentreAct, Correction, Lifted
from db.organizations import Org

FORMS = {'application.accept': 'F-ACCEPT', 'application.correct': 'F-CORRECT', 'application.refuse': 'F-REJECT'}  # verb of the act → its notice
SHOWN_IN: Mapping[str, tuple[str, ...]] = {  # step that a point names → materials that it lies in, the first one asked for counts
    **dict.fromkeys(('basics', 'belonging', 'ranges', 'strengths', 'systems', 'employer', 'school', 'nationwide'), ('application_form', 'extension_form', 'basic_data_form')),
    'increment': ('extension_letter',), 'letter': ('application_letter', 'extension_letter'), 'standing': ('credit_report_or_pledge', 'integrity_pledge'),
    'licences': ('licences', 'legal_person_certificate', 'legal_person_certificate_or_credit_code'), 'groups': ('leading_group_document',),
    **dict.fromkeys(('rooms', 'equipment'), ('venue_and_equipment_proof', 'asset_proof_or_pledge')), 'people': ('staff_skill_proof', 'expert_proof_or_pledge'),
    **dict.fromkeys(('plan', 'training'), ('implementation_plan', 'plan_and_quality_control')), **dict.fromkeys(('bylaws', 'standards'), ('standards_and_rules',))}


def notices_of(work: Work, application_id: int) -> list[CentreAct]:
    """Return the acts that a notice of this centre goes out for, oldest first; what was copied from letters has its letter."""
    work.require(Permission.FILING_READ)
    return list(work.session.exec(select(CentreAct).where(
        CentreAct.application_id == seen(work, application_id).id, CentreAct.state == 'in_force', col(CentreAct.outside).is_(False),
        col(CentreAct.verb).in_(list(FORMS))).order_by(col(CentreAct.id))))


def notice_record(work: Work, act_id: int) -> Answer:
    """Return an act as its notice prints it, judged by what had been handed in before it. raises NotYours"""
    work.require(Permission.FILING_READ)
    act = work.get(CentreAct, act_id)
    app = seen(work, act.application_id)
    if act.outside or act.state != 'in_force' or act.verb not in FORMS:
        raise NotYours
    before = [s for s in snapshots_of(work, app.id) if s.id < act.id][-1]  # ids rise, also where a demo's clock was set back
    points = [c for c in corrections_of(work, app.id) if c.act_id == act.id]
    lifted = {x.rule: x.reason for x in work.session.exec(select(Lifted).where(Lifted.application_id == app.id))}
    told = act.verb == 'application.correct'
    return Answer(
        act.number, act.issuer, work.get(Org, app.org_id).name, china_time(before.made_at).date(), act.recorded_by, _items(work, snapshot_record(work, before.id), points, lifted),
        tuple((c.label, c.sentence) for c in points), app.correction_due_on if told else None, act.text if act.verb == 'application.refuse' else '',
        str(act.data.get('basis') or ''), act.recorded_by, act.decided_on)


def _items(work: Work, record: ApplicationRecord, points: Sequence[Correction], lifted: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Return material, state and what is wrong: what a point names does not fit, what an exception was admitted for counts as complete."""
    whole, lacking, unfit = STATES
    rule, materials = asked(record, profile(record.profile, work.org.overlay))
    named = {c.id: next((m.key for key in SHOWN_IN.get(c.step, ()) for m in materials if m.key == key), '') for c in points}
    at = {c.id: f'见补正事项第{n}项' for n, c in enumerate(points, 1)}
    rows = []
    for m in materials:
        if wrong := '；'.join(at[c.id] for c in points if named[c.id] == m.key):
            rows.append((m.word, unfit, wrong))
        elif m.there:
            rows.append((m.word, whole, ''))
        else:
            rows.append((m.word, whole, f'已同意例外：{lifted[rule]}') if rule in lifted else (m.word, lacking, m.todo))
    return (*rows, *((STEP_WORDS[c.step], unfit, at[c.id]) for c in points if not named[c.id]))
