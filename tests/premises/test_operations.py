"""Sites, rooms, systems, cameras and checks: kept, changed, ended, brought in by workbook; on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.errors import Changed, Refused
from app.files import attachments, store_scan
from app.house import House
from app.ledger_books import rows_back_xlsx, rows_xlsx, template_xlsx
from app.ledgers import known_of, values_of
from app.premises.documents import system_record
from app.premises.importing import judge_premises
from app.premises.ledgers import LEDGERS
from app.premises.operations import attach_to_premises, change_premises, end_premises, end_premises_attachment
from app.premises.queries import cameras, checks, premises_found, premises_page, rooms, safety, sites, systems
from app.users.history import history_of
from app.work import begin_as
from db.premises import Room, Site
from tests import make
from tests.ledger_rows import WRITTEN, add, bring_in, outcomes
from tests.make_bad_files import workbook
from tests.shows import shows


@pytest.fixture
def made(house_on_sqlite: House) -> make.World:
    """A world with a row in each ledger of its organisation."""
    return filled(make.world())


def filled(found: make.World) -> make.World:
    for ledger in LEDGERS:
        add(found, ledger)
    return found


def test_what_was_written_is_kept_in_its_units(both: House) -> None:
    made = filled(make.world())
    with begin_as(made.people['staff'], at=make.NOW, reads=True) as work:
        site, room, system, camera, check = sites(work)[0], rooms(work)[0], systems(work)[0], cameras(work)[0], checks(work)[0]
    assert (site.area_dm2, site.tenure, site.region) == (139100, 'owned', '990102')
    assert (room.site_id, room.kind, room.area_dm2, room.seats, room.spacing_ok, room.screens) == (site.id, 'theory_computer', 12000, 40, True, True)
    assert room.serves == [{'occupation_code': '6-18-01-01', 'work_type': '普通车床'}, {'occupation_code': '4-10-01-03', 'work_type': ''}]
    assert (system.kind, system.docking, system.docked_on) == ('exam_affairs', 'docked', date(2025, 2, 20))
    assert (camera.room_id, camera.remote_view, camera.kept_days) == (room.id, True, 1826)
    assert check.items == {'疏散标识': 'ok', '灭火器': 'bad', '用电': '', '动火': '', '设备防护': '', '制度上墙': ''}


BAD_ROWS: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ('site', {'tenure': '租赁', 'lease_from': '2026-01-01', 'lease_to': '2025-12-31'}, '租期止2025-12-31早于租期起2026-01-01', 'ORG-05'),
    ('site', {'area_dm2': '-1391'}, '“面积”不能是负数', 'ORG-05'),
    ('site', {'area_dm2': '一千多'}, '应填写阿拉伯数字（单位平方米）', 'ORG-05'),
    ('site', {'area_dm2': '999.999'}, '最多两位小数', 'ORG-05'),
    ('site', {'tenure': '借用'}, '请从自有、租赁中选择', 'ORG-05'),
    ('site', {'region': '9901'}, '须为6位数字', ''),
    ('room', {'site_id': '南校区'}, '没有名为“南校区”的所在场所，请先登记', ''),
    ('room', {'kind': '食堂'}, '“类别”没有“食堂”这一项', 'ORG-06'),
    ('room', {'seats': '-30'}, '应为0至9999的整数', 'ORG-07'),
    ('room', {'serves': '车工/刨床'}, '车工没有工种“刨床”', 'OCC-07'),
    ('room', {'serves': '炼丹师'}, '职业目录中没有“炼丹师”', 'OCC-05'),
    ('camera', {'room_id': '机房九'}, '没有名为“机房九”的所在房间', ''),
    ('system', {'docked_on': '2027-01-01'}, '对接日期2027-01-01晚于今天', 'ORG-12'),
    ('check', {'checked_on': '2026-10-21'}, '检查日期2026-10-21晚于今天', 'ORG-18'),
    ('check', {'rechecked_on': '2026-10-15'}, '复查须另择日期', 'ORG-18'),
    ('check', {'rechecked_on': '2026-10-21'}, '复查日期2026-10-21晚于今天', 'ORG-18'),
    ('check', {'due_on': '2026-10-14'}, '整改期限2026-10-14早于检查日期', 'ORG-18'),
    ('check', {'serious': '是', 'hazard': ''}, '标为重大隐患的，须写明隐患情况', 'ORG-18'),
    ('check', {'checker': ' '}, '“检查人”还没有填写', ''))


@shows('ORG-05', 'ORG-12', 'ORG-18', 'OCC-05', 'OCC-07')
def test_a_row_that_cannot_be_right_is_refused_with_what_to_do(made: make.World) -> None:
    answers = []
    for ledger, change, _said, _rule in BAD_ROWS:
        with pytest.raises(Refused) as refused:
            add(made, ledger, **change)
        answers.append((refused.value.sentence, refused.value.rule))
    assert [(said, rule) for (_l, _c, said, rule), (sentence, told) in zip(BAD_ROWS, answers, strict=True) if said not in sentence or rule != told] == []
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert [premises_found(work, 9, ledger=ledger) for ledger in LEDGERS] == [1] * 5


def test_the_same_row_twice_is_refused(made: make.World) -> None:
    for ledger in LEDGERS:
        with pytest.raises(Refused, match='已登记'):
            add(made, ledger)


def test_a_field_is_saved_alone_and_told_in_the_history(made: make.World) -> None:
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        room = rooms(work)[0]
    with begin_as(made.people['exam_affairs'], at=make.NOW) as work:
        assert change_premises(work, ledger='room', record_id=room.id, column='area_dm2', shown='120', new='99.90') == '99.9'
        assert change_premises(work, ledger='room', record_id=room.id, column='serves', shown='车工/普通车床、保育师', new='6-20-01-01') == '钳工'
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        kept = work.get(Room, room.id)
        assert (kept.area_dm2, kept.serves) == (9990, [{'occupation_code': '6-20-01-01', 'work_type': ''}])
        assert [e.what for e in history_of(work, room.id)] == ['更改', '更改', '登记']


def test_what_another_person_changed_meanwhile_is_not_overwritten(made: make.World) -> None:
    with begin_as(made.people['head'], at=make.NOW) as work:
        site = sites(work)[0]
        change_premises(work, ledger='site', record_id=site.id, column='area_dm2', shown='1391', new='1400')
    with begin_as(made.people['exam_affairs'], at=make.NOW) as work, pytest.raises(Changed) as changed:
        change_premises(work, ledger='site', record_id=site.id, column='area_dm2', shown='1391', new='1500')
    assert (changed.value.value, '何立春' in changed.value.sentence) == ('1400', True)


@pytest.mark.parametrize(('ledger', 'column', 'shown', 'new', 'said'), [
    ('site', 'lease_to', None, '2020-01-01', '租期止2020-01-01早于租期起2024-01-01'), ('site', 'name', '云桥路校区', '', '还没有填写'),
    ('check', 'rechecked_on', None, '2026-10-15', '复查须另择日期'), ('check', 'items.用电', '', '还行', '请从合格、不合格中选择'),
    ('room', 'owner', '', 'x', '没有这一项')])
def test_a_field_that_does_not_fit_its_row_is_refused(house_on_sqlite: House, ledger: str, column: str, shown: Any, new: str, said: str) -> None:
    made = make.world()
    add(made, 'site', tenure='租赁', lease_from='2024-01-01')
    add(made, 'room')
    add(made, 'check')
    with begin_as(made.people['head'], at=make.NOW) as work, pytest.raises(Refused) as refused:
        row, = premises_page(work, ledger=ledger)[0]
        change_premises(work, ledger=ledger, record_id=row.id, column=column, shown=shown, new=new)
    assert said in refused.value.sentence


def test_one_item_of_a_check_changes_without_the_others(made: make.World) -> None:
    with begin_as(made.people['head'], at=make.NOW) as work:
        check = checks(work)[0]
        change_premises(work, ledger='check', record_id=check.id, column='items.用电', shown='', new='合格')
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert checks(work)[0].items == {'疏散标识': 'ok', '灭火器': 'bad', '用电': 'ok', '动火': '', '设备防护': '', '制度上墙': ''}


def test_a_row_ends_from_the_inside_out_and_its_name_is_free_again(made: make.World) -> None:
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        site, room, camera = sites(work)[0], rooms(work)[0], cameras(work)[0]
    for ledger, row, inside in (('site', site, '1个房间在用（机房一 3-301）'), ('room', room, '1个监控点位在用（前门）')):
        with begin_as(made.people['head'], at=make.NOW) as work, pytest.raises(Refused) as refused:
            end_premises(work, ledger=ledger, record_id=row.id)
        assert inside in refused.value.sentence
    for ledger, row in (('camera', camera), ('room', room), ('site', site)):
        with begin_as(made.people['head'], at=make.NOW) as work:
            end_premises(work, ledger=ledger, record_id=row.id)
    with begin_as(made.people['head'], at=make.NOW) as work:
        assert (sites(work), rooms(work), cameras(work)) == ([], [], [])
        assert [s.id for s in premises_page(work, ledger='site', filters={'ended': 'yes'})[0]] == [site.id]
        with pytest.raises(Refused, match='停用，不能更改'):
            change_premises(work, ledger='site', record_id=site.id, column='name', shown='云桥路校区', new='别处')
    add(made, 'site')


def test_the_list_is_searched_and_filtered(made: make.World) -> None:
    add(made, 'room', name='车床实训室', kind='实操', seats='14')
    with begin_as(made.people['staff'], at=make.NOW, reads=True) as work:
        names = [[r.name for r in premises_page(work, ledger='room', **asked)[0]] for asked in (
            {'find': '实训'}, {'filters': {'kind': 'theory_computer'}}, {'find': '没有'})]
        assert names == [['车床实训室'], ['机房一 3-301'], []]
        assert premises_found(work, 9, ledger='room', filters={'kind': 'practical'}) == 1


def test_a_workbook_that_was_exported_changes_nothing_when_it_comes_back(made: make.World) -> None:
    for name, ledger in LEDGERS.items():
        with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
            data = rows_xlsx(ledger, premises_page(work, ledger=name)[0], known_of(work, ledger), work.now)
        assert outcomes(bring_in(made, name, data)) == {'new': 0, 'changed': 0, 'same': 1, 'bad': 0}


def test_workbooks_bring_all_registers_in_and_change_nothing_the_second_time(both: House) -> None:
    found = make.world()
    for name, ledger in LEDGERS.items():
        book = workbook([[i.sheet_head for i in ledger.items], [WRITTEN[name].get(i.key, '') for i in ledger.items]])
        assert outcomes(bring_in(found, name, book)) == {'new': 1, 'changed': 0, 'same': 0, 'bad': 0}
        assert outcomes(bring_in(found, name, book)) == {'new': 0, 'changed': 0, 'same': 1, 'bad': 0}


def test_bad_rows_come_back_with_their_reasons_and_good_ones_go_in(made: make.World) -> None:
    heads = ['场所名称', '所在场所', '类别', '面积', '机位/工位数']
    book = workbook([heads, ['机房一 3-301', '云桥路校区', '理论机考', 120, 42], ['机房二', '云桥路校区', '理论机考', '108', '36'], ['机房二', '云桥路校区', '实操', '1', '1'],
                     ['机房三', '南校区', '食堂', '-5', '多']])
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        table, fates = judge_premises(work, ledger='room', data=book, name='房间.xlsx')
        known = known_of(work, LEDGERS['room'])
    assert [f.outcome for f in fates] == ['changed', 'new', 'bad', 'bad']
    assert [x.sentence for x in fates[2].findings] == ['第4行A4：房间“机房二”与第3行重复，请核对场所名称。']
    assert [(x.subject, x.rule) for x in fates[3].findings] == [('B5', ''), ('C5', 'ORG-06'), ('D5', 'ORG-05'), ('E5', 'ORG-07')]
    assert outcomes(bring_in(made, 'room', book)) == {'new': 1, 'changed': 1, 'same': 0, 'bad': 2}
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        kept = {r.name: r for r in rooms(work)}
        assert (kept['机房一 3-301'].seats, kept['机房一 3-301'].resolution) == (42, '1080P')  # a column that the sheet lacks stays
    back = rows_back_xlsx(LEDGERS['room'], [({'name': '机房三'}, fates[3].findings[0].sentence)], known)
    assert back[:2] == b'PK' and template_xlsx(LEDGERS['room'], known)[:2] == b'PK' and table.rows


def test_a_site_of_another_organisation_is_not_there(house_on_sqlite: House) -> None:
    mine, other = make.world(), make.world(n=2)
    foreign = add(other, 'site')
    with begin_as(mine.people['head'], at=make.NOW) as work:
        assert sites(work) == []
        with pytest.raises(Refused, match='未找到此项'):
            end_premises(work, ledger='site', record_id=foreign)
        with pytest.raises(Refused, match='未找到此项'):
            end_premises(work, ledger='attic', record_id=foreign)
    with pytest.raises(Refused, match='没有名为“云桥路校区”'):
        add(mine, 'room')


def test_only_the_newest_check_of_an_area_counts(made: make.World) -> None:
    add(made, 'check', checked_on='2026-10-20', **{'hazard': '', 'items.灭火器': '合格', 'due_on': ''})
    add(made, 'check', area='2号楼', checked_on='2026-10-01')
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert [(c.area, c.checked_on) for c in safety(work)] == [('1号楼', date(2026, 10, 20)), ('2号楼', date(2026, 10, 1))]


def test_a_row_reads_back_as_it_was_written(made: make.World) -> None:
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert values_of(LEDGERS['site'], work.get(Site, sites(work)[0].id))['title_no'] == '明房权证9901号'


def test_a_photo_belongs_to_its_room_and_a_promise_is_printed_with_its_system(made: make.World) -> None:
    scan = store_scan(b'%PDF-1.7 promise', made.org.id, name='承诺书.pdf')
    with begin_as(made.people['head'], at=make.NOW) as work:
        room, system = rooms(work)[0], systems(work)[0]
        attach_to_premises(work, ledger='room', record_id=room.id, scan=scan, kind='photo')
        kept = attach_to_premises(work, ledger='system', record_id=system.id, scan=scan, kind='promise', title='对接承诺书')
        with pytest.raises(Refused, match='不收这种附件'):
            attach_to_premises(work, ledger='room', record_id=room.id, scan=scan, kind='promise')
    with begin_as(made.people['head'], at=make.NOW) as work:
        assert [a.title for a in attachments(work, room.id)] == ['照片']
        assert system_record(work).rows[0][-1] == '对接承诺书'
        end_premises_attachment(work, ledger='system', record_id=system.id, attachment_id=kept.id)
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert system_record(work).rows[0][-1] == ''
        assert [e.what for e in history_of(work, system.id)] == ['作废附件', '上传附件', '登记']
