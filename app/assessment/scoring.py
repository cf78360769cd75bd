"""Scoring: cells saved as typed, signatures for what was shown, reconciliation, the consolidated sheets."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import col, select

from app.access import Permission
from app.assessment.queries import PHOTO, panel_of, sheet_page, sheets_of, signed_entries
from app.assessment.rules import NOTHING, Entry, check_answer, check_header, item_of, sheet_of
from app.assessment.spreads import TOTAL, agreed
from app.checks import check_long, check_written
from app.errors import Refused
from app.files import Scan, keep_stored, store_picture
from app.findings import refuse_blocks
from app.logbook import cover
from app.pictures import SIGHT_PX
from app.work import Work
from db.assessment import Assessment, Assessor, Reconciliation, ScoreCell, ScoreSheet
from db.files import Attachment

PHOTOS_MOST = 6  # of one item
PHOTO_BYTES = 10 << 20


def save_cell(work: Work, *, sheet_id: int, item: str, shown: Entry, new: Entry) -> Entry:
    """Keep answer, remark and finding of one item as typed; returns what is stored.

    shown: what stood there when it was typed; another value there now raises Changed and nothing is overwritten
    raises Refused for what the rubric does not allow (TEV-05…TEV-08, TEV-10) and for a sheet that is signed or somebody else's
    """
    work.require(Permission.ASSESSMENT_SCORE)
    sheet = _own_sheet(work, sheet_id)
    answer = check_answer(sheet_of(sheet.rubric), item, new.answer)
    remark, finding = check_long('备注', new.remark, 500, required=False), check_long('发现的问题', new.finding, 500, required=False)
    cell = work.session.exec(select(ScoreCell).where(ScoreCell.sheet_id == sheet.id, ScoreCell.item == item)).first()
    if cell is None:
        cell = work.make(ScoreCell, sheet_id=sheet.id, item=item)
    changed = [work.change(cell, column, shown=before, new=value, word=f'{item}的{word}') for column, before, value, word in (
        ('answer', shown.answer, answer, '评分'), ('remark', shown.remark, remark, '备注'), ('finding', shown.finding, finding, '发现的问题'))]
    if any(changed):
        work.keep('assessment.score', cell)
    return Entry(cell.answer, cell.remark, cell.finding)


def save_header(work: Work, *, sheet_id: int, key: str, shown: str, new: str) -> str:
    """Keep a number of the sheet's head as typed; returns what is stored. raises Refused (TEV-03), Changed"""
    work.require(Permission.ASSESSMENT_SCORE)
    sheet = _own_sheet(work, sheet_id)
    text = check_header(sheet_of(sheet.rubric), key, new)
    filled = dict(sheet.header)
    if filled.get(key, '') not in (shown, text):
        raise Refused(f'这一格已改为“{filled.get(key, "")}”，您的内容没有覆盖它，请刷新页面核对。', rule='TEV-03')
    if filled.get(key, '') != text:
        sheet.header = {**filled, key: text}
        work.keep('assessment.header', sheet)
    return text


def store_photo(data: bytes, org_id: int, *, name: str) -> Scan:
    """Write a photo anew without metadata and put it into the data folder, outside any transaction: it may be large. raises Refused"""
    if len(data) > PHOTO_BYTES:
        raise Refused(f'照片“{cover(name)}”超过{PHOTO_BYTES >> 20} MB，请压缩后再上传。', rule='TEV-03')
    return store_picture(data, org_id, name=name, max_bytes=PHOTO_BYTES, side_px=SIGHT_PX)


def add_photo(work: Work, *, sheet_id: int, item: str, scan: Scan) -> Attachment:
    """Keep a stored photo of what was seen at an item. raises Refused"""
    work.require(Permission.ASSESSMENT_SCORE)
    sheet = _own_sheet(work, sheet_id)
    item_of(sheet_of(sheet.rubric), item)
    if not scan.content_type.startswith('image/'):
        raise Refused(f'“{scan.name}”不是照片，请另存为JPG后再上传。', rule='TEV-03')
    kind = f'{PHOTO}:{item}'
    kept = work.session.exec(select(Attachment).where(Attachment.row_id == sheet.id, Attachment.kind == kind, col(Attachment.ended_on).is_(None))).all()
    if len(kept) >= PHOTOS_MOST:
        raise Refused(f'{item}已有{len(kept)}张照片，一项最多{PHOTOS_MOST}张。', rule='TEV-03')
    row = work.make(
        Attachment, row_id=sheet.id, kind=kind, title=f'{item}照片{len(kept) + 1}', file_id=keep_stored(work, scan).id, added_at=work.now, added_by=work.actor.printed)
    work.keep('assessment.photo', row)
    return row


def sign_sheet(work: Work, *, sheet_id: int, shown_hash: str) -> ScoreSheet:
    """Sign a sheet for exactly what was shown, once; the last consolidated one closes the scoring.

    raises Refused: changed since it was shown, items unanswered (all of them named, unanswered is not 0), deductions without a remark,
    differences over the line without a reconciliation (TEV-01…TEV-04)
    """
    work.require(Permission.ASSESSMENT_SCORE)
    sheet = work.get(ScoreSheet, sheet_id, lock=True)
    assessment = work.get(Assessment, sheet.assessment_id, lock=True)
    _check_own(work, sheet)
    if work.today < assessment.visited_on:
        raise Refused(f'评估日期是{assessment.visited_on}，还没有到，到评估当天或以后再签字。', rule='TEV-03')
    page = sheet_page(work, sheet.id)  # before the move: an open consolidated sheet names the reconciliations it lacks
    work.move(sheet, 'assessment.sign_sheet')
    if page.shown_hash != shown_hash:
        raise Refused('评分表在您打开之后有改动，签字没有生效。请刷新页面，核对后再签。', rule='TEV-03')
    refuse_blocks(page.faults)
    assert page.result.conclusion is not None  # no item is open
    sheet.total, sheet.band, sheet.content_sha256 = format(page.result.total.normalize(), 'f'), page.result.conclusion.code, shown_hash
    sheet.signed_at, sheet.signed_by_id, sheet.signed_by = work.now, work.actor.person_id, work.actor.printed
    work.keep('assessment.sign_sheet', sheet)
    if sheet.assessor_id is None and all(s.state == 'signed' for s in sheets_of(work, assessment.id)):
        work.move(assessment, 'assessment.consolidate')
        work.keep('assessment.consolidate', assessment)
    return sheet


def reconcile(work: Work, *, assessment_id: int, rubric: str, range_id: int | None, item: str, text: str) -> Reconciliation:
    """Write why the panel settled on a score where its members differ; by the leader, until the consolidated sheet is signed. raises Refused"""
    work.require(Permission.ASSESSMENT_SCORE)
    assessment = _led(work, assessment_id)
    sheets = [s for s in sheets_of(work, assessment.id) if s.assessor_id is None and (s.rubric, s.range_id) == (rubric, range_id)]
    if not sheets or sheets[0].state != 'open':
        raise Refused('请在汇总评分表签字前写复核意见。', rule='TEV-03')
    if item != TOTAL:
        item_of(sheet_of(rubric), item)
    row = work.session.exec(select(Reconciliation).where(
        Reconciliation.assessment_id == assessment.id, Reconciliation.rubric == rubric, Reconciliation.item == item,
        Reconciliation.range_id == range_id if range_id else col(Reconciliation.range_id).is_(None))).first()
    said = check_written('复核意见', text, 4, 500)
    if row is None:
        row = work.make(Reconciliation, assessment_id=assessment.id, rubric=rubric, range_id=range_id, item=item, text=said,
                        by_id=work.actor.person_id, by=work.actor.printed, at=work.now)
    row.text, row.by_id, row.by, row.at = said, work.actor.person_id, work.actor.printed, work.now
    work.keep('assessment.reconcile', row)
    return row


def open_consolidated(work: Work, *, assessment_id: int) -> list[ScoreSheet]:
    """Make the consolidated sheets once every assessor has signed: what all agree on stands there, the rest the leader settles. raises Refused"""
    work.require(Permission.ASSESSMENT_SCORE)
    assessment = _led(work, assessment_id)
    sheets = sheets_of(work, assessment.id)
    if any(s.assessor_id is None for s in sheets):
        raise Refused('汇总评分表已经生成，请刷新页面。', rule='TEV-01')
    if waiting := [a.name for a in panel_of(work, assessment.id) if a.left_at is None and any(s.assessor_id == a.id and s.state != 'signed' for s in sheets)]:
        raise Refused(f'{"、".join(waiting)}的评分表还没有全部签字，签齐后才能汇总。', rule='TEV-01')
    if any(a.left_at is not None and not a.left_because.endswith('，已更换') for a in panel_of(work, assessment.id)):
        raise Refused('评估组有人回避，尚未更换，请备案受理员更换评估专家后再汇总。', rule='ORG-70')
    made = []
    heads = {(s.rubric, s.range_id): s.header for s in reversed(sheets) if s.header}
    for key, by_assessor in signed_entries(work, assessment.id).items():
        sheet = work.make(ScoreSheet, assessment_id=assessment.id, rubric=key[0], range_id=key[1], header=heads.get(key, {}))
        work.keep('assessment.sheet', sheet)
        work.keep_all('assessment.score', [work.make(ScoreCell, sheet_id=sheet.id, item=item, answer=e.answer, remark=e.remark, finding=e.finding)
                                           for item, e in _joined(key[0], list(by_assessor.values())).items()])
        made.append(sheet)
    return made


def _joined(rubric: str, sheets: list[Mapping[str, Entry]]) -> dict[str, Entry]:
    """Return each item as the panel begins to settle it: the agreed answer, the remarks one after the other."""
    sheet, found = sheet_of(rubric), dict[str, Entry]()
    for key in [item.id for item in sheet.items] + [item.id for item in sheet.bonus]:
        entries = [s.get(key, NOTHING) for s in sheets]
        remarks, findings = ('；'.join(dict.fromkeys(text for text in texts if text))[:500] for texts in ([e.remark for e in entries], [e.finding for e in entries]))
        entry = Entry(agreed([e.answer for e in entries]) or {}, remarks, findings)
        if not entry.is_empty:
            found[key] = entry
    return found


def _own_sheet(work: Work, sheet_id: int) -> ScoreSheet:
    """Return an open sheet of the actor's own, locked; the consolidated ones are the leader's."""
    sheet = work.get(ScoreSheet, sheet_id, lock=True)
    _check_own(work, sheet)
    if sheet.state != 'open':
        raise Refused('评分表已经签字，内容不能再改。', rule='TEV-03')
    return sheet


def _check_own(work: Work, sheet: ScoreSheet) -> None:
    mine = _member(work, sheet.assessment_id)
    if sheet.assessor_id is None and not mine.leads:
        raise Refused('汇总评分表由评估组组长填写和签字。', rule='TEV-01')
    if sheet.assessor_id is not None and sheet.assessor_id != mine.id:
        raise Refused('各评估专家独立评分，只能填写自己的评分表。', rule='TEV-01')
    if mine.declared_at is None:
        raise Refused('请先声明与被评估单位没有应当回避的关系，再开始评分。', rule='ORG-70')


def _led(work: Work, assessment_id: int) -> Assessment:
    assessment = work.get(Assessment, assessment_id, lock=True)
    if not _member(work, assessment.id).leads:
        raise Refused('此事由评估组组长办理。', rule='TEV-01')
    if assessment.state != 'open':
        raise Refused('评估已经汇总签字，不能再改，请刷新页面。', rule='TEV-01')
    return assessment


def _member(work: Work, assessment_id: int) -> Assessor:
    mine = next((a for a in panel_of(work, assessment_id) if a.member_id == work.actor.person_id and a.left_at is None), None)
    if mine is None:
        raise Refused('您不在本次评估组中，不能评分。', rule='ORG-70')
    return mine
