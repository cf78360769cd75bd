"""What must hold of an organisation, its filing and its filed range."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.checks import check_text
from app.codes import check_major_group, fold_line, read_occupation_code
from app.errors import Refused
from app.figures import Limit, OrgCode
from app.findings import Finding, Severity
from app.numbers import FilingScheme, KindDigits
from app.organizations.occupations import known, work_types
from app.words import LEVELS, level_digits

KINDS = ('employer', 'social_training_org', 'technical_school')
CARD = {'name': ('单位名称', 100), 'address': ('地址', 200), 'credit_code': ('统一社会信用代码', 18)}  # what stands on an organisation's card of all that a letter may change


@dataclass(frozen=True, slots=True)
class Range:
    """One row of the annex of a filing letter."""

    occupation_code: str
    occupation: str
    work_type: str
    levels: tuple[int, ...]
    standard: str = '国家职业技能标准'


def filing_scheme(figures: OrgCode) -> FilingScheme:
    """Return how the province builds filing numbers, by kind of organisation (ORG-81…ORG-85)."""
    letters, tenth, schools = figures.letters.value, figures.tenth, figures.technical_school
    kinds = {
        'employer': KindDigits(letters['employer'], tenth.employer.value),
        'social_training_org': KindDigits(letters['social_training_org'], tenth.social_training_org.value)}
    for audience, code in (('own_students', schools.own_students.value), ('society', schools.society.value)):
        if code is not None:
            kinds[f'technical_school_{audience}'] = KindDigits(code.letter, code.tenth)
    return FilingScheme(
        figures.pattern.value, kinds, figures.ministry_code.province_filed.value, figures.ministry_code.ministry_filed.value, figures.province.value,
        figures.city_codes.value, figures.sequence.value)


def range_findings(rows: Sequence[Range], major_groups: Collection[int]) -> list[Finding]:
    """Return what is wrong with the rows of an annex (OCC-01, OCC-05, OCC-07, OCC-08, OCC-14); subject is 'range n'.

    major_groups: first digits that may be filed, from the profile
    """
    found: list[Finding] = []
    if not rows:
        found.append(Finding('OCC-14', 'block', 'range 0', '备案范围至少要有一行，请填写职业、编码和等级。'))
    seen: set[tuple[str, str]] = set()
    for n, row in enumerate(rows, 1):
        found += [Finding(rule, severity, f'range {n}', f'第{n}行“{row.occupation}{"/" + row.work_type if row.work_type else ""}”：{sentence}')
                  for rule, severity, sentence in _row_faults(row, major_groups)]
        key = (fold_line(row.occupation_code)[:10], row.work_type)
        if key in seen:
            found.append(Finding('OCC-14', 'block', f'range {n}', f'第{n}行与前面的行职业和工种相同，请合并为一行并把等级写在一起。'))
        seen.add(key)
    return found


def _row_faults(row: Range, major_groups: Collection[int]) -> Iterable[tuple[str, Severity, str]]:
    try:
        check_text('职业名称', row.occupation, 60)
        check_text('工种', row.work_type, 60, required=False)
        check_text('标准', row.standard, 80)
        code = read_occupation_code(row.occupation_code)
    except Refused as refused:
        yield refused.rule or 'OCC-14', 'block', refused.sentence
        return
    try:
        check_major_group(code, major_groups)
    except Refused as refused:
        yield refused.rule, 'block', refused.sentence
    if not row.levels:
        yield 'OCC-08', 'block', '没有选择等级，请至少选择一个。'
    if unknown := set(row.levels) - set(LEVELS):
        yield 'VAL-06', 'block', f'没有{level_digits(unknown)}级这样的等级，请在五级至一级中选择。'
        return
    rows = known(code.occupation)
    if not rows:
        yield 'OCC-05', 'warn', f'职业编码{code.occupation}不在已载入的职业目录中，请对照《职业分类大典》核对名称和等级。'
        return
    if row.occupation not in {o.name for o in rows}:
        yield 'OCC-05', 'block', f'编码{code.occupation}的职业名称是“{rows[0].name}”，请改为规范名称。'
    if row.work_type:
        named = [o for o in rows if o.work_type == row.work_type]
        if not named:
            names = '、'.join(o.work_type for o in rows if o.work_type) or '无'
            yield 'OCC-07', 'block', f'该职业没有工种“{row.work_type}”（目录中的工种：{names}）。'
        elif outside := [x for x in row.levels if x not in named[0].levels]:
            yield 'OCC-08', 'block', f'该工种的标准没有{level_digits(outside)}级（有{level_digits(named[0].levels)}级），请删去。'
        return
    for level in row.levels:
        undivided = any(not o.work_type and (not o.levels or level in o.levels) for o in rows)
        if not undivided:
            named_types = '、'.join(work_types(rows, level))
            yield ('OCC-07', 'block', f'{level}级须按工种备案（{named_types}），请逐个工种填写。') if named_types else (
                'OCC-08', 'block', f'该职业的标准没有{level}级，请删去。')


def check_in_range(rows: Iterable[Range], occupation_code: str, work_type: str, level: int) -> None:
    """Refuse an occupation, work type or level outside the filed range; the filing alone decides (source: ORG-99, C-25)."""
    filed = list(rows)
    for row in filed:
        if row.occupation_code == occupation_code and row.work_type == work_type and level in row.levels:
            return
    same = [r for r in filed if r.occupation_code == occupation_code]
    has = '；'.join(f'{r.occupation}{"/" + r.work_type if r.work_type else ""} {level_digits(r.levels)}级' for r in same or filed)
    raise Refused(
        f'职业编码{occupation_code}{"、工种“" + work_type + "”" if work_type else ""}、{level}级不在备案范围内。备案范围：{has}。请更正，或先办理增量备案。', rule='ORG-99')


def extension_fault(number: str, filed: Iterable[Range], asked: Range) -> str:
    """Return why a row cannot stand in the extension of a filing, as a sentence; '' where all its levels are filed (source: ORG-93).

    filed: the rows that go on; what has a last day of its own is not extended
    """
    code = fold_line(asked.occupation_code)[:10]
    held = {level for r in filed if (r.occupation_code, r.work_type) == (code, asked.work_type) for level in r.levels}
    new = {*asked.levels} - held
    name = f'{asked.occupation}/{asked.work_type}' if asked.work_type else asked.occupation
    return f'“{name}”的{level_digits(new)}级不在备案{number}的现行范围内，延续只延长已备案的职业（工种）和等级；新增的请另报增量备案，不列入延续。' if new else ''


def check_not_ended(rows: Iterable[tuple[Range, date | None]], level: int, day: date) -> None:
    """Refuse a level on a day after its last one.

    rows: of one occupation and work type with the last day on which each holds; None: goes on
    source: ORG-90, ORG-99
    """
    named = [(row, ended_on) for row, ended_on in rows if level in row.levels]
    over = [ended_on for _, ended_on in named if ended_on is not None and ended_on < day]
    if not named or len(over) < len(named):
        return
    row = named[0][0]
    raise Refused(
        f'{row.occupation}{"/" + row.work_type if row.work_type else ""}{level}级没有列入延续备案函，备案到{max(over)}为止，{day}不在其内。'
        '请改在该日以前，或先办理增量备案。', rule='ORG-90')


def check_end(ended_on: date, valid_from: date, today: date, successor: str, own: str) -> None:
    """Refuse an end before the filing began or in the future, and a filing that goes on under its own number (CERT-24)."""
    if ended_on < valid_from:
        raise Refused(f'终止日期{ended_on}早于备案有效期起始日{valid_from}，请对照决定核对。', rule='CERT-24')
    if ended_on > today:
        raise Refused(f'终止日期{ended_on}还没有到，请在当天或之后登记。', rule='CERT-24')
    if successor == own:
        raise Refused('承接机构的备案号与终止的备案号相同，原号不再使用，请填写承接机构自己的备案号。', rule='CERT-24')


def check_in_force(state: str, valid_from: date, valid_to: date, day: date, term: Limit) -> None:
    """Refuse a filing that has ended (CERT-24), is not confirmed, or not valid on a day (ORG-90).

    term: how long a filing holds by the profile; where the sources are silent its passing is only warned of, by whoever begins something on it (ORG-91)
    """
    if state == 'ended':
        raise Refused('备案已经终止，不能再建批次、编号和发证，此前发的证书不受影响；重新取得备案的，请先登记新的备案函。', rule='CERT-24')
    if state != 'in_force':
        raise Refused('备案尚未确认，不能安排认定；请先由第二人确认备案函。', rule='ORG-90')
    if day < valid_from or (day > valid_to and term.enforcement == 'block'):
        raise Refused(f'{day}不在备案有效期{valid_from}至{valid_to}内，请先办理延续，或改在有效期内。', rule='ORG-90')
