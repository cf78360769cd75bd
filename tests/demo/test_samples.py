"""The sample files that ship are those the code makes, and the empty batch runs with them to its certificates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.audit import check_chain
from app.batches.operations import close_registration
from app.batches.queries import batches
from app.certificates.operations import approve, issue
from app.certificates.queries import certificates_of, passed_people, serials_are_whole
from app.certificates.rules import list_hash
from app.checks import check_phone
from app.codes import read_id_number
from app.demo.samples import SAMPLES, people
from app.demo.story import FOLDER, candidate_rows, rows_of
from app.errors import Refused
from app.files import keep_file
from app.fonts import covers
from app.house import House
from app.jobs import Runner
from app.registration import importing
from app.scores import jobs
from app.scores.operations import publicize, sign_table
from app.scores.queries import score_table
from app.scores.rules import STEPS
from app.settings import DEMO_START
from app.work import CHINA, Work, begin_as
from db.jobs import Job
from db.users import Person
from tests.shows import shows

AFTER = datetime(2026, 12, 1, 9, 0, tzinfo=CHINA)  # what the manual lets type: --now 2026-12-01
RUNNER = Runner({importing.ROWS: importing.import_rows, importing.PHOTOS: importing.import_photos, jobs.ROWS: jobs.import_rows})


@dataclass(frozen=True)
class Visit:
    """Somebody who tries the demo: takes any person's seat by a click, at the time of the demo's clock."""

    house: House
    batch_id: int

    @contextmanager
    def sit(self, name: str) -> Iterator[Work]:
        with begin_as(self._person(name)) as work:
            yield work

    def hand_in(self, name: str, file: str, queue: Callable[..., Job], **args: int) -> Job:
        """Upload a sample file and let its job run; returns the job as it ended."""
        with self.sit(name) as work:
            row = keep_file(work, (FOLDER / file).read_bytes(), name=file, content_type='application/octet-stream')
            job = queue(work, batch_id=self.batch_id, file_id=row.id, **args)
        assert RUNNER.run_next()
        with self.sit(name) as work:
            return work.get(Job, job.id)

    def _person(self, name: str) -> int:
        with self.house.engines.read.connect() as connection:
            return connection.execute(select(col(Person.id)).where(col(Person.name) == name)).scalar_one()


@pytest.fixture
def visit(story_copy: House) -> Visit:
    story_copy.offset = DEMO_START - datetime.now(UTC)
    found = Visit(story_copy, 0)
    with found.sit('吕雨水') as work:
        return Visit(story_copy, next(r.batch.id for r in batches(work)[0] if r.batch.number == '2026-004'))


@pytest.mark.parametrize('name', SAMPLES)
def test_the_kept_sample_is_what_the_code_makes(name: str) -> None:
    assert (FOLDER / name).read_bytes() == SAMPLES[name](), 'run python -m app.demo.samples'


@shows('SCORE-19', 'CERT-21')
def test_the_empty_batch_runs_with_the_samples_from_list_to_certificates(visit: Visit) -> None:
    listed = visit.hand_in('张春分', '示例名单.xlsx', importing.queue_rows)
    photos = visit.hand_in('张春分', '示例照片.zip', importing.queue_photos)
    assert (listed.message, photos.message) == ('新增14人，更新0人，无变化0人，有误未导入0行。', '匹配14张，缺0人，名单中没有的0张，重复0张，不能用的0张。')
    with visit.sit('施惊蛰') as work:
        close_registration(work, batch_id=visit.batch_id)
    for name, round_no in (('张春分', 1), ('孔清明', 2)):
        assert visit.hand_in(name, '示例成绩.xlsx', jobs.queue_rows, round_no=round_no).message == '写入14人的成绩，无变化0人，有误未导入0行。'
    for step, name in zip(STEPS, ('金芒种', '华小满', '葛大寒', '施惊蛰'), strict=True):
        with visit.sit(name) as work:
            sign_table(work, batch_id=visit.batch_id, step=step, shown_hash=score_table(work, visit.batch_id).content_hash)
    with visit.sit('施惊蛰') as work:
        assert publicize(work, batch_id=visit.batch_id, from_on=work.today).publicity_to_on == date(2026, 11, 30)
    with pytest.raises(Refused, match='公示期到2026-11-30止'):
        approved(visit)
    visit.house.offset = AFTER - datetime.now(UTC)
    assert approved(visit) == [f'S000099010001264{n:06d}' for n in range(158, 170)]
    with visit.sit('曹谷雨') as work:
        assert issue(work, batch_id=visit.batch_id) == 12
        assert serials_are_whole(work) == []
        assert {c.name for c in certificates_of(work, visit.batch_id)} == {row['姓名'] for row in people()} - {'罗庚戌', '邬癸丑'}
    with visit.house.engines.read.connect() as connection:
        assert check_chain(connection, visit.house.keys) == []


def approved(visit: Visit) -> list[str]:
    with visit.sit('何立春') as work:
        shown = list_hash(passed_people(work, visit.batch_id), work.today)
        return [c.number for c in approve(work, batch_id=visit.batch_id, issued_on=work.today, shown_hash=shown, objections='无异议')]


def test_the_same_list_twice_changes_nothing(visit: Visit) -> None:
    visit.hand_in('张春分', '示例名单.xlsx', importing.queue_rows)
    again = visit.hand_in('张春分', '示例名单.xlsx', importing.queue_rows)
    assert again.message == '新增0人，更新0人，无变化14人，有误未导入0行。'


def test_a_sample_photo_raises_no_warning() -> None:
    from app.demo.photos import draw_photo
    from app.pictures import read_photo

    assert [read_photo(draw_photo(r['姓名'], r['性别'], int(r['序号'])), r['姓名']).findings for r in people()] == [()] * 14


def test_the_sample_people_failed_in_the_third_batch_and_none_is_banned() -> None:
    assert {row['姓名'] for row in people()} == {
        '李丁卯', '郑庚午', '韩戊寅', '尤壬午', '昌丙戌', '花庚寅', '任癸巳', '鲍丁酉', '费庚子', '雷甲辰', '汤丁未', '罗庚戌', '邬癸丑', '乐丙辰'}


def test_every_invented_person_lives_in_province_99_has_a_phone_of_the_story_and_can_be_drawn() -> None:
    rows = rows_of('people') + candidate_rows()
    numbers = [read_id_number(row['证件号码'], DEMO_START.date()) for row in rows]
    assert {number.text[:2] for number in numbers} == {'99'}
    assert len({number.text for number in numbers}) == len(rows) == 52 + 60
    phones = [check_phone('电话', row.get('电话') or row['联系电话']) for row in rows]
    assert {phone[:7] for phone in phones} == {'1540000', '1540001'}
    assert {c for row in rows for c in row['姓名']} <= covers('hei-bold')
