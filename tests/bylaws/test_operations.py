"""Writing rule documents and putting them into force, on both databases."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from app.access import Role
from app.bylaws import operations as do
from app.bylaws.queries import bylaw_page, bylaws, findings_of
from app.bylaws.records import bylaw_paper, facts_of, register_record, word_file
from app.bylaws.word_files import WordText
from app.errors import Changed, NotYours, Refused
from app.files import keep_file
from app.house import House
from app.users.operations import give_post
from app.work import Work, begin_as
from db.audit import Trail
from db.bylaws import Bylaw, BylawVersion
from db.personnel import Examiner, GroupSeat, Staff
from db.premises import InfoSystem, Room, Site
from tests import make
from tests.shows import shows

pytestmark = pytest.mark.usefixtures('own_texts')


@pytest.fixture
def made(both: House, own_texts: Path) -> make.World:
    """An organisation with its people."""
    return make.world()


@contextmanager
def of(made: make.World, role: str = 'exam_affairs') -> Iterator[Work]:
    with begin_as(made.people[role], at=make.NOW) as work:
        yield work


def started(made: make.World, number: int = 2) -> BylawVersion:
    with of(made) as work:
        return do.start_bylaw(work, number=number)


def approve(made: make.World, version: BylawVersion, by: str = 'head', reason: str = '登记尚未齐全') -> BylawVersion:
    with of(made, by) as work:
        return do.approve_bylaw(work, version_id=version.id, shown_hash=standing(work, version), reason=reason)


def standing(work: Work, version: BylawVersion) -> str:
    """Return the hash of a version as the page shows it."""
    return do.hash_of(work.get(Bylaw, version.bylaw_id), work.get(BylawVersion, version.id))


def states(made: make.World, number: int = 2) -> dict[int, str]:
    with of(made, 'staff') as work:
        row = next(r for r in bylaws(work) if r.number == number)
        assert row.bylaw
        return {v.version: v.state for v in bylaw_page(work, row.bylaw.id).versions}


def verbs(made: make.World, row_id: int) -> list[str]:
    with of(made, 'head') as work:
        return [json.loads(body)['verb'] for body in work.session.exec(select(Trail.body).where(col(Trail.row_id) == row_id).order_by(col(Trail.n)))]


def register_people(made: make.World) -> None:
    """Keep what the first template asks for: a group, duties, an examiner, a room, a system."""
    with of(made, 'head') as work:
        people = made.people
        rows: list[Any] = [
            work.make(Staff, person_id=people['registrar'], duty='资格审查', works_in_evaluation=True), work.make(Staff, person_id=people['scorer'], duty='档案'),
            work.make(GroupSeat, person_id=people['exam_affairs'], group='exam_affairs', position='head', department='考务科'),
            work.make(GroupSeat, person_id=people['scorer'], group='exam_affairs', position='member')]
        rows += [work.make(Examiner, person_id=people['leader'], grade='examiner', occupation_code='4-10-01-03', occupation='保育师', work_type=w) for w in ('', '甲')]
        site = work.make(Site, name='本部', address='云桥路', tenure='owned')
        rows += [site, work.make(InfoSystem, kind='exam_affairs', name='启帆考务')]
        work.keep_all('bylaws.add', rows)
        work.keep_all('bylaws.add', [work.make(Room, site_id=site.id, name='机房一', kind='theory_computer'), work.make(Room, site_id=site.id, name='旧机房', kind='theory_computer', ended_on=make.START)])


@shows('ORG-54', 'ORG-55')
def test_a_document_begins_from_its_template_and_the_registers(made: make.World) -> None:
    register_people(made)
    with of(made) as work:
        version = do.start_bylaw(work, number=1, made_on=date(2026, 10, 12))
    lines = version.text.split('\n')
    assert lines[1] == '第一条　为规范明川市第1职业培训学校（演示）的认定工作，制定本规则，自2026年10月12日起施行。'
    assert re.fullmatch('第二条　考务管理组由(职员\\d+)负责，成员(职员\\d+)，资格审查由(?!\\1|\\2)职员\\d+办理。', lines[2])
    assert lines[3] == '第三条　本机构有考评员1名，使用启帆考务，理论考试在机房一进行。'
    assert lines[-1] == '第五条　开展认定的职业：保育师（五级、四级、三级）、车工（五级）、车工/普通车床（四级、三级、二级、一级）。'
    assert (version.state, version.version, version.made_on, version.drafted_by_id) == ('draft', 1, date(2026, 10, 12), made.people['exam_affairs'])
    with of(made) as work:
        bylaw = work.get(Bylaw, version.bylaw_id)
        assert (bylaw.number, bylaw.title, bylaw.unit, bylaw.posted_at) == (1, '职业技能等级评价工作规则', '考务管理组', '')  # where it hangs is told when it hangs


@shows('ORG-55')
def test_all_24_begin_at_once_and_each_once_only(made: make.World) -> None:
    started(made, 2)
    with of(made) as work:
        assert len(do.start_all(work)) == 23
    with of(made) as work:
        assert [(r.number, r.state) for r in bylaws(work)] == [(n, 'draft') for n in range(1, 25)]
        with pytest.raises(Refused, match='都已开始制定'):
            do.start_all(work)
        with pytest.raises(Refused, match='已经开始制定'):
            do.start_bylaw(work, number=2)
        with pytest.raises(Refused, match='没有这个模板'):
            do.start_bylaw(work, number=40)


@shows('ORG-55')
def test_documents_of_the_organisation_s_own_go_on_from_25(made: make.World) -> None:
    with of(made) as work:
        numbers = [work.get(Bylaw, do.add_bylaw(work, title=title).bylaw_id).number for title in ('考评员回避制度', '监考人员守则')]
        assert numbers == [25, 26]
        for title in ('考评员回避制度', '财务管理制度', ' '):
            with pytest.raises(Refused):
                do.add_bylaw(work, title=title)


def test_a_text_is_saved_from_what_was_shown_without_a_trail_entry_and_never_over_another_hand(made: make.World) -> None:
    version = started(made)
    with of(made) as work:
        assert do.save_text(work, version_id=version.id, shown=version.text, new='第一条　甲。\r\n') == '第一条　甲。'
    with of(made, 'filing_clerk') as work:
        assert do.save_text(work, version_id=version.id, shown='第一条　甲。', new='第一条　乙。') == '第一条　乙。'
    with pytest.raises(Changed, match='“正文”已由.*备案联系人.*改为“第一条　乙。”') as changed, of(made) as work:
        do.save_text(work, version_id=version.id, shown='第一条　甲。', new='第一条　丙。')
    assert changed.value.value == '第一条　乙。'
    with of(made) as work:
        assert do.save_text(work, version_id=version.id, shown='旧', new='第一条　乙。') == '第一条　乙。'  # the same text is no conflict
        with pytest.raises(Refused, match='最多60000个字'):
            do.save_text(work, version_id=version.id, shown='第一条　乙。', new='字' * 60_001)
    assert verbs(made, version.id) == ['bylaws.start']


@shows('ORG-54')
def test_who_wrote_a_word_of_it_does_not_approve_it(made: make.World) -> None:
    with begin_as(made.people['head'], at=make.NOW) as work:
        give_post(work, person_id=made.people['filing_clerk'], role=Role.HEAD, from_on=make.START)
    version = started(made)
    with of(made, 'filing_clerk') as work:
        do.save_text(work, version_id=version.id, shown=version.text, new=f'{version.text}\n第三条　补充。')
    with pytest.raises(Refused, match='须由另一人办理：本稿由您参与起草') as refused, begin_as(made.people['filing_clerk'], role=Role.HEAD, at=make.NOW) as work:
        do.approve_bylaw(work, version_id=version.id, shown_hash=standing(work, version))
    assert refused.value.rule == 'ORG-54'
    done = approve(made, version, reason='')
    assert (done.state, done.approved_by_id, done.made_on) == ('in_force', made.people['head'], make.NOW.date())


@shows('ORG-54')
def test_the_drafter_does_not_approve_in_another_post(made: make.World) -> None:
    with of(made, 'head') as work:
        version = do.start_bylaw(work, number=2)
    with pytest.raises(Refused, match='须由另一人办理'):
        approve(made, version)
    assert states(made) == {1: 'draft'}


@pytest.mark.parametrize('change', [
    lambda work, version: do.save_text(work, version_id=version.id, shown=version.text, new='第一条　换了。'),
    lambda work, version: do.change_version(work, version_id=version.id, column='issue_no', shown='', new='启帆〔2026〕9号'),
    lambda work, version: do.change_version(work, version_id=version.id, column='made_on', shown=None, new=date(2026, 1, 5)),
    lambda work, version: do.change_bylaw(work, bylaw_id=version.bylaw_id, column='unit', shown=work.get(Bylaw, version.bylaw_id).unit, new='别的科室')],
    ids=['text', 'number', 'day', 'department'])
def test_what_was_changed_since_it_was_read_is_not_approved(made: make.World, change: Callable[[Work, BylawVersion], object]) -> None:
    version = started(made)
    with of(made) as work:
        read = standing(work, version)
    with of(made) as work:
        change(work, version)
    with pytest.raises(Refused, match='在您打开之后有改动'), of(made, 'head') as work:
        do.approve_bylaw(work, version_id=version.id, shown_hash=read, reason='登记尚未齐全')
    assert states(made) == {1: 'draft'}


@shows('ORG-54')
def test_gaps_need_a_reason_and_an_empty_text_or_no_unit_stops(made: make.World) -> None:
    version = started(made, 1)
    with pytest.raises(Refused, match='1项提醒尚未说明理由') as refused:
        approve(made, version, reason='')
    assert '处〔待填〕：发布日期、' in refused.value.findings[0].sentence
    assert approve(made, version).state == 'in_force'
    with of(made) as work:
        own = do.add_bylaw(work, title='监考人员守则')
    with pytest.raises(Refused, match='还没有正文') as refused:
        approve(made, own)
    assert [f.subject for f in refused.value.findings] == ['bylaw 25', 'unit']


@shows('ORG-54')
def test_a_draft_never_changes_an_approved_version_and_the_replaced_one_is_kept(made: make.World) -> None:
    first = approve(made, started(made))
    with of(made) as work:
        for change in (lambda: do.save_text(work, version_id=first.id, shown=first.text, new='改'), lambda: do.fill_gaps(work, version_id=first.id),
                       lambda: do.change_version(work, version_id=first.id, column='issue_no', shown='', new='1号'), lambda: do.renumber(work, version_id=first.id),
                       lambda: do.discard_draft(work, version_id=first.id)):
            with pytest.raises(Refused, match='第1版是“现行”，不能修改'):
                change()
        second = do.new_version(work, bylaw_id=first.bylaw_id)
        with pytest.raises(Refused, match='第2版正在起草'):
            do.new_version(work, bylaw_id=first.bylaw_id)
        do.save_text(work, version_id=second.id, shown=second.text, new=f'{second.text}\n第三条　新增。')
        assert work.get(BylawVersion, first.id).text == first.text == second.text.removesuffix('\n第三条　新增。')
    assert states(made) == {1: 'in_force', 2: 'draft'}
    approve(made, second)
    assert states(made) == {1: 'replaced', 2: 'in_force'}
    with of(made, 'staff') as work:
        assert work.get(BylawVersion, first.id).text == first.text
    assert verbs(made, first.id) == ['bylaws.start', 'bylaws.approve', 'bylaws.replace']


def test_a_discarded_draft_leaves_what_is_in_force_and_the_next_has_a_new_number(made: make.World) -> None:
    first = approve(made, started(made))
    with of(made) as work:
        do.discard_draft(work, version_id=do.new_version(work, bylaw_id=first.bylaw_id).id)
        assert do.new_version(work, bylaw_id=first.bylaw_id).version == 3
    assert states(made) == {1: 'in_force', 2: 'ended', 3: 'draft'}


def test_an_ended_document_stays_readable_and_may_begin_anew(made: make.World) -> None:
    first = approve(made, started(made))
    with pytest.raises(Refused, match='废止原因'), of(made, 'head') as work:
        do.end_bylaw(work, bylaw_id=first.bylaw_id, reason=' ')
    with of(made, 'head') as work:
        do.end_bylaw(work, bylaw_id=first.bylaw_id, reason='并入工作规则')
        assert next(r.state for r in bylaws(work) if r.number == 2) == 'ended'
        with pytest.raises(Refused, match='已于2026-10-20废止'):
            do.end_bylaw(work, bylaw_id=first.bylaw_id, reason='再废一次')
        with pytest.raises(Refused, match='已废止，不能再出新版'):
            do.new_version(work, bylaw_id=first.bylaw_id)
    again = started(made)
    assert (again.bylaw_id, again.version, states(made)) == (first.bylaw_id, 2, {1: 'ended', 2: 'draft'})


def test_gaps_are_filled_when_the_registers_say_more(made: make.World) -> None:
    version = started(made, 1)
    register_people(made)
    with of(made) as work:
        assert do.fill_gaps(work, version_id=version.id) == ('发布日期',)
        text = work.get(BylawVersion, version.id).text
        assert do.change_version(work, version_id=version.id, column='made_on', shown=None, new=date(2026, 10, 12))
        assert work.get(BylawVersion, version.id).text == text.replace('〔待填：发布日期〕', '2026年10月12日')
        with pytest.raises(Refused, match='不能晚于今天'):
            do.change_version(work, version_id=version.id, column='made_on', shown=date(2026, 10, 12), new=date(2026, 10, 21))
    assert verbs(made, version.id) == ['bylaws.start', 'bylaws.fill_gaps', 'bylaws.change']


@shows('ORG-54')
def test_title_and_department_of_what_is_in_force_change_with_an_approved_version_only(made: make.World) -> None:
    with of(made) as work:
        own = do.add_bylaw(work, title='设备点检办法', unit='综合科')
        do.save_text(work, version_id=own.id, shown='', new='第一条　每日点检。')
    approve(made, own)

    def printed() -> tuple[str, str]:
        with of(made) as work:
            paper = bylaw_paper(work, own.bylaw_id)
            return paper.title, paper.unit

    for column, shown, new in (('title', '设备点检办法', '设备管理办法'), ('unit', '综合科', '设备科')):
        with pytest.raises(Refused, match='不能直接更改') as refused, of(made) as work:
            do.change_bylaw(work, bylaw_id=own.bylaw_id, column=column, shown=shown, new=new)
        assert refused.value.rule == 'ORG-54'
    with of(made) as work:
        second = do.new_version(work, bylaw_id=own.bylaw_id)
        do.change_bylaw(work, bylaw_id=own.bylaw_id, column='title', shown='设备点检办法', new='设备管理办法')
        do.change_bylaw(work, bylaw_id=own.bylaw_id, column='unit', shown='综合科', new='设备科')
    assert printed() == ('设备点检办法', '综合科')
    approve(made, second)
    assert printed() == ('设备管理办法', '设备科')


@shows('ORG-103')
def test_where_a_document_hangs_is_kept_and_asked_for(made: make.World) -> None:
    version = approve(made, started(made, 1))
    with of(made) as work:
        assert [f.subject for f in findings_of(work) if f.rule == 'ORG-103'] == ['bylaw 1']
        assert do.change_bylaw(work, bylaw_id=version.bylaw_id, column='posted_at', shown='', new='考务办公室北墙')
        assert [f.subject for f in findings_of(work) if f.rule == 'ORG-103'] == []
        with pytest.raises(Changed, match='上墙'):
            do.change_bylaw(work, bylaw_id=version.bylaw_id, column='posted_at', shown='', new='走廊')
        for column, new in (('title', '工作规则'), ('number', '3')):
            with pytest.raises(Refused):
                do.change_bylaw(work, bylaw_id=version.bylaw_id, column=column, shown='', new=new)


def test_a_word_file_becomes_the_next_draft_and_is_kept(made: make.World) -> None:
    first = approve(made, started(made))
    back = WordText('第一条　Word中改过。', 0)
    with of(made) as work:
        kept = keep_file(work, b'PK docx', name='财务.docx', content_type=do.DOCX)
        second = do.take_back(work, bylaw_id=first.bylaw_id, file_id=kept.id, read=back, shown='')
        assert (second.version, second.text, work.get(BylawVersion, first.id).text) == (2, back.text, first.text)
    with of(made, 'filing_clerk') as work:
        do.save_text(work, version_id=second.id, shown=back.text, new='第一条　别人写着。')
    with pytest.raises(Changed, match='别人写着'), of(made) as work:
        do.take_back(work, bylaw_id=first.bylaw_id, file_id=kept.id, read=back, shown=back.text)
    with of(made, 'staff') as work:
        assert word_file(work, first.bylaw_id, 2) == ('财务.docx', b'PK docx')
        with pytest.raises(Refused, match='没有上传的Word文件'):
            word_file(work, first.bylaw_id, 1)


@shows('ORG-54')
def test_the_register_holds_the_24_and_the_own_ones_with_what_is_in_force(made: make.World) -> None:
    approve(made, started(made))
    started(made, 1)
    with of(made) as work:
        do.add_bylaw(work, title='监考人员守则', unit='考务组')
    with of(made, 'staff') as work:
        register = register_record(work)
    assert len(register.rows) == 25
    assert [(r.number, r.version, r.state, r.file) for r in register.rows if r.unit] == [
        (1, '', '', ''), (2, '第1版', '现行', '02_财务管理制度.docx'), (25, '', '', '')]
    assert [p.number for p in register.papers] == [2]


@shows('SEC-01')
def test_the_rows_of_another_organisation_are_not_there(made: make.World) -> None:
    version, other = started(made), make.world(n=2)
    with begin_as(other.people['exam_affairs'], at=make.NOW) as work:
        assert {r.state for r in bylaws(work)} == {''}
        for call in (lambda: do.save_text(work, version_id=version.id, shown='', new=''), lambda: bylaw_page(work, version.bylaw_id)):
            with pytest.raises(NotYours):
                call()
        assert facts_of(work).name == other.org.name


@pytest.mark.parametrize(('role', 'well'), [('staff', False), ('scorer', False), ('exam_affairs', True), ('filing_clerk', True), ('head', True)])
@shows('SEC-01')
def test_who_may_write(made: make.World, role: str, well: bool) -> None:
    with of(made, role) as work:
        if well:
            assert do.start_bylaw(work, number=2).state == 'draft'
            return
        with pytest.raises(Refused, match='不能办理此事'):
            do.start_bylaw(work, number=2)
