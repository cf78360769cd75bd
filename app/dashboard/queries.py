"""What looks across all functions: the trail as people read it, and the desk of the day."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select as plain
from sqlmodel import col, select

from app.access import Permission
from app.audit import Broken, check_chain
from app.batches.queries import batches
from app.certificates.queries import open_reissues
from app.dashboard.idle import idle_filings
from app.house import calendar, house
from app.organizations.queries import organizations, proposed_ends
from app.scores.queries import score_table, signatures
from app.scores.rules import STEP_WORDS, STEPS
from app.work import Work
from app.workdays import Due, working_days_left
from db.audit import Trail
from db.batches import Batch
from db.organizations import Filing, Org
from db.registration import Candidate

SOON_DAYS = 60  # a filing's end is shown this long before


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the trail."""

    n: int
    at: datetime
    who: str
    verb: str
    table: str
    row_id: int


def trail(work: Work, *, before: int = 0, limit: int = 50) -> tuple[list[Entry], bool]:
    """Return entries of the organisations in scope, newest first, and whether more follow."""
    work.require(Permission.AUDIT_READ)
    q = plain(col(Trail.n), col(Trail.body)).where(col(Trail.org_id).in_(work.scope))
    if before:
        q = q.where(col(Trail.n) < before)
    rows = work.session.connection().execute(q.order_by(col(Trail.n).desc()).limit(limit + 1)).all()
    found = []
    for n, body in rows[:limit]:
        said = json.loads(body)
        found.append(Entry(n, datetime.fromisoformat(said['at']), said['name'], said['verb'], said['table'], said['row']))
    return found, len(rows) > limit


def check_trail(work: Work) -> list[Broken]:
    """Return where the trail was changed or cut; empty when it is whole (SEC-05)."""
    work.require(Permission.AUDIT_READ)
    return check_chain(work.session.connection(), house().keys)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the desk: what, until when, where."""

    sentence: str
    address: str
    due_on: date | None = None
    days_left: int | None = None
    grade: str = 'calm'  # calm, warn, block
    rule: str = ''


def desk(work: Work) -> dict[str, list[Item]]:
    """Return what is due, what is wrong and what is running for the actor's post, each with its address."""
    found: dict[str, list[Item]] = {'due': [], 'wrong': [], 'running': []}
    _filings(work, found)
    for idle in idle_filings(work):
        found['wrong' if idle.grade == 'block' else 'due'].append(Item(idle.sentence, f'/organizations/{idle.org_id}', idle.due_on, grade=idle.grade, rule=idle.rule))
    for row in batches(work, limit=50)[0] if work.actor.may(Permission.BATCHES_READ) else []:
        _batch(work, row.batch, found)
    for reissue, c in open_reissues(work) if work.actor.may(Permission.CERTIFICATES_PRINT) else []:
        step = '待机构负责人批准' if reissue.state == 'requested' else '已批准，待打印'
        found['due'].append(Item(f'{c.name}的证书{c.number}补发{step}', f'/batches/{c.batch_id}/certificates/{c.id}', grade='warn', rule='CERT-23'))
    return found


def _filings(work: Work, found: dict[str, list[Item]]) -> None:
    orgs = {o.id: o for o in organizations(work, limit=200)[0]}
    for end, filing in proposed_ends(work):
        if end.org_id in orgs:
            found['due'].append(Item(f'{orgs[end.org_id].name}的备案{filing.number}终止待第二人确认', f'/organizations/{end.org_id}', grade='warn', rule='CERT-24'))
    for filing in work.session.exec(select(Filing).order_by(col(Filing.valid_to))):
        org: Org | None = orgs.get(filing.org_id)
        if org is None:
            continue
        address = f'/organizations/{org.id}'
        if filing.state == 'proposed':
            found['due'].append(Item(f'{org.name}的备案{filing.number}待第二人确认', address, grade='warn', rule='ORG-80'))
            continue
        left = (filing.valid_to - work.today).days
        if filing.state != 'in_force' or left > SOON_DAYS:
            continue
        sentence = f'{org.name}的备案已于{filing.valid_to}到期，不能安排新的认定' if left < 0 else f'{org.name}的备案还有{left}天到期，请办理延续'
        days = working_days_left(work.today, Due(filing.valid_to, False), calendar())
        found['wrong' if left < 0 else 'due'].append(Item(sentence, address, filing.valid_to, days, 'block' if left < 0 else 'warn', 'ORG-90'))


def _batch(work: Work, batch: Batch, found: dict[str, list[Item]]) -> None:
    name = f'{batch.number} {batch.title}'
    address = f'/batches/{batch.id}'
    if batch.state == 'registering':
        without = len(work.session.exec(select(Candidate.id).where(Candidate.batch_id == batch.id, col(Candidate.photo_id).is_(None))).all())
        if without:
            found['wrong'].append(Item(f'{name}：{without}人缺照片', f'{address}/candidates?photo=without', grade='warn', rule='CERT-02'))
        found['running'].append(Item(f'{name}：报名中', f'{address}/candidates'))
    elif batch.state == 'scoring':
        signed = [s.step for s in signatures(work, batch)]
        if work.actor.may(Permission.SCORES_READ):
            open_cells = len(score_table(work, batch.id).findings)
            nxt = STEP_WORDS[STEPS[len(signed)]]
            sentence = f'{name}：成绩还有{open_cells}格待录入或核对' if open_cells else f'{name}：成绩一致，待{nxt}签字'
            found['due'].append(Item(sentence, f'{address}/scores', rule='SCORE-12'))
        found['running'].append(Item(f'{name}：成绩录入', f'{address}/scores'))
    elif batch.state == 'signed':
        found['due'].append(Item(f'{name}：成绩已签，待公示', f'{address}/scores', grade='warn', rule='SCORE-18'))
    elif batch.state == 'publicized' and batch.publicity_to_on:
        over = work.today > batch.publicity_to_on
        sentence = f'{name}：公示期满，待机构负责人签批核发' if over else f'{name}：公示至{batch.publicity_to_on}'
        left = working_days_left(work.today, Due(batch.publicity_to_on, batch.publicity_provisional), calendar())
        found['due' if over else 'running'].append(
            Item(sentence, f'{address}/certificates', batch.publicity_to_on, None if over else left, 'warn' if over else 'calm', 'SCORE-19'))
    elif batch.state == 'approved':
        found['due'].append(Item(f'{name}：编号已生成，待打印和登记发证', f'{address}/certificates', grade='warn', rule='CERT-01'))
