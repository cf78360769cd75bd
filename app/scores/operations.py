"""Entering scores twice, signing the table, publicity of results."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlmodel import select

from app.access import Permission
from app.batches.queries import batch as get_batch
from app.checks import check_written
from app.errors import Changed, Refused
from app.findings import refuse_blocks
from app.house import calendar
from app.scores.queries import ScoreTable, entry_value, exam_days, score_table, signatures
from app.scores.rules import STEP_WORDS, STEPS, check_second_person, check_signer, check_step, entry_text, kept_subjects, passed, read_entry
from app.states import state_word
from app.words import SUBJECTS, china_time
from app.work import Work
from app.workdays import add_working_days
from db.batches import Batch, BatchGroup
from db.registration import Candidate
from db.scores import Result, ScoreEntry, ScoreSignature

_SIGN = {
    'leader': Permission.SCORES_SIGN_LEADER, 'recorder': Permission.SCORES_SIGN_RECORDER, 'supervisor': Permission.SCORES_SIGN_SUPERVISOR,
    'exam_affairs': Permission.SCORES_SIGN_EXAM_AFFAIRS}


def enter_score(
    work: Work, *, batch_id: int, candidate_id: int, subject: str, round_no: int, text: str, shown: str | None = None, source: str = 'hand') -> ScoreEntry:
    """Keep one score of one entry as typed: 66.5, 缺考, 违纪取消.

    shown: what stood in the cell when it was typed; another value there now raises Changed and nothing is overwritten
    raises Refused (CONV-12 the figure, SCORE-12 the second person or a signed table)
    """
    work.require(Permission.SCORES_ENTER)
    batch = _unsigned_table(work, batch_id)
    candidate = work.get(Candidate, candidate_id)
    if candidate.batch_id != batch.id or subject not in work.get(BatchGroup, candidate.group_id).subjects or round_no not in (1, 2):
        raise Refused('该考生没有这个科目，请刷新页面后重试。', rule='SCORE-02')
    value = read_entry(f'{candidate.name}的{SUBJECTS[subject]}', text, work.profile.scores.full.value)
    return _keep(work, batch, candidate, subject, round_no, value, shown, source)


def enter_row(work: Work, *, batch_id: int, candidate_id: int, round_no: int, entries: Mapping[str, int | str]) -> None:
    """Keep the entries of one row of a workbook, already read by score_fates."""
    work.require(Permission.SCORES_ENTER)
    batch = _unsigned_table(work, batch_id)
    candidate = work.get(Candidate, candidate_id)
    if candidate.batch_id != batch.id or round_no not in (1, 2) or set(entries) - set(work.get(BatchGroup, candidate.group_id).subjects):
        raise Refused('该考生没有这个科目，请刷新页面后重试。', rule='SCORE-02')
    for subject, value in entries.items():
        _keep(work, batch, candidate, subject, round_no, value, None, 'import')


def sign_table(work: Work, *, batch_id: int, step: str, shown_hash: str) -> ScoreTable:
    """Sign the score table as it was shown; the last signature writes the outcome of every candidate.

    raises Refused: cells missing or different (SCORE-12), out of turn (SCORE-13, SCORE-14), same person twice (SEC-04),
    or the table changed since it was shown
    """
    work.require(_SIGN[step])
    batch = _open_table(work, batch_id, lock=True)
    table = score_table(work, batch_id)
    if table.content_hash != shown_hash:
        raise Refused('成绩表在您打开之后有改动，签字没有生效。请刷新页面，核对后再签。', rule='SCORE-13')
    refuse_blocks(table.findings)
    if stale := [s for s in table.signatures if s.content_hash != table.content_hash]:
        raise Refused(f'{STEP_WORDS[stale[0].step]}签字之后成绩有改动，请由考务负责人撤回签字后重新签。', rule='SCORE-13')
    check_step(step, [s.step for s in table.signatures])
    enterers = frozenset(by for row in table.rows for c in row.cells.values() for by in (c.by_first, c.by_second))
    check_signer(step, work.actor.person_id, {s.step: s.signed_by_id for s in table.signatures}, enterers)
    work.keep('scores.signature', work.make(
        ScoreSignature, batch_id=batch.id, step=step, edition=batch.score_edition, content_hash=table.content_hash, signed_by_id=work.actor.person_id,
        signed_by=work.actor.printed, signed_at=work.now))
    if step == STEPS[-1]:
        _write_results(work, batch, table)
        work.move(batch, 'scores.sign')
        work.keep('scores.sign', batch)
    return score_table(work, batch_id)


def reopen_table(work: Work, *, batch_id: int, reason: str) -> Batch:
    """Open a signed table again with a written reason; all signatures count no more and must be given anew."""
    work.require(Permission.SCORES_REOPEN)
    reason = check_written('撤回理由', reason, 4, 500)
    batch = get_batch(work, batch_id, lock=True)
    work.move(batch, 'scores.reopen')
    _take_back_signatures(work, batch, reason)
    batch.publicity_from_on = batch.publicity_to_on = None
    for result in work.session.exec(select(Result).where(Result.batch_id == batch.id)):
        work.remove('scores.void_result', result)
    work.keep('scores.reopen', batch, reason=reason)
    return batch


def note_paper(work: Work, *, batch_id: int, form: str) -> None:
    """Leave the trail of a paper of the scores that prints full ID numbers (source: SEC-05)."""
    work.require(Permission.SCORES_READ)
    work.note('scores.print', get_batch(work, batch_id), form=form)


def withdraw_signatures(work: Work, *, batch_id: int, reason: str) -> Batch:
    """Take back signatures of a table not yet signed by all, so that a score can be corrected."""
    work.require(Permission.SCORES_SIGN_EXAM_AFFAIRS)
    reason = check_written('撤回理由', reason, 4, 500)
    batch = _open_table(work, batch_id, lock=True)
    if not signatures(work, batch):
        raise Refused('成绩表上没有签字，不需要撤回；请刷新页面。', rule='SCORE-13')
    _take_back_signatures(work, batch, reason)
    work.keep('scores.withdraw_signatures', batch, reason=reason)
    return batch


def publicize(work: Work, *, batch_id: int, from_on: date) -> Batch:
    """Begin the publicity of results; its last day is counted by the profile (SCORE-19, SCORE-20). raises Refused"""
    work.require(Permission.SCORES_PUBLICIZE)
    batch = get_batch(work, batch_id, lock=True)
    if from_on < work.today:
        raise Refused('公示不能从过去的日期开始，请选择今天或以后的日期。', rule='SCORE-19')
    days = work.profile.scores.publicity_working_days.value
    if days is None:
        raise ValueError('a profile without a length of publicity')
    work.move(batch, 'scores.publicize')
    due = add_working_days(from_on, days, calendar(), work.conventions)
    batch.publicity_from_on, batch.publicity_to_on, batch.publicity_provisional = from_on, due.on, due.provisional
    work.keep('scores.publicize', batch)
    return batch


def _take_back_signatures(work: Work, batch: Batch, reason: str) -> None:
    """Write on each signature that counts who took it back, when and why, and begin a new edition of the table."""
    for signature in signatures(work, batch):
        signature.withdrawn_by_id, signature.withdrawn_by = work.actor.person_id, work.actor.printed
        signature.withdrawn_at, signature.withdrawn_reason = work.now, reason
        work.keep('scores.withdraw_signature', signature)
    batch.score_edition += 1


def _keep(
    work: Work, batch: Batch, candidate: Candidate, subject: str, round_no: int, value: int | str, shown: str | None, source: str) -> ScoreEntry:
    rounds = {e.round: e for e in work.session.exec(
        select(ScoreEntry).where(ScoreEntry.candidate_id == candidate.id, ScoreEntry.subject == subject))}
    other, entry = rounds.get(3 - round_no), rounds.get(round_no)
    check_second_person(round_no, other.entered_by_id if other else 0, work.actor.person_id)
    stored = entry_text(entry_value(entry)) if entry else ''
    if shown is not None and shown != stored and stored != entry_text(value):
        raise Changed(f'{candidate.name}的{SUBJECTS[subject]}', entry.entered_by if entry else '他人', china_time(entry.entered_at if entry else work.now), stored or '空')
    tenths, mark = (value, '') if isinstance(value, int) else (None, value)
    if entry is None:
        entry = work.make(
            ScoreEntry, batch_id=batch.id, candidate_id=candidate.id, subject=subject, round=round_no, tenths=tenths, mark=mark, source=source,
            entered_by_id=work.actor.person_id, entered_by=work.actor.printed, entered_at=work.now)
    elif (entry.tenths, entry.mark) == (tenths, mark):
        return entry
    else:
        entry.tenths, entry.mark, entry.source = tenths, mark, source
        entry.entered_by_id, entry.entered_by, entry.entered_at = work.actor.person_id, work.actor.printed, work.now
    work.keep('scores.enter', entry)
    return entry


def _open_table(work: Work, batch_id: int, *, lock: bool = False) -> Batch:
    batch = get_batch(work, batch_id, lock=lock)
    if batch.state != 'scoring':
        raise Refused(f'批次{batch.number}处于“{state_word("batch", batch.state)}”，不能录入、更改或签署成绩；签字后的更正由机构负责人撤回签字后办理。', rule='SCORE-12')
    return batch


def _unsigned_table(work: Work, batch_id: int) -> Batch:
    batch = _open_table(work, batch_id, lock=True)  # nothing is entered while somebody signs
    if signed := signatures(work, batch):
        raise Refused(f'{signed[0].signed_by}已在成绩表上签字，签过的内容不能再改；确需更正，请考务负责人先撤回签字。', rule='SCORE-13')
    return batch


def _write_results(work: Work, batch: Batch, table: ScoreTable) -> None:
    figures = work.profile.scores
    days = exam_days(work, batch)
    rows = []
    for row in table.rows:
        scores = {s: c.first for s, c in row.cells.items()}
        kept = kept_subjects(
            scores, row.group.subjects, figures.pass_mark.value, carried=figures.single_subject_subjects.value,
            years=figures.single_subject_validity_years.value, exam_on={s: days[row.group.id, s] for s in row.group.subjects}, conventions=work.conventions)
        rows.append(work.make(
            Result, batch_id=batch.id, candidate_id=row.candidate.id, scores=scores, passed=passed(scores, row.group.subjects, figures.pass_mark.value),
            kept={s: d.isoformat() for s, d in kept.items()}, signed_on=work.today))
    work.keep_all('scores.result', rows)
