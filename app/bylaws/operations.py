"""Writing rule documents, putting them into force, and keeping the register of evaluation standards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from app.access import Permission
from app.bylaws.facts import Facts
from app.bylaws.numbering import renumbered
from app.bylaws.queries import bylaw_page, bylaws
from app.bylaws.records import facts_of
from app.bylaws.rules import LISTED, MOST, approval_findings, check_title, paper_hash
from app.bylaws.standards import READERS, WORDS, Fate, check_occupation, key_of, read_standard
from app.bylaws.templates import Template, filled, gaps, refilled, templates
from app.bylaws.word_files import WordText
from app.checks import check_long, check_text
from app.errors import Changed, Refused
from app.findings import refuse_unless_accepted
from app.states import state_word
from app.words import china_time
from app.work import Work
from db.bylaws import Bylaw, BylawVersion, EvaluationStandard
from db.files import StoredFile

DOCX = 'application/octet-stream'  # the name of the real type is longer than the column, and the file only ever leaves as a download


def start_bylaw(work: Work, *, number: int, made_on: date | None = None) -> BylawVersion:
    """Begin a document from the text of ours with this number; one of the 24 keeps it, the others get the next free number from 25 on.

    raises Refused where it stands already, and where there is neither a text nor a listed title (ORG-54, ORG-55)
    """
    work.require(Permission.BYLAWS_WRITE)
    return _start(work, number, facts_of(work, made_on))


def start_all(work: Work, *, made_on: date | None = None) -> list[BylawVersion]:
    """Begin every one of the 24 listed documents that has not been begun (一键生成). raises Refused when none is left (ORG-55)"""
    work.require(Permission.BYLAWS_WRITE)
    facts = facts_of(work, made_on)
    made = [_start(work, row.number, facts) for row in bylaws(work) if row.number <= len(LISTED) and not row.state]
    if not made:
        raise Refused('清单中的24项都已开始制定，没有需要生成的。', rule='ORG-55')
    return made


def add_bylaw(work: Work, *, title: str, unit: str = '') -> BylawVersion:
    """Begin a document of the organisation's own, empty, with the next number from 25 on. raises Refused (ORG-55)"""
    work.require(Permission.BYLAWS_WRITE)
    number = _next_number(work)
    checked = check_title(number, check_text('制度名称', title, 80))
    if work.session.exec(select(Bylaw).where(Bylaw.org_id == work.org.id, Bylaw.title == checked, col(Bylaw.ended_on).is_(None))).first():
        raise Refused(f'已有名为《{checked}》的制度，请在清单中打开它，或换一个名称。')
    bylaw = work.make(Bylaw, number=number, title=checked, unit=check_text('制定部门', unit, 60, required=False))
    work.keep('bylaws.add', bylaw)
    return _draft(work, bylaw, 1, '', 'bylaws.start')


def save_text(work: Work, *, version_id: int, shown: str, new: str) -> str:
    """Save the text of a draft as typed and return it as kept; the trail tells of it when the version is put into force.

    raises Changed when another person saved it since it was shown, Refused for a version that is no draft
    """
    work.require(Permission.BYLAWS_WRITE)
    version = _open_draft(work, version_id)
    text = check_long('正文', new, MOST, required=False)
    if text == version.text:
        return text
    if version.text != shown:
        raise _written_by_another(work, version)
    version.text = text
    _sign_for_text(work, version)
    work.keep_draft(version)
    return text


def change_version(work: Work, *, version_id: int, column: str, shown: Any, new: Any) -> bool:
    """Save the day or the number of a draft; the day also fills the gaps that ask for it. raises Refused, Changed"""
    work.require(Permission.BYLAWS_WRITE)
    version = _open_draft(work, version_id)
    if column == 'made_on':
        if new is not None and (not isinstance(new, date) or new > work.today):
            raise Refused('“制定时间”不能晚于今天，请核对。', rule='ORG-54')
    elif column == 'issue_no':
        new = check_text('发布文号', new, 60, required=False)
    else:
        raise Refused('没有这一项，请刷新页面。')
    if not work.change(version, column, shown=shown, new=new, word={'made_on': '制定时间', 'issue_no': '发布文号'}[column]):
        return False
    if version.made_on and column == 'made_on':
        version.text = refilled(version.text, facts_of(work, version.made_on), ['发布日期'])
    work.keep('bylaws.change', version)
    return True


def change_bylaw(work: Work, *, bylaw_id: int, column: str, shown: str, new: str) -> bool:
    """Save title (from 25 on), department, or where the document hangs (ORG-103); what is in force keeps its title and department (ORG-54).

    raises Refused, Changed
    """
    work.require(Permission.BYLAWS_WRITE)
    bylaw = work.get(Bylaw, bylaw_id, lock=True)
    words = {'title': ('制度名称', 80), 'unit': ('制定部门', 60), 'posted_at': ('上墙/公开位置', 100)}
    if column not in words:
        raise Refused('没有这一项，请刷新页面。')
    word, limit = words[column]
    checked = check_text(word, new, limit, required=column == 'title')
    if column == 'title':
        check_title(bylaw.number, checked)
    if column != 'posted_at' and (row := bylaw_page(work, bylaw.id).row).current and not row.draft:
        raise Refused(f'现行制度的{word}由批准人批准，不能直接更改；请先起草新版，随新版一起批准。', rule='ORG-54')
    if not work.change(bylaw, column, shown=shown, new=checked, word=word):
        return False
    work.keep('bylaws.change', bylaw)
    return True


def fill_gaps(work: Work, *, version_id: int) -> tuple[str, ...]:
    """Fill what is 〔待填：…〕 in a draft with what the registers say by now; returns what is still missing."""
    work.require(Permission.BYLAWS_WRITE)
    version = _open_draft(work, version_id)
    template = templates().get(work.get(Bylaw, version.bylaw_id).template or 0)
    text = refilled(version.text, facts_of(work, version.made_on), template.references if template else [])
    _rewrite(work, version, text, 'bylaws.fill_gaps')
    return gaps(text)


def renumber(work: Work, *, version_id: int) -> None:
    """Number chapters, articles and items of a draft anew."""
    work.require(Permission.BYLAWS_WRITE)
    version = _open_draft(work, version_id)
    _rewrite(work, version, renumbered(version.text), 'bylaws.renumber')


def take_back(work: Work, *, bylaw_id: int, file_id: int, read: WordText, shown: str) -> BylawVersion:
    """Make the text of a Word file the next draft and keep the file with it; a version in force stays as it is.

    read: the file as word_files.read_word read it · shown: text of the draft beside which the file was chosen, empty where there was none
    raises Changed when the draft was written on meanwhile
    """
    work.require(Permission.BYLAWS_WRITE)
    work.get(StoredFile, file_id)
    page = bylaw_page(work, bylaw_id)
    version = page.row.draft
    if version is None:
        version = _next_version(work, bylaw_id)
    elif version.text != shown:
        raise _written_by_another(work, version)
    version.text, version.file_id = read.text, file_id
    _sign_for_text(work, version)
    work.keep('bylaws.take_back', version)
    return version


def new_version(work: Work, *, bylaw_id: int) -> BylawVersion:
    """Begin the next version with the text in force. raises Refused while a draft is open"""
    work.require(Permission.BYLAWS_WRITE)
    return _next_version(work, bylaw_id)


def approve_bylaw(work: Work, *, version_id: int, shown_hash: str, reason: str = '') -> BylawVersion:
    """Put a draft into force, by somebody who did not write on it; the version before it is kept as replaced.

    shown_hash: `hash_of` what was read · reason: why gaps may stay · raises Refused (ORG-54)
    """
    work.require(Permission.BYLAWS_APPROVE)
    version = work.get(BylawVersion, version_id, lock=True)
    bylaw = work.get(Bylaw, version.bylaw_id, lock=True)
    if version.state == 'draft' and shown_hash != hash_of(bylaw, version):
        raise Refused('本稿在您打开之后有改动（正文、名称、制定部门、时间或文号），批准没有生效。请刷新页面，核对后再批准。', rule='ORG-54')
    if version.state == 'draft':
        refuse_unless_accepted(approval_findings(bylaw.number, bylaw.title, bylaw.unit, version.text), reason)
        if any(writer['id'] == work.actor.person_id for writer in version.writers):
            raise Refused('“批准施行”须由另一人办理：本稿由您参与起草，请由另一位有权限的人员登录后批准。', rule='ORG-54')
    work.move(version, 'bylaws.approve')
    for before in bylaw_page(work, bylaw.id).versions:
        if before.state == 'in_force' and before.id != version.id:
            work.move(before, 'bylaws.replace')
            work.keep('bylaws.replace', before)
    version.made_on, version.title, version.unit = version.made_on or work.today, bylaw.title, bylaw.unit
    version.approved_by_id, version.approved_by, version.approved_at = work.actor.person_id, work.actor.printed, work.now
    work.keep('bylaws.approve', version, **({'accepted': reason.strip()} if reason.strip() else {}))
    return version


def hash_of(bylaw: Bylaw, version: BylawVersion) -> str:
    """Return the hash of a version as it stands."""
    return paper_hash(bylaw.title, bylaw.unit, version.made_on, version.issue_no, version.text)


def discard_draft(work: Work, *, version_id: int) -> None:
    """Give a draft up; what is in force stays."""
    work.require(Permission.BYLAWS_WRITE)
    version = _open_draft(work, version_id)
    work.move(version, 'bylaws.end')
    work.keep('bylaws.end', version)


def end_bylaw(work: Work, *, bylaw_id: int, reason: str) -> None:
    """End a document with its version in force and its draft; all versions stay readable. raises Refused"""
    work.require(Permission.BYLAWS_APPROVE)
    bylaw = work.get(Bylaw, bylaw_id, lock=True)
    why = check_text('废止原因', reason, 200)
    if bylaw.ended_on:
        raise Refused(f'《{bylaw.title}》已于{bylaw.ended_on}废止。')
    for version in bylaw_page(work, bylaw_id).versions:
        if version.state in ('draft', 'in_force'):
            work.move(version, 'bylaws.end')
            work.keep('bylaws.end', version)
    bylaw.ended_on = work.today
    work.keep('bylaws.end_document', bylaw, reason=why)


# ------------------------------------------------------------------ evaluation standards


def add_standard(work: Work, *, values: dict[str, Any]) -> EvaluationStandard:
    """Enter a standard or norm; values by standards.WORDS. raises Refused (VAL-05, VAL-06, OCC-05)"""
    work.require(Permission.BYLAWS_WRITE)
    checked = read_standard(values)
    _check_single(work, checked, 0)
    row = work.make(EvaluationStandard, **checked)
    work.keep('standards.add', row)
    return row


def change_standard(work: Work, *, standard_id: int, column: str, shown: Any, new: Any) -> bool:
    """Save one field of a standard. raises Refused, Changed"""
    work.require(Permission.BYLAWS_WRITE)
    row = work.get(EvaluationStandard, standard_id, lock=True)
    if column not in WORDS:
        raise Refused('没有这一项，请刷新页面。')
    checked = READERS[column](new)
    values = {key: getattr(row, key) for key in WORDS} | {column: checked}
    check_occupation(values['occupation_code'], values['occupation'])
    _check_single(work, values, row.id)
    if not work.change(row, column, shown=READERS[column](shown), new=checked, word=WORDS[column]):
        return False
    work.keep('standards.change', row)
    return True


def end_standard(work: Work, *, standard_id: int) -> None:
    """Take a standard out of the register; it is kept."""
    work.require(Permission.BYLAWS_WRITE)
    row = work.get(EvaluationStandard, standard_id, lock=True)
    row.ended_on = row.ended_on or work.today
    work.keep('standards.end', row)


def write_standards(work: Work, *, rows: Sequence[Fate]) -> None:
    """Write judged rows of a workbook: new ones and changed ones."""
    work.require(Permission.BYLAWS_WRITE)
    work.keep_all('standards.import', [work.make(EvaluationStandard, **f.values) for f in rows if f.outcome == 'new'])
    for fate in rows:
        if fate.outcome == 'changed':
            row = work.get(EvaluationStandard, fate.standard_id)
            for column, value in fate.values.items():
                setattr(row, column, value)
            work.keep('standards.change', row)


# ------------------------------------------------------------------ parts of the above


def _start(work: Work, number: int, facts: Facts) -> BylawVersion:
    template = templates().get(number)
    if template is None and not 1 <= number <= len(LISTED):
        raise Refused('没有这个模板，请从列表中选择。', rule='ORG-55')
    bylaw = work.session.exec(select(Bylaw).where(Bylaw.org_id == work.org.id, Bylaw.template == number, col(Bylaw.ended_on).is_(None))).first()
    if bylaw is None:
        bylaw = _begun(work, number, template)
    versions = bylaw_page(work, bylaw.id).versions
    if any(v.state in ('draft', 'in_force') for v in versions):
        raise Refused(f'第{bylaw.number}项《{bylaw.title}》已经开始制定，请在清单中打开它。', rule='ORG-55')
    text = filled(template, facts, work.profile).text if template else ''
    return _draft(work, bylaw, 1 + max((v.version for v in versions), default=0), text, 'bylaws.start', made_on=facts.issued_on)


def _begun(work: Work, number: int, template: Template | None) -> Bylaw:
    """Return a new document; one of the 24 that was ended takes its place in the list again."""
    own = number > len(LISTED)
    ended = None if own else work.session.exec(select(Bylaw).where(Bylaw.org_id == work.org.id, Bylaw.number == number)).first()
    if ended:
        ended.ended_on = None
        work.keep('bylaws.change', ended)
        return ended
    bylaw = work.make(Bylaw, number=_next_number(work) if own else number, template=number, unit=template.unit if template else '',
                      title=template.title if template and own else LISTED[number - 1])
    work.keep('bylaws.add', bylaw)
    return bylaw


def _next_number(work: Work) -> int:
    taken = [b.number for b in work.session.exec(select(Bylaw).where(Bylaw.org_id == work.org.id))]
    return max([len(LISTED), *taken]) + 1


def _next_version(work: Work, bylaw_id: int) -> BylawVersion:
    page = bylaw_page(work, bylaw_id)
    if page.bylaw.ended_on:
        raise Refused(f'《{page.bylaw.title}》已废止，不能再出新版；需要时请按模板重新制定。', rule='ORG-54')
    if page.row.draft:
        raise Refused(f'《{page.bylaw.title}》第{page.row.draft.version}版正在起草，请在该稿上修改，或先放弃它。')
    text = page.row.current.text if page.row.current else ''
    return _draft(work, page.bylaw, 1 + max((v.version for v in page.versions), default=0), text, 'bylaws.new_version')


def _draft(work: Work, bylaw: Bylaw, version: int, text: str, verb: str, *, made_on: date | None = None) -> BylawVersion:
    row = work.make(BylawVersion, bylaw_id=bylaw.id, version=version, text=text, made_on=made_on, drafted_by_id=work.actor.person_id, drafted_by=work.actor.printed)
    _sign_for_text(work, row)
    work.keep(verb, row)
    return row


def _open_draft(work: Work, version_id: int) -> BylawVersion:
    version = work.get(BylawVersion, version_id, lock=True)
    if version.state != 'draft':
        raise Refused(f'第{version.version}版是“{state_word("bylaw_version", version.state)}”，不能修改；需要修改时请先建立新版。', rule='ORG-54')
    return version


def _rewrite(work: Work, version: BylawVersion, text: str, verb: str) -> None:
    if text == version.text:
        return
    version.text = text
    _sign_for_text(work, version)
    work.keep(verb, version)


def _sign_for_text(work: Work, version: BylawVersion) -> None:
    """Note who wrote: the last one at the end of the list."""
    others = [w for w in version.writers if w['id'] != work.actor.person_id]
    version.writers = [*others, {'id': work.actor.person_id, 'name': work.actor.printed, 'at': work.now.isoformat()}]


def _written_by_another(work: Work, version: BylawVersion) -> Changed:
    last = version.writers[-1] if version.writers else {'name': '他人', 'at': work.now.isoformat()}
    return Changed('正文', last['name'], china_time(datetime.fromisoformat(last['at'])), version.text)


def _check_single(work: Work, values: dict[str, Any], own_id: int) -> None:
    q = select(EvaluationStandard).where(EvaluationStandard.org_id == work.org.id, col(EvaluationStandard.ended_on).is_(None))
    if any(row.id != own_id and key_of({key: getattr(row, key) for key in WORDS}) == key_of(values) for row in work.session.exec(q)):
        raise Refused(f'《{values["name"]}》（{values["edition"]}年版）已登记，请打开原来的记录更改。')
