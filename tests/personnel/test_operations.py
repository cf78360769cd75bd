"""Entering, changing, ending, attaching and revealing on both databases; one person per ID number."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from app.codes import mask_id
from app.errors import Changed, NotYours, Refused
from app.files import MOST_ATTACHED, Scan, attached_file, attachments, file_bytes, store_scan
from app.house import House
from app.personnel.operations import attach_proof, change_field, end_proof, end_record, enter, note_export, open_proof, reveal_id
from app.personnel.queries import (
    count_members,
    examiner_members,
    expert_members,
    findings_of,
    member,
    members,
    places_of,
    seats,
    staff_members,
    supervisor_members,
)
from app.personnel.registers import REGISTERS
from app.work import begin_as
from db.personnel import Examiner, Staff
from db.users import Person
from tests import make
from tests.personnel.make_people import trail_verbs, typed
from tests.shows import shows

PDF = b'%PDF-1.7 a certificate'


@pytest.fixture
def made(both: House) -> make.World:
    """A world whose registers are empty."""
    return make.world()


def put(made: make.World, register: str, n: int = 1, **change: Any) -> int:
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        return enter(work, register=register, written=typed(register, n, **change)).id


def edit(made: make.World, register: str, row_id: int, column: str, new: Any, shown: Any = '') -> str:
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        return change_field(work, register=register, row_id=row_id, column=column, shown=shown, new=new)


def scan(made: make.World, data: bytes = PDF, name: str = '证书.pdf') -> Scan:
    return store_scan(data, made.org.id, name=name)


@shows('VAL-01')
def test_a_person_entered_in_two_registers_is_one_person_with_one_row_of_staff(made: make.World) -> None:
    put(made, 'staff')
    put(made, 'examiners', education='硕士', title='', skill_level='')
    put(made, 'seats', post='副校长')
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        people = work.session.exec(select(Person).where(Person.name == '人员1')).all()
        found = examiner_members(work)[0]
        assert (len(people), len(work.session.exec(select(Staff)).all())) == (1, 1)
        assert (found.person.title, found.staff.education, found.staff.title, found.staff.title_rank, found.staff.full_time) == ('副校长', '硕士', '讲师', 'mid', True)
        assert [(r.name, r.title) for r, _ in places_of(work, person_id=people[0].id)] == [('examiners', '考评人员'), ('seats', '领导小组和工作组')]


def test_a_person_with_an_account_is_used_again(made: make.World) -> None:
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        scorer = work.get(Person, made.people['scorer'])
        number, name = work.unseal_id(scorer), scorer.name
    put(made, 'staff', name=name, id_no=number.lower())
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert [m.person.id for m in staff_members(work)] == [made.people['scorer']]


@shows('VAL-01')
def test_the_same_number_under_another_name_is_refused_without_repeating_it(made: make.World) -> None:
    put(made, 'staff')
    with pytest.raises(Refused, match='登记的姓名是“人员1”') as refused:
        put(made, 'experts', name='另一人')
    assert make.number(2001) not in refused.value.sentence and mask_id(make.number(2001)) in refused.value.sentence


def test_who_stands_on_the_register_is_not_entered_twice(made: make.World) -> None:
    put(made, 'examiners')
    with pytest.raises(Refused, match='已在考评人员登记册中'):
        put(made, 'examiners')
    put(made, 'examiners', work_type='数控车床', card_no='')
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert [m.row.work_type for m in examiner_members(work)] == ['普通车床', '数控车床']


@shows('VAL-01', 'VAL-02', 'VAL-05', 'PERS-17', 'OCC-05', 'OCC-07')
@pytest.mark.parametrize(('change', 'rule', 'said'), [
    ({'id_no': make.number(1)[:-1] + ('0' if make.number(1)[-1] != '0' else '1')}, 'VAL-01', '校验码'), ({'id_no': '990101911203138'}, 'VAL-02', '15位'),
    ({'id_no': '9.90101199112031E+17'}, 'VAL-01', '当成数字'), ({'name': ''}, '', '还没有填写'), ({'occupation_code': '6-18-1-1'}, 'VAL-05', '6-18-01-01'),
    ({'occupation': '钳工'}, 'OCC-05', '“车工”'), ({'work_type': '立式车床'}, 'OCC-07', '普通车床'), ({'grade': '考评员'}, 'PERS-17', '高级考评员的编号'),
    ({'grade': '特级'}, '', '请从考评员、高级考评员中选择'), ({'card_no': 'S000099010'}, 'PERS-17', '18位'), ({'card_to': '2025-01-01'}, 'PERS-11', '早于起始日期'),
    ({'card_to': '5/12/28'}, '', '分不清'), ({'examining_from': '2030-01-01'}, 'PERS-20', '晚于今天')])
def test_what_cannot_be_kept_is_refused_by_its_rule(made: make.World, change: dict[str, str], rule: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        put(made, 'examiners', **change)
    assert refused.value.rule == rule
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert (examiner_members(work), staff_members(work)) == ((), ())


def test_everything_wrong_is_told_at_once(made: make.World) -> None:
    with pytest.raises(Refused) as refused:
        put(made, 'experts', name='', occupation_code='', years='二十')
    assert [f.subject for f in refused.value.findings] == ['name', 'occupation_code', 'years']


def test_a_field_is_saved_where_it_belongs_and_the_trail_names_it(made: make.World) -> None:
    row_id = put(made, 'examiners')
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        found = member(work, register='examiners', row_id=row_id)
        person_id, staff_id = found.person.id, found.staff.id
    assert edit(made, 'examiners', row_id, 'title_rank', '高级') == '高级'
    assert edit(made, 'examiners', row_id, 'name', '吕雨水', shown='人员1') == '吕雨水'
    assert edit(made, 'examiners', row_id, 'engaged_from', date(2025, 6, 1), shown=None) == '2025-06-01'
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        found = member(work, register='examiners', row_id=row_id)
        assert (found.staff.title_rank, found.person.name, found.person.initials, found.row.engaged_from) == ('senior', '吕雨水', 'lys', date(2025, 6, 1))
    assert [trail_verbs(n)[-1] for n in (staff_id, person_id, row_id)] == ['personnel.change'] * 3


def test_a_value_changed_by_another_meanwhile_is_not_overwritten(made: make.World) -> None:
    row_id = put(made, 'examiners')
    edit(made, 'examiners', row_id, 'card_to', date(2028, 5, 10), shown=date(2028, 5, 11))
    with pytest.raises(Changed) as changed:
        edit(made, 'examiners', row_id, 'card_to', date(2028, 5, 9), shown=date(2028, 5, 11))
    assert changed.value.value == '2028-05-10'
    edit(made, 'examiners', row_id, 'own_staff', '否', shown='是')
    with pytest.raises(Changed, match='改为“否”'):
        edit(made, 'examiners', row_id, 'own_staff', '是', shown='是')


def test_a_change_that_does_not_fit_the_row_is_refused(made: make.World) -> None:
    row_id = put(made, 'examiners')
    for column, new, said in (('grade', '考评员', '高级考评员的编号'), ('card_to', date(2025, 1, 1), '早于'), ('id_no', make.number(9), '不能更改'), ('occupation_code', '6-20-01-01', '不能更改')):
        with pytest.raises(Refused, match=said):
            edit(made, 'examiners', row_id, column, new, shown='高级考评员' if column == 'grade' else date(2028, 5, 11))


@shows('PERS-52')
def test_staff_leave_last_and_come_back_with_what_was_kept(made: make.World) -> None:
    staff_id, row_id = put(made, 'staff'), put(made, 'supervisors')
    with begin_as(made.people['head'], at=make.NOW) as work, pytest.raises(Refused, match='还在内部质量督导员登记册中') as refused:
        end_record(work, register='staff', row_id=staff_id, ended_on=date(2026, 10, 20), reason='调离')
    assert refused.value.rule == 'PERS-52'
    with begin_as(made.people['head'], at=make.NOW) as work:
        end_record(work, register='supervisors', row_id=row_id, ended_on=date(2026, 10, 19), reason='调离')
        end_record(work, register='staff', row_id=staff_id, ended_on=date(2026, 10, 20), reason='调离')
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert (supervisor_members(work), staff_members(work)) == ((), ())
        assert [m.row.id for m in members(work, register='supervisors', state='ended')[0]] == [row_id]
    with pytest.raises(Refused, match='已于2026-10-19退出'):
        edit(made, 'supervisors', row_id, 'direction', '过程督导', shown='财务督导')
    assert put(made, 'supervisors', direction='过程督导', card_no='') == row_id
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        back = supervisor_members(work)[0]
        assert (back.row.direction, back.row.card_no, back.staff.id, back.staff.ended_on) == ('过程督导', 'S00009901000100001', staff_id, None)
    assert trail_verbs(row_id) == ['personnel.enter', 'personnel.end', 'personnel.resume']


def test_an_end_needs_a_reason_and_a_day_that_has_come(made: make.World) -> None:
    row_id = put(made, 'seats')
    for ended_on, reason, said in ((date(2026, 10, 21), '调离岗位', '还没有到'), (date(2026, 10, 20), '', '退出原因')):
        with begin_as(made.people['head'], at=make.NOW) as work, pytest.raises(Refused, match=said):
            end_record(work, register='seats', row_id=row_id, ended_on=ended_on, reason=reason)


def test_a_certificate_is_attached_counted_read_back_and_ended(made: make.World) -> None:
    row_id = put(made, 'examiners')
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        kept = attach_proof(work, register='examiners', row_id=row_id, scan=scan(made), kind='skill_certificate')
        attach_proof(work, register='examiners', row_id=row_id, scan=scan(made), kind='letter', title='2025年聘书')
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        found = member(work, register='examiners', row_id=row_id)
        assert [(a.kind, a.title) for a in attachments(work, row_id)] == [('skill_certificate', '职业技能等级证书'), ('letter', '2025年聘书')]
        assert (found.proofs, attached_file(work, found.row, kept.id)[1]) == (1, PDF)
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work, pytest.raises(Refused, match='已作为“职业技能等级证书”上传过'):
        attach_proof(work, register='examiners', row_id=row_id, scan=scan(made), kind='skill_certificate')
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        end_proof(work, register='examiners', row_id=row_id, attachment_id=kept.id)
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work, pytest.raises(Refused, match='作废'):
        end_proof(work, register='examiners', row_id=row_id, attachment_id=kept.id)
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert (member(work, register='examiners', row_id=row_id).proofs, len(attachments(work, row_id))) == (0, 1)
    assert trail_verbs(row_id) == ['personnel.enter', 'files.attach', 'files.attach', 'files.end_attachment']


def test_a_proof_on_the_register_of_staff_counts_for_the_examiner(made: make.World) -> None:
    staff_id, row_id = put(made, 'staff'), put(made, 'examiners')
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        attach_proof(work, register='staff', row_id=staff_id, scan=scan(made), kind='title_certificate')
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert member(work, register='examiners', row_id=row_id).proofs == 1


def test_an_attachment_of_the_wrong_kind_or_over_50_mb_is_refused(made: make.World) -> None:
    row_id = put(made, 'staff')
    with pytest.raises(Refused, match='不是PDF、JPG或PNG文件'):
        scan(made, b'MZ not a scan', '证书.pdf')
    with pytest.raises(Refused, match='超过50MB'):
        scan(made, b'%PDF-' + bytes(MOST_ATTACHED), '证书.pdf')
    assert scan(made, b'%PDF-' + bytes(MOST_ATTACHED - 5)).size == MOST_ATTACHED
    with begin_as(made.people['head'], at=make.NOW) as work, pytest.raises(Refused, match='请选择附件种类'):
        attach_proof(work, register='staff', row_id=row_id, scan=scan(made), kind='lease')


def test_a_file_name_with_an_id_number_is_covered(made: make.World) -> None:
    assert scan(made, name=f'{make.number(5)}.pdf').name == f'{mask_id(make.number(5))}.pdf'


@shows('DATA-16')
def test_who_opens_the_copy_of_an_id_card_leaves_an_entry(made: make.World) -> None:
    row_id = put(made, 'staff')
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        kept = attach_proof(work, register='staff', row_id=row_id, scan=scan(made), kind='id_card')
    with begin_as(made.people['scorer'], at=make.NOW) as work, pytest.raises(Refused, match='不能办理此事'):
        open_proof(work, register='staff', row_id=row_id, attachment_id=kept.id)
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        stored = open_proof(work, register='staff', row_id=row_id, attachment_id=kept.id)
    assert file_bytes(stored) == PDF
    assert trail_verbs(row_id)[-1] == 'personnel.open_proof'


@shows('DATA-16')
def test_full_numbers_are_for_who_keeps_the_registers_and_a_look_at_one_leaves_an_entry(made: make.World) -> None:
    row_id = put(made, 'staff')
    with begin_as(made.people['scorer'], at=make.NOW, reads=True) as work:
        seen = member(work, register='staff', row_id=row_id)
        assert (seen.id_no, seen.born_on) == (mask_id(make.number(2001)), date.fromisoformat(f'{make.number(2001)[6:10]}-{make.number(2001)[10:12]}-{make.number(2001)[12:14]}'))
    with begin_as(made.people['scorer'], at=make.NOW) as work, pytest.raises(Refused, match='不能办理此事'):
        reveal_id(work, person_id=seen.person.id)
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        assert reveal_id(work, person_id=seen.person.id) == make.number(2001)
        note_export(work, register='staff')
    assert trail_verbs(seen.person.id) == ['personnel.person', 'personnel.reveal_id']
    assert trail_verbs(made.org.id)[-1] == 'personnel.export'


def test_people_are_found_by_name_initials_and_whole_number(made: make.World) -> None:
    put(made, 'staff', 1, name='曾雨水')
    put(made, 'staff', 2, name='何立春', works_in_evaluation='否')
    with begin_as(made.people['scorer'], at=make.NOW, reads=True) as work:
        for find, part, names in (('雨', '', ['曾雨水']), ('zys', '', ['曾雨水']), ('ZY', '', ['曾雨水']), (make.number(2001), '', ['曾雨水']), ('hlc', '', []), ('hlc', 'all', ['何立春']),
                                  ('', 'all', ['何立春', '曾雨水']), ('%', 'all', [])):
            found, more = members(work, register='staff', find=find, part=part)
            assert ([m.person.name for m in found], more, count_members(work, 99, register='staff', find=find, part=part)) == (names, False, len(names))


def test_each_list_comes_in_print_order(made: make.World) -> None:
    put(made, 'examiners', 1, grade='考评员', card_no='')
    put(made, 'examiners', 2, card_no='')
    put(made, 'experts', 3)
    put(made, 'seats', 4, position='成员')
    put(made, 'seats', 5, position='组长', group='领导小组')
    put(made, 'seats', 4, group='专家考评组', position='成员')
    put(made, 'seats', 6)
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert [m.person.name for m in examiner_members(work)] == ['人员2', '人员1']
        assert [m.person.name for m in expert_members(work)] == ['人员3']
        assert [(m.row.group, m.person.name) for m in seats(work)] == [('leading', '人员5'), ('exam_affairs', '人员6'), ('exam_affairs', '人员4'), ('experts', '人员4')]
        assert all(isinstance(findings_of(work, register), list) for register in REGISTERS)


def test_rows_of_another_organisation_are_not_there(made: make.World) -> None:
    other = make.world(n=2)
    row_id = put(made, 'examiners')
    with begin_as(other.people['filing_clerk'], at=make.NOW) as work:
        kept = enter(work, register='examiners', written=typed('examiners'))  # the same person, of another organisation
        assert isinstance(kept, Examiner) and kept.id != row_id
        for act in (lambda: member(work, register='examiners', row_id=row_id), lambda: end_record(work, register='examiners', row_id=row_id, ended_on=work.today, reason='调离'),
                    lambda: change_field(work, register='examiners', row_id=row_id, column='title', shown='', new='x')):
            with pytest.raises(NotYours):
                act()
        with pytest.raises(NotYours):
            attach_proof(work, register='examiners', row_id=kept.id, scan=scan(made), kind='letter')
