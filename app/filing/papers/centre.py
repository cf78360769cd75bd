"""F-ACCEPT, F-CORRECT and F-REJECT: what the centre answers to an application (proposed layouts; ORG-72 … ORG-77)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.filing.papers.blocks import Block, Note, Printing, Rows, Seal, Sign, Table, Text, pdf_of
from app.findings import Finding
from app.words import paper_date

TITLES = {'F-ACCEPT': '受理通知书', 'F-CORRECT': '一次性补正告知书', 'F-REJECT': '不予受理通知书'}
STATES = ('齐全', '缺', '不符')


@dataclass(frozen=True, slots=True)
class Answer:
    """What the centre says of an application.

    items: material, one of STATES, what is wrong · corrections: material and what to do, all at once · due_on: of the correction, counted in working days
    reason, basis: of a refusal · agent: who handles it
    """

    number: str
    centre: str
    org: str
    received_on: date
    checked_by: str
    items: tuple[tuple[str, str, str], ...]
    corrections: tuple[tuple[str, str], ...] = ()
    due_on: date | None = None
    reason: str = ''
    basis: str = ''
    agent: str = ''
    on: date | None = None


def accept_pdf(answer: Answer, printing: Printing) -> bytes:
    """Return F-ACCEPT (source: ORG-72)."""
    said = f'你单位于{paper_date(answer.received_on)}提交的职业技能等级认定备案申请材料齐全、符合要求，我中心予以受理，将按程序组织技术评估。'
    return _pdf('F-ACCEPT', answer, [Text(said)], printing, '予以受理')


def correct_pdf(answer: Answer, printing: Printing) -> bytes:
    """Return F-CORRECT: everything that is to be put right, told at once, with the last day (source: ORG-74)."""
    due = paper_date(answer.due_on) if answer.due_on else '　　年　　月　　日'
    rows = tuple((str(n), item, todo) for n, (item, todo) in enumerate(answer.corrections, 1))
    blocks: list[Block] = [
        Text(f'你单位于{paper_date(answer.received_on)}提交的备案申请材料需要补正。现将全部补正事项一次性告知如下，请于{due}前补正；逾期未补正的，视为撤回申请。'),
        Table(('序号', '材料', '补正事项'), rows, (12, 58, 100), '补正事项'), Rows((('补正期限', due),))]
    return _pdf('F-CORRECT', answer, blocks, printing, '一次性补正')


def reject_pdf(answer: Answer, printing: Printing) -> bytes:
    """Return F-REJECT with reasons and grounds, and the right to state one's case (source: ORG-75, ORG-77)."""
    blocks: list[Block] = [
        Text(f'你单位于{paper_date(answer.received_on)}提交的备案申请，经核验，我中心决定不予受理。'), Rows((('理由', answer.reason), ('依据', answer.basis))),
        Text(remedy('我中心'))]
    return _pdf('F-REJECT', answer, blocks, printing, '不予受理')


def remedy(centre: str) -> str:
    """Return what an organisation may do that was told no (source: ORG-77)."""
    return f'你单位对本决定有异议的，可以向{centre}提出陈述和申辩。'


def missing(form: str, answer: Answer) -> list[Finding]:
    """Return what an answer lacks before it may be printed (source: ORG-72, ORG-74, ORG-75)."""
    lacking: list[tuple[str, str, object, str]] = [('ORG-72', '受理号', answer.number, '请先登记编号'), ('ORG-72', '核验人', answer.checked_by, '请写明核验人')]
    if form == 'F-CORRECT':
        lacking += [('ORG-74', '补正事项', answer.corrections, '请逐项写明全部补正事项'), ('ORG-74', '补正期限', answer.due_on, '请按工作日确定期限')]
    elif form == 'F-REJECT':
        lacking += [('ORG-75', '理由', answer.reason, '请写明理由'), ('ORG-75', '依据', answer.basis, '请写明文号和条款')]
    found = [Finding(rule, 'block', '', f'“{TITLES[form]}”的“{label}”是空的，{todo}后再打印。') for rule, label, value, todo in lacking if not value]
    if form == 'F-ACCEPT' and (bad := [name for name, state, _ in answer.items if state != STATES[0]]):
        found.append(Finding('ORG-72', 'block', '', f'材料“{bad[0]}”没有核验为齐全，不能出具受理通知书，请先告知补正。'))
    return found


def _pdf(form: str, answer: Answer, middle: list[Block], printing: Printing, conclusion: str) -> bytes:
    rows = tuple((str(n), item, state, problem) for n, (item, state, problem) in enumerate(answer.items, 1))
    blocks: list[Block] = [
        Rows((('受理号', answer.number), ('申请机构', answer.org))), Rows((('收到日期', paper_date(answer.received_on)), ('核验人', answer.checked_by)), 2), Text(f'{answer.org}：', indent=0), *middle,
        Table(('序号', '材料', '核对', '问题说明'), rows, (12, 74, 20, 64), '材料核对表'), Rows((('结论', conclusion),)), Sign('经办人'),
        Seal(answer.centre, '（公章）', answer.on), Note(f'本{TITLES[form][-3:]}一式两份，一份送达申请机构，一份存档。')]
    return pdf_of(TITLES[form], form, blocks, printing)
