"""F-SCORESUM, F-SCORE-CHECK, F-RESULT-NOTICE and the workbooks of the import of scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.access import Permission
from app.batches.queries import batch as get_batch
from app.batches.queries import groups_of
from app.codes import mask_id
from app.house import house
from app.registration.queries import candidates_by_ticket
from app.scores.importing import COLUMNS
from app.scores.queries import entries, results, score_table
from app.scores.rules import STEP_WORDS, entry_text
from app.words import LEVELS, SUBJECTS, paper_term, screen_moment
from app.work import Work
from db.batches import BatchGroup

NOTES = '请从第4行起填写，每人一行。分数最多一位小数；没有参加的写“缺考”，违纪的写“违纪取消”，按规定不参加综合评审的写“未参加”；该等级没有的科目留空。'


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One candidate of F-SCORESUM."""

    seq: int
    ticket: str
    name: str
    id_no: str
    scores: tuple[str, str, str]
    passed: bool
    kept: str  # 实操（至2027年10月25日）
    note: str


@dataclass(frozen=True, slots=True)
class GroupSheet:
    """F-SCORESUM of one occupation and level."""

    occupation: str
    work_type: str
    level: str
    lines: Sequence[ScoreLine]
    due: int
    sat: int
    absent: int
    cancelled: int
    passed: int

    @property
    def rate(self) -> str:
        """获证率: passed of those who sat, one decimal."""
        if not self.sat:
            return '—'
        tenths = (self.passed * 2000 + self.sat) // (self.sat * 2)  # half up, in whole numbers
        return f'{tenths // 10}.{tenths % 10}%'


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """All sheets of a batch with the sign-offs in their order."""

    org: str
    batch: str
    printed_at: datetime
    mark: str
    alarm_pct: int | None
    groups: Sequence[GroupSheet]
    signatures: Sequence[tuple[str, str, datetime | None]]  # step, name, when
    content_hash: str


def score_record(work: Work, batch_id: int) -> ScoreSheet:
    """Return the signed score table, one sheet a group, by ticket number."""
    work.require(Permission.SCORES_READ)
    table, outcome = score_table(work, batch_id), results(work, batch_id)
    groups = []
    for group in groups_of(work, batch_id):
        rows = [r for r in table.rows if r.group.id == group.id]
        lines = []
        for seq, row in enumerate(rows, 1):
            result = outcome[row.candidate.id]
            scores = tuple(entry_text(row.cells[s].first) if s in row.cells else '—' for s in SUBJECTS)
            kept = '、'.join(f'{SUBJECTS[s]}（至{day}）' for s, day in result.kept.items())
            lines.append(ScoreLine(seq, row.candidate.ticket_number or '', row.candidate.name, work.unseal_id(row.candidate), scores, result.passed, kept, ''))  # type: ignore[arg-type]
        groups.append(_group(group, lines))
    entered = entries(work, batch_id).values()
    signed: list[tuple[str, str, datetime | None]] = []
    for word, round_no in (('录入人', 1), ('复核人', 2)):
        own = [e for e in entered if e.round == round_no]
        signed.append((word, '、'.join(sorted({e.entered_by for e in own})), max((e.entered_at for e in own), default=None)))
    signed += [(STEP_WORDS[s.step], s.signed_by, s.signed_at) for s in table.signatures]
    alarm = work.profile.supervision.pass_rate_alarm_pct.value
    return ScoreSheet(work.org.name, table.batch.number, work.now, _mark(), alarm, groups, signed, table.content_hash)


def _group(group: BatchGroup, lines: Sequence[ScoreLine]) -> GroupSheet:
    absent = sum(all(s in ('缺考', '—') for s in line.scores) for line in lines)
    return GroupSheet(
        group.occupation, group.work_type or '—', LEVELS[group.level], lines, len(lines), len(lines) - absent, absent,
        sum('违纪取消' in line.scores for line in lines), sum(line.passed for line in lines))


_HEADS = ('序号', '准考证号', '姓名', '证件号码', '职业', '工种', '等级', '理论', '实操', '综合', '是否合格', '单科保留', '备注')
_WIDE = (9, 24, 16, 34, 16, 19, 11, 15, 15, 13, 17, 46, 14)


def score_sheet_pdf(sheet: ScoreSheet) -> bytes:
    """Return F-SCORESUM, A4 landscape, one part a group, with the sign-offs (SCORE-12, SCORE-13, SCORE-14)."""
    from app.pdf import Paper

    paper = Paper('职业技能等级认定成绩汇总表', form='F-SCORESUM', batch=sheet.batch, landscape=True, printed_at=sheet.printed_at, mark=sheet.mark)
    for n, group in enumerate(sheet.groups):
        if n:
            paper.new_page()
        trade = f'（{group.work_type}）' if group.work_type != '—' else ''
        paper.line(f'评价机构：{sheet.org}', f'批次：{sheet.batch}', f'职业等级：{group.occupation}{trade}{group.level}')
        paper.line('　'.join(_figures(group, sheet.alarm_pct)))
        paper.table(_HEADS, [_line(group, line) for line in group.lines], _WIDE, row_mm=7, pt=9)
        paper.space(3)
        paper.table(
            ('签署', *(word for word, _name, _at in sheet.signatures)),
            [('系统签署', *(name for _word, name, _at in sheet.signatures)), ('时间', *(screen_moment(at) if at else '' for _word, _name, at in sheet.signatures)),
             ('签字', *('' for _ in sheet.signatures))], (18, *(40 for _ in sheet.signatures)), row_mm=8, pt=9)
    paper.note(f'本表内容校验码：{sheet.content_hash[:16]}')
    return paper.to_bytes()


def score_sheet_xlsx(sheet: ScoreSheet) -> bytes:
    """Return F-SCORESUM as a workbook, one sheet a group."""
    from app.xlsx import Book, Column

    book = Book('职业技能等级认定成绩汇总表', made_at=sheet.printed_at, form='F-SCORESUM')
    for group in sheet.groups:
        name = f'{group.occupation}{group.work_type if group.work_type != "—" else ""}{group.level}'[:31]
        signed = '　'.join(f'{word}：{who}' for word, who, _at in sheet.signatures)
        book.sheet(name, [Column(head, max(8, wide * 0.62)) for head, wide in zip(_HEADS, _WIDE, strict=True)], [_line(group, line) for line in group.lines],
                   title=f'{sheet.org}成绩汇总表（{sheet.batch}）', foot=['　'.join(_figures(group, sheet.alarm_pct)), signed])
    return book.to_bytes()


def _figures(group: GroupSheet, alarm_pct: int | None) -> tuple[str, ...]:
    alarm = '（高于重点督导线）' if alarm_pct is not None and group.sat and group.passed * 100 > alarm_pct * group.sat else ''
    return (f'应考{group.due}', f'实考{group.sat}', f'缺考{group.absent}', f'违纪{group.cancelled}', f'合格{group.passed}', f'合格率{group.rate}{alarm}')


def _line(group: GroupSheet, line: ScoreLine) -> list[str]:
    return [str(line.seq), line.ticket, line.name, line.id_no, group.occupation, group.work_type, group.level, *line.scores, '合格' if line.passed else '不合格',
            line.kept, line.note]


@dataclass(frozen=True, slots=True)
class CheckSheet:
    """F-SCORE-CHECK: both entries of every subject."""

    batch: str
    printed_at: datetime
    rows: Sequence[tuple[str, ...]]


def check_record(work: Work, batch_id: int) -> CheckSheet:
    """Return both entries side by side; the second person's work is compared here, not while entering."""
    work.require(Permission.SCORES_READ)
    table, entered = score_table(work, batch_id), entries(work, batch_id)
    rows = []
    for row in table.rows:
        for subject, cell in row.cells.items():
            first, second = entry_text(cell.first), entry_text(cell.second)
            by = [found.entered_by if (found := entered.get((row.candidate.id, subject, n))) else '' for n in (1, 2)]
            rows.append((row.candidate.ticket_number or '', row.candidate.name, SUBJECTS[subject], first, by[0], second, by[1], '一致' if cell.status == 'equal' else '有差异'))
    return CheckSheet(table.batch.number, work.now, rows)


def check_list_xlsx(sheet: CheckSheet) -> bytes:
    """Return F-SCORE-CHECK as a workbook."""
    from app.xlsx import Book, Column

    heads = (('准考证号', 16), ('姓名', 12), ('科目', 10), ('第一次录入', 12), ('录入人', 24), ('第二次录入', 12), ('录入人', 24), ('差异', 10), ('更正人', 14), ('督导员', 14))
    book = Book('成绩录入双人核对单', made_at=sheet.printed_at, form='F-SCORE-CHECK')
    book.sheet('双人核对单', [Column(head, width) for head, width in heads], [[*row, '', ''] for row in sheet.rows], title=f'成绩录入双人核对单（{sheet.batch}）')
    return book.to_bytes()


@dataclass(frozen=True, slots=True)
class Notice:
    """F-RESULT-NOTICE: no full ID number leaves the house with it (DATA-16)."""

    org: str
    batch: str
    phone: str
    address: str
    days: tuple[date, date]
    printed_at: datetime
    mark: str
    rows: Sequence[tuple[str, ...]]


def notice_record(work: Work, batch_id: int) -> Notice:
    """Return the notice of results of a publicized batch."""
    work.require(Permission.SCORES_READ)
    batch = get_batch(work, batch_id)
    if batch.publicity_from_on is None or batch.publicity_to_on is None:
        raise ValueError('a notice of a batch that is not publicized')
    groups, outcome = {g.id: g for g in groups_of(work, batch_id)}, results(work, batch_id)
    rows = [(str(n), c.name, mask_id(work.unseal_id(c)), groups[c.group_id].occupation, groups[c.group_id].work_type or '—', LEVELS[groups[c.group_id].level],
             '合格' if outcome[c.id].passed else '不合格') for n, c in enumerate((c for c in candidates_by_ticket(work, batch_id) if c.id in outcome), 1)]
    return Notice(work.org.name, batch.number, work.org.phone, work.org.address, (batch.publicity_from_on, batch.publicity_to_on), work.now, _mark(), rows)


_NOTICE = ('序号', '姓名', '证件号码', '职业', '工种', '等级', '结果')
_NOTICE_WIDE = (10, 22, 42, 26, 26, 14, 16)


def notice_pdf(notice: Notice) -> bytes:
    """Return F-RESULT-NOTICE, A4; ID numbers covered (SCORE-20, DATA-16)."""
    from app.pdf import Paper

    paper = Paper('职业技能等级认定结果公示', form='F-RESULT-NOTICE', batch=notice.batch, printed_at=notice.printed_at, mark=notice.mark)
    paper.paragraph(_text(notice)).space(2).table(_NOTICE, notice.rows, _NOTICE_WIDE, row_mm=7).seal(notice.org, on=notice.days[0])
    return paper.to_bytes()


def notice_docx(notice: Notice) -> bytes:
    """Return F-RESULT-NOTICE for Word."""
    from app.docx import WordPaper

    paper = WordPaper('职业技能等级认定结果公示', made_at=notice.printed_at, author=notice.org, form='F-RESULT-NOTICE', mark=notice.mark)
    paper.paragraph(_text(notice)).table([_NOTICE], notice.rows, _NOTICE_WIDE).seal(notice.org, on=notice.days[0])
    return paper.to_bytes()


def _text(notice: Notice) -> str:
    return (f'经考核评审，现将{notice.org}{notice.batch}批次职业技能等级认定结果予以公示。公示期{paper_term(*notice.days)}。如有异议，请在公示期内实名反映。'
            f'电话{notice.phone or "＿＿＿＿＿＿"}，地址{notice.address or "＿＿＿＿＿＿"}。')


def template_xlsx(people: Sequence[tuple[str, str, tuple[str, ...]]]) -> bytes:
    """Return the workbook for scores with the candidates filled in: ticket number, name and the subjects of the level."""
    from app.xlsx import Book, Column

    book = Book('成绩模板', made_at=_FIXED)
    columns = [Column(('*' if c.required else '') + c.head, 18 if c.kind == 'code' else 12) for c in COLUMNS]
    rows = [[ticket, name, *('' if s in subjects else '—' for s in SUBJECTS)] for ticket, name, subjects in people]
    book.sheet('成绩', columns, rows, title=f'填写说明：{NOTES}')
    return book.to_bytes()


def scores_back_xlsx(rows: Sequence[tuple[Mapping[str, str], str]]) -> bytes:
    """Return bad rows with a last column for the reason."""
    from app.xlsx import Book, Column

    book = Book('成绩有误的行', made_at=_FIXED)
    book.sheet('成绩', [*(Column(c.head, 16) for c in COLUMNS), Column('原因', 60)], [[*(values.get(c.key) or '' for c in COLUMNS), reason] for values, reason in rows])
    return book.to_bytes()


_FIXED = datetime.fromisoformat('2026-01-01T00:00:00+08:00')


def _mark() -> str:
    return '演示样本' if house().demo else ''
