"""Bringing candidates and photos in, changing and revealing, on both databases."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.batches.operations import close_registration
from app.batches.queries import groups_of
from app.errors import Refused
from app.files import file_bytes, keep_file, store
from app.house import House, house
from app.jobs import Kind, Runner
from app.logbook import cover
from app.numbers import ticket_number
from app.registration.importing import PHOTOS, ROWS, import_photos, import_rows, judge, queue_photos, queue_rows
from app.registration.judging import counts
from app.registration.operations import discard_candidate, note_roster, prepare, reveal_id, set_photo, write_rows
from app.registration.queries import candidates, candidates_by_ticket, count_candidates
from app.registration.rules import COLUMNS
from app.work import begin_as
from db.audit import Trail
from db.files import StoredFile
from db.jobs import Job
from db.registration import Candidate
from tests import make
from tests.make_bad_files import huge_png_header, photo_zip, portrait, workbook
from tests.shows import shows

HEADS = [c.head for c in COLUMNS]
KINDS: dict[str, Kind] = {ROWS: import_rows, PHOTOS: import_photos}


@pytest.fixture
def made(both: House) -> make.World:
    """A world with an open batch without candidates."""
    found = make.world()
    make.batch(found, sizes=(0, 0, 0), close=False)
    return found


def line(n: int, **change: object) -> list[object]:
    values: dict[str, object] = {
        '姓名': f'考生{n}', '证件号码': make.number(n), '职业编码': '4-10-01-03', '等级': '四级', '考场号': '1', '座位号': str(n), '工作单位': '明川市机械厂'} | change
    return [values.get(h) for h in HEADS]


def sheet(*lines: list[object]) -> bytes:
    return workbook([HEADS, *lines])


def bring_in(made: make.World, data: bytes, *, photos: bool = False) -> Job:
    """Queue an import as the page does and run it; returns the job."""
    with begin_as(made.people['registrar'], at=make.NOW) as work:
        kept = keep_file(work, data, name='名单', content_type='application/octet-stream')
        job = (queue_photos if photos else queue_rows)(work, batch_id=made.batch.id, file_id=kept.id)  # type: ignore[union-attr]
    assert Runner(KINDS).run_next()
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        return work.get(Job, job.id)


def ticket(seat: int) -> str:
    return ticket_number(2026, 1, 4, 1, seat)


def people(made: make.World) -> list[Candidate]:
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        return sorted(candidates_by_ticket(work, made.batch.id), key=lambda c: c.seq)  # type: ignore[union-attr]


def entries() -> int:
    with house().engines.read.connect() as connection:
        return connection.execute(select(func.count()).select_from(Trail)).scalar_one()


@shows('VAL-01')
def test_good_rows_come_in_and_bad_ones_stay_out(made: make.World) -> None:
    wrong = make.number(2)[:-1] + ('0' if make.number(2)[-1] != '0' else '1')
    job = bring_in(made, sheet(line(1), line(2, 证件号码=wrong), line(3, 证件号码=make.number(1)), line(4)))
    assert (job.state, job.message, job.result) == (
        'done', '新增2人，更新0人，无变化0人，有误未导入2行。', {'new': 2, 'changed': 0, 'same': 0, 'bad': 2})
    assert [(c.seq, c.name, c.id_no_masked, c.ticket_number, c.initials, c.import_id) for c in people(made)] == [
        (1, '考生1', make.number(1)[:4] + '*' * 10 + make.number(1)[-4:], ticket(1), 'ks1', job.id),
        (2, '考生4', make.number(4)[:4] + '*' * 10 + make.number(4)[-4:], ticket(4), 'ks4', job.id)]


def test_the_same_workbook_again_changes_nothing_and_leaves_no_entry(made: make.World) -> None:
    data = sheet(line(1), line(2), line(3))
    bring_in(made, data)
    before, kept = entries(), [c.model_dump() for c in people(made)]
    job = bring_in(made, data)
    assert (job.result, [c.model_dump() for c in people(made)], entries()) == ({'new': 0, 'changed': 0, 'same': 3, 'bad': 0}, kept, before)


def test_a_corrected_workbook_changes_what_differs_and_says_which_columns(made: make.World) -> None:
    bring_in(made, sheet(line(1), line(2)))
    job = bring_in(made, sheet(line(1), line(2, 姓名='考生二', 座位号='9'), line(3)))
    assert job.result == {'new': 1, 'changed': 1, 'same': 1, 'bad': 0}
    assert [(c.seq, c.name, c.seat_no, c.ticket_number) for c in people(made)] == [
        (1, '考生1', 1, ticket(1)), (2, '考生二', 9, ticket(9)), (3, '考生3', 3, ticket(3))]
    with house().engines.read.connect() as connection:
        told = [json.loads(b) for b in connection.execute(select(col(Trail.body)).where(col(Trail.row_id) == people(made)[1].id).order_by(col(Trail.n))).scalars()]
    assert [(e['verb'], e.get('note', {}).get('columns')) for e in told] == [
        ('registration.import', None), ('registration.change', ['initials', 'name', 'seat_no', 'sort_key', 'ticket_number'])]


def test_a_workbook_without_a_column_leaves_what_is_kept_of_it_and_an_empty_column_takes_it_away(made: make.World) -> None:
    bring_in(made, sheet(line(1, 学历='大专', 申报依据='从业10年', 联系电话='13900000001')))
    before, entered = people(made)[0].model_dump(), entries()
    heads = ['姓名', '证件号码', '职业编码', '等级']
    assert bring_in(made, workbook([heads, ['考生1', make.number(1), '4-10-01-03', '四级']])).result['same'] == 1
    assert (people(made)[0].model_dump(), entries()) == (before, entered)
    assert bring_in(made, workbook([heads, ['考生一', make.number(1), '4-10-01-03', '四级'], ['考生2', make.number(2), '4-10-01-03', '四级']])).result == {
        'new': 1, 'same': 0, 'changed': 1, 'bad': 0}
    renamed, fresh = (person.model_dump() for person in people(made))
    assert {key for key in before if renamed[key] != before[key]} == {'name', 'sort_key', 'initials', 'revision'}
    assert (fresh['employer'], fresh['room_no'], fresh['ticket_number'], fresh['id_kind']) == ('', 0, None, 'resident_id')
    assert bring_in(made, sheet(line(1, 姓名='考生一', 学历='大专', 考场号=None, 座位号=None, 工作单位=None))).result['changed'] == 1
    emptied = people(made)[0].model_dump()
    assert {key: emptied[key] for key in emptied if emptied[key] != renamed[key] and key != 'revision'} == {
        'basis': '', 'employer': '', 'phone': '', 'room_no': 0, 'seat_no': 0, 'ticket_number': None}


def test_a_preview_writes_nothing(made: make.World) -> None:
    before = entries()
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        _, judged = judge(work, batch_id=made.batch.id, data=sheet(line(1), line(2)), name='名单.xlsx')  # type: ignore[union-attr]
    assert (counts(judged)['new'], people(made), entries()) == (2, [], before)


def test_a_workbook_that_cannot_be_read_fails_with_its_sentence(made: make.World) -> None:
    job = bring_in(made, b'PK\x03\x04 nothing')
    assert job.state == 'failed' and job.message and '程序错误' not in job.message
    assert people(made) == []


def test_a_closed_list_is_not_changed(made: make.World) -> None:
    data = sheet(line(1))
    bring_in(made, data)
    bring_in(made, photo_zip([(f'{make.number(1)}.jpg', portrait())]), photos=True)
    with begin_as(made.people['registrar'], at=make.NOW) as work:
        close_registration(work, batch_id=made.batch.id)  # type: ignore[union-attr]
    kept = [c.model_dump() for c in people(made)]
    job = bring_in(made, sheet(line(1, 姓名='别人'), line(2)))
    assert (job.state, job.message) == ('failed', '批次2026-001处于“成绩录入”，名单不能改动；只有“报名”状态可以导入和更改。')
    for operation, given in ((discard_candidate, {}), (set_photo, {'photo': b'x', 'name': 'x', 'sha256': '0' * 64})):
        with pytest.raises(Refused, match='名单不能改动'), begin_as(made.people['registrar'], at=make.NOW) as work:
            operation(work, candidate_id=people(made)[0].id, **given)  # type: ignore[operator]
    assert [c.model_dump() for c in people(made)] == kept


def test_a_row_that_another_hand_brought_in_meanwhile_is_not_doubled(made: make.World) -> None:
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        _, judged = judge(work, batch_id=made.batch.id, data=sheet(line(1)), name='名单.xlsx')  # type: ignore[union-attr]
    part = [(f, prepare(f)) for f in judged]
    for _ in range(2):
        with begin_as(made.people['registrar'], at=make.NOW) as work:
            write_rows(work, batch_id=made.batch.id, rows=part)  # type: ignore[union-attr]
    assert [c.seq for c in people(made)] == [1]


# ------------------------------------------------------------------ photos


def test_every_photo_that_cannot_be_used_is_told_by_name_with_its_number_covered(made: make.World) -> None:
    bring_in(made, sheet(line(1), line(2), line(3)))
    job = bring_in(made, photo_zip([
        (f'{make.number(1)}.png', huge_png_header()), (f'{make.number(2)}.jpg', portrait()), (f'甲{make.number(2)}.jpg', portrait()),
        (f'{make.number(50)}.jpg', portrait())]), photos=True)
    large, unknown, doubled = job.result['faults']
    assert '20,000×20,000像素' in large and '请缩小后再上传' in large
    assert unknown == f'“{cover(make.number(50))}.jpg”不在本批次名单中，请核对文件名里的证件号码。'
    assert doubled == f'“{cover(make.number(2))}.jpg”、“甲{cover(make.number(2))}.jpg”是同一人的照片，请只留一张后再选。'


def test_photos_find_their_people_and_the_same_zip_again_changes_nothing(made: make.World) -> None:
    bring_in(made, sheet(line(1), line(2), line(3)))
    data = photo_zip([
        (f'{make.number(1)}.jpg', portrait()), (f'相片/{make.number(2)}.png', portrait(kind='PNG')), (f'{make.number(50)}.jpg', portrait()),
        (f'{make.number(3)}.jpg', huge_png_header())])
    job = bring_in(made, data, photos=True)
    assert {k: v for k, v in job.result.items() if k != 'faults'} == {'matched': 2, 'missing': 1, 'unknown': 1, 'doubled': 0}
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        kept = {c.seq: work.get(StoredFile, c.photo_id) for c in people(made) if c.photo_id}
        assert [(seq, f.content_type, file_bytes(f)[:3]) for seq, f in kept.items()] == [(1, 'image/jpeg', b'\xff\xd8\xff'), (2, 'image/jpeg', b'\xff\xd8\xff')]
        assert [make.number(n) in f.name for n, f in kept.items()] == [False, False]  # a name to show holds no ID number
    before, stood = entries(), [c.model_dump() for c in people(made)]
    bring_in(made, data, photos=True)
    assert (entries(), [c.model_dump() for c in people(made)]) == (before, stood)


def test_photos_wait_for_the_list(made: make.World) -> None:
    job = bring_in(made, photo_zip([(f'{make.number(1)}.jpg', portrait())]), photos=True)
    assert (job.state, job.message) == ('failed', '名单中还没有考生，请先导入名单，再导入照片。')


# ------------------------------------------------------------------ one person


@shows('DATA-16')
def test_a_full_id_number_is_shown_to_who_may_and_leaves_an_entry(made: make.World) -> None:
    bring_in(made, sheet(line(1)))
    person = people(made)[0]
    before = entries()
    with begin_as(made.people['registrar'], at=make.NOW) as work:
        assert reveal_id(work, candidate_id=person.id) == make.number(1)
    assert entries() == before + 1
    with begin_as(made.people['registrar'], at=make.NOW) as work:
        note_roster(work, batch_id=made.batch.id)  # type: ignore[union-attr]
    assert entries() == before + 2
    with pytest.raises(Refused) as refused, begin_as(made.people['scorer'], at=make.NOW) as work:
        reveal_id(work, candidate_id=person.id)
    assert (refused.value.rule, entries()) == ('SEC-01', before + 2)
    with pytest.raises(RuntimeError, match='look'), begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        reveal_id(work, candidate_id=person.id)


def test_a_person_taken_off_the_list_stays_in_the_trail(made: make.World) -> None:
    bring_in(made, sheet(line(1), line(2)))
    first = people(made)[0]
    with begin_as(made.people['registrar'], at=make.NOW) as work:
        discard_candidate(work, candidate_id=first.id)
    assert [c.seq for c in people(made)] == [2]
    with house().engines.read.connect() as connection:
        last: dict[str, Any] = json.loads(connection.execute(select(col(Trail.body)).order_by(col(Trail.n).desc()).limit(1)).scalar_one())
    assert (last['verb'], last['row'], bool(last['before']), last['after'], last['note']) == ('registration.discard', first.id, True, '', {'seq': 1})
    assert bring_in(made, sheet(line(1))).result['new'] == 1
    assert [c.seq for c in people(made)] == [2, 3]


def test_the_list_is_searched_by_name_initials_ticket_and_whole_id_number(made: make.World) -> None:
    bring_in(made, sheet(line(1, 姓名='赵甲子'), line(2, 姓名='钱乙丑'), line(3, 姓名='赵丙寅', 考场号=None, 座位号=None)))

    def found(**asked: Any) -> list[int]:
        with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
            rows = [c.seq for c in candidates(work, batch_id=made.batch.id, **asked)[0]]  # type: ignore[union-attr]
            assert count_candidates(work, 1000, batch_id=made.batch.id, **asked) == len(rows)  # type: ignore[union-attr]
            return rows

    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        group = groups_of(work, made.batch.id)[0]  # type: ignore[union-attr]
    assert (found(), found(find='赵'), found(find='zjz'), found(find=ticket(2))) == ([3, 2, 1], [3, 1], [1], [2])
    assert (found(find=make.number(2)), found(find=make.number(2)[:14]), found(find='%'), found(find='_')) == ([2], [], [], [])
    assert (found(photo='without'), found(photo='with'), found(group_id=group.id), found(group_id=1)) == ([3, 2, 1], [], [3, 2, 1], [])


def test_pages_follow_each_other_in_both_directions(made: make.World) -> None:
    bring_in(made, sheet(*(line(n) for n in range(1, 8))))

    def page(**where: Any) -> tuple[list[int], bool, list[int]]:
        with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
            rows, more = candidates(work, batch_id=made.batch.id, limit=3, **where)  # type: ignore[union-attr]
            return [c.seq for c in rows], more, [c.id for c in rows]

    first = page()
    second = page(before=first[2][-1])
    third = page(before=second[2][-1])
    assert [p[:2] for p in (first, second, third)] == [([7, 6, 5], True), ([4, 3, 2], True), ([1], False)]
    assert page(after=second[2][0])[:2] == ([7, 6, 5], False)
    assert page(last=True)[:2] == ([3, 2, 1], True)


def test_a_photo_of_a_candidate_is_replaced_by_another(made: make.World) -> None:
    bring_in(made, sheet(line(1)))
    person = people(made)[0]
    for n, data in enumerate((make.JPEG, make.JPEG + b'0', make.JPEG)):
        with begin_as(made.people['registrar'], at=make.NOW) as work:
            kept = set_photo(work, candidate_id=person.id, photo=data, name='a.jpg', sha256=store(data, made.org.id, sealed=True))
            assert kept.revision == 2 + n
