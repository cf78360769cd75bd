"""What looks across all functions: the trail as people read it, and the desk of the day."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select as plain
from sqlmodel import col, select

from app.access import Permission
from app.audit import Broken, check_chain
from app.batches.queries import batches
from app.certificates.queries import open_reissues
from app.dashboard.decisions import decisions
from app.dashboard.filings import UNDER_WAY, put_filings
from app.dashboard.idle import idle_filings
from app.dashboard.items import Desk, Item, urgent_first
from app.dashboard.registers import put_registers
from app.house import calendar, house
from app.scores.queries import score_table, signatures
from app.scores.rules import STEP_WORDS, STEPS
from app.work import Work
from app.workdays import Due, working_days_left
from db.audit import Trail
from db.batches import Batch
from db.filing import Application
from db.organizations import Filing
from db.registration import Candidate


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


def desk(work: Work) -> Desk:
    """Return what is due, what is wrong and what is running or was decided lately for the actor's post, each with its address, the most urgent first."""
    found: Desk = {'due': [], 'wrong': [], 'running': []}
    _unfiled(work, found)
    put_filings(work, found)
    put_registers(work, found)
    found['running'] += decisions(work)
    for idle in idle_filings(work) if work.actor.may(Permission.ORGANIZATIONS_READ) else []:
        found['wrong' if idle.grade == 'block' else 'due'].append(Item(idle.sentence, f'/organizations/{idle.org_id}', idle.due_on, grade=idle.grade, rule=idle.rule))
    mine: Desk = dict.fromkeys(found, found['running']) if work.actor.is_centre else found  # what an organisation has to do runs for its centre
    for row in batches(work, limit=50)[0] if work.actor.may(Permission.BATCHES_READ) else []:
        _batch(work, row.batch, mine)
    for reissue, c in open_reissues(work) if work.actor.may(Permission.CERTIFICATES_PRINT) else []:
        step = '待机构负责人批准' if reissue.state == 'requested' else '已批准，待打印'
        found['due'].append(Item(f'{c.name}的证书{c.number}补发{step}', f'/batches/{c.batch_id}/certificates/{c.id}', grade='warn', rule='CERT-23'))
    return {block: urgent_first(items) for block, items in found.items()}


def first_step(work: Work) -> str:
    """Return where new work begins for the actor's post, as an empty desk says it."""
    work.require(Permission.HELP_READ)
    if work.actor.is_centre:
        return '机构提交的申报从左侧菜单“受理与评估”办理。' if work.actor.may(Permission.FILING_READ) else '机构的批次从左侧菜单“认定批次”查看。'
    if not _ever_filed(work):
        return '本单位还没有备案，备案后才能安排认定；备案由备案联系人从“备案申报”开始。'
    return '新的工作从左侧菜单“认定批次”开始。'


def _ever_filed(work: Work) -> bool:
    return work.session.exec(select(Filing.id).where(Filing.org_id == work.org.id).limit(1)).first() is not None


def _unfiled(work: Work, found: Desk) -> None:
    """Tell who writes applications to begin with one where nothing is filed and none is under way."""
    if work.actor.is_centre or not work.actor.may(Permission.FILING_WRITE) or _ever_filed(work):
        return
    under_way = select(Application.id).where(Application.org_id == work.org.id, col(Application.state).in_(UNDER_WAY)).limit(1)
    if work.session.exec(under_way).first() is None:
        found['due'].append(Item('本单位还没有备案，不能安排认定：请从“备案申报”开始', '/filings/new', grade='warn', rule='ORG-70'))


def _batch(work: Work, batch: Batch, found: Desk) -> None:
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
