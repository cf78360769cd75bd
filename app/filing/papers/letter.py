"""F-FILING-LETTER and F-INC-LETTER: the application letters with a red header (000 l.286–330, l.267)."""

from __future__ import annotations

from app.filing.answers import given
from app.filing.forms import LetterStep
from app.filing.papers.blocks import Printing
from app.filing.records import ApplicationRecord, RangeLine
from app.findings import Finding
from app.letters import Letter, letter_pdf
from app.words import level_words, paper_term

TITLE = '关于申请职业技能等级认定社会培训评价组织备案的函'
INCREMENT = '关于申请社会培训评价组织增量备案的函'
OTHERS = {  # ways that send the same letter for another matter
    'extension': '关于申请社会培训评价组织延续备案的函', 'change': '关于申请社会培训评价组织变更备案的函', 'employer': '关于申请用人单位职业技能等级认定备案的函',
    'school_own': '关于申请技工院校职业技能等级认定备案的函', 'school_society': '关于申请技工院校面向社会职业技能等级认定备案的函'}
NATIONAL = '《人力资源社会保障部关于改革完善技能人才评价制度的意见》（人社部发〔2019〕90号）'
PROVINCIAL = {'henan': '《河南省人力资源和社会保障厅关于征集社会培训评价组织的通知》（豫人社办函〔2020〕51号）'}
PROMISE = ('我单位将严格按照备案的职业技能等级认定工作实施方案，在实施认定过程中，不断细化认定流程，完善规章制度，加强档案管理，建立健全问题回溯和责任追究机制，'
           '落实主体责任，主动接受人力资源社会保障部门和社会各界的监管。')


def filing_letter_pdf(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-FILING-LETTER, to be sealed over its day."""
    return letter_pdf(letter_of(record, printing), printed_at=printing.at, mark=printing.mark)


def filing_letter_docx(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-FILING-LETTER for Word."""
    from app.docx import letter_docx

    return letter_docx(letter_of(record, printing), made_at=printing.at, mark=printing.mark)


def increment_letter_pdf(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-INC-LETTER: the filing it adds to, and what is added."""
    return filing_letter_pdf(record, printing)


def increment_letter_docx(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-INC-LETTER for Word."""
    return filing_letter_docx(record, printing)


def missing(record: ApplicationRecord) -> list[Finding]:
    """Return what the letter needs and the record has not (source: ORG-50, ORG-93)."""
    step, rule = given(record, LetterStep), 'ORG-93' if record.way == 'increment' else 'ORG-50'
    lacking: list[tuple[str, object, str]] = [('主送机关', record.receiver, '请先判定受理机关'), ('论证说明', step.argument, '请在“申请函”中填写'), ('日期', step.letter_on, '请在“申请函”中填写')]
    if record.way != 'change':
        lacking.append(('拟开展的职业级别', record.ranges, '请至少填写一个职业'))
    if record.way in ('increment', 'extension', 'change'):
        lacking.append(('原备案号', record.original, '请选择所依据的备案'))
    return [Finding(rule, 'block', 'letter', f'申请函的“{label}”是空的，{todo}后再打印。') for label, value, todo in lacking if not value]


def letter_of(record: ApplicationRecord, printing: Printing) -> Letter:
    """Return the letter of a record; the same occupations and levels as in the form."""
    step = given(record, LetterStep)
    text = _increment(record, step) if record.way == 'increment' else _change(record, step) if record.way == 'change' else _first(record, step, printing)
    lines = tuple(f'{n}、{range_text(r)}' for n, r in enumerate(record.ranges, 1)) if record.way != 'change' else ()
    title = _increment_title(record) if record.way == 'increment' else OTHERS.get(record.way, TITLE)
    return Letter(record.org.name, step.letter_no, title, record.receiver, (*text, *lines, step.promise or PROMISE), on=step.letter_on)


def _increment_title(record: ApplicationRecord) -> str:
    return INCREMENT if record.org.kind == 'social_training_org' else INCREMENT.replace('社会培训评价组织', '职业技能等级认定')


def range_text(row: RangeLine) -> str:
    """Return an occupation as letters write it: 保健按摩师（反射疗法师） 五级、四级."""
    return f'{row.occupation}{f"（{row.work_type}）" if row.work_type else ""}　{level_words(row.levels)}'


def bases(printing: Printing) -> str:
    """Return the documents that a filing rests on, national and of the province whose rules are in force."""
    layers = {*printing.profile.origins.values(), printing.profile.name}
    return '和'.join([NATIONAL, *(text for name, text in PROVINCIAL.items() if name in layers)])


def _first(record: ApplicationRecord, step: LetterStep, printing: Printing) -> tuple[str, ...]:
    original = f'我单位原备案号{record.original.number}，有效期{paper_term(record.original.valid_from, record.original.valid_to)}。' if record.original else ''
    asked = '现申请延续备案' if record.way == 'extension' else '现申请予以备案'
    return (f'为响应国家深化技能人才评价工作改革的号召，贯彻落实{bases(printing)}要求，{step.argument}{original}经论证，具备备案条件，{asked}，拟开展的职业技能等级认定职业级别如下：',)


def _increment(record: ApplicationRecord, step: LetterStep) -> tuple[str, ...]:
    first = record.original
    kind = '社会培训评价组织' if record.org.kind == 'social_training_org' else '职业技能等级评价机构'
    term = f'我单位已备案为{kind}，原备案号{first.number}，原备案有效期{paper_term(first.valid_from, first.valid_to)}。' if first else ''
    return (term, f'{step.argument}现申请增量备案，增量职业级别如下：')


def _change(record: ApplicationRecord, step: LetterStep) -> tuple[str, ...]:
    from app.filing.forms import ChangeRow, ChangeStep, extra, questions

    first, change, words = record.original, given(record, ChangeStep), extra(questions(ChangeRow)['what'])['options']
    term = f'我单位原备案号{first.number}，有效期{paper_term(first.valid_from, first.valid_to)}。' if first else ''
    rows = tuple(f'{n}、{words.get(c.what, c.what)}：由“{c.before}”变更为“{c.after}”{f"（依据：{c.basis}）" if c.basis else ""}' for n, c in enumerate(change.changes, 1))
    return (f'{term}{step.argument}现申请变更备案，变更内容如下：', *rows, f'变更原因：{change.reason}')
