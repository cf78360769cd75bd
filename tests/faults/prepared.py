"""One data folder made ready through the operations: works to be done in it are interrupted by the tests, each in a copy of its own."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from app.batches.operations import make_batch, open_registration
from app.certificates.operations import start_counter
from app.files import keep_file
from app.house import House, house, open_house
from app.registration.importing import queue_rows
from app.scores.operations import enter_score, publicize, sign_table
from app.scores.queries import score_table
from app.scores.rules import STEPS
from app.sealed import open_keys
from app.words import CHINA
from app.work import begin_as
from db.session import Engines
from tests import make
from tests.make_bad_files import workbook

AFTER_EXAM = datetime(2026, 11, 3, 10, 0, tzinfo=CHINA)
APPROVAL = datetime(2026, 11, 11, 9, 0, tzinfo=CHINA)  # the day after the publicity ends
ISSUED_ON = date(2026, 11, 12)
HEADS = ('姓名', '证件号码', '职业编码', '等级', '学历', '申报依据', '工作单位')


@dataclass(frozen=True, slots=True)
class Plan:
    """What can be done in the folder.

    people: role → person id · cells: [candidate id, subject] without scores in the batch `scoring` · publicized: batches that wait for the head
    importing: batch with an open list · job: its queued import of `rows` rows
    """

    people: dict[str, int]
    org_id: int
    scoring: int
    cells: list[list[object]]
    publicized: list[int]
    importing: int
    job: int
    rows: int


def prepare(folder: Path, blank: Path, *, batches: int, sizes: tuple[int, int, int], rows: int) -> Plan:
    """Fill an empty folder and write its plan.

    batches: how many wait for numbers · sizes: candidates per group of the batch without scores · rows: of the workbook to be imported
    """
    (folder / 'data').mkdir(parents=True)
    shutil.copy(blank, folder / 'data' / 'dingji.db')
    opened(folder)
    made = make.world()
    with begin_as(made.people['certificate_clerk'], at=make.NOW) as work:
        start_counter(work, year=2026, level=4, last=118)
    publicized = [_publicized(made) for _ in range(batches)]
    scoring = make.batch(made, sizes=sizes).id
    with begin_as(made.people['scorer'], at=AFTER_EXAM, reads=True) as work:
        cells: list[list[object]] = [[row.candidate.id, subject] for row in score_table(work, scoring).rows for subject in row.cells]
    importing, job = _importing(made, rows)
    plan = Plan(made.people, made.org.id, scoring, cells, publicized, importing, job, rows)
    (folder / 'plan.json').write_text(json.dumps(asdict(plan)), encoding='utf-8')
    house().engines.close()  # the last connection puts the log into the database
    return plan


def plan_of(folder: Path) -> Plan:
    return Plan(**json.loads((folder / 'plan.json').read_text(encoding='utf-8')))


def opened(folder: Path) -> House:
    """Open the folder in this process, as after a restart."""
    home = folder / 'data'
    open_house(House(Engines(f'sqlite:///{home / "dingji.db"}'), open_keys(folder / 'data-keys'), home))
    return house()


def copied(folder: Path, to: Path) -> Path:
    """Return a copy of the folder; its files are the same on disk until one is written, except the database."""
    shutil.copytree(folder, to, copy_function=_copy)
    return to


def _copy(source: str, to: str) -> None:
    if '/files/' in source:
        os.link(source, to)  # kept files never change
    else:
        shutil.copy2(source, to)


def _publicized(made: make.World) -> int:
    batch_id = make.batch(made, sizes=(3, 2, 1)).id
    for round_no, by in ((1, 'scorer'), (2, 'second')):
        with begin_as(made.people[by], at=AFTER_EXAM) as work:
            for row in score_table(work, batch_id).rows:
                for subject in row.cells:
                    enter_score(work, batch_id=batch_id, candidate_id=row.candidate.id, subject=subject, round_no=round_no, text='75')
    for step in STEPS:
        with begin_as(made.people[step], at=AFTER_EXAM) as work:
            sign_table(work, batch_id=batch_id, step=step, shown_hash=score_table(work, batch_id).content_hash)
    with begin_as(made.people['exam_affairs'], at=AFTER_EXAM) as work:
        publicize(work, batch_id=batch_id, from_on=AFTER_EXAM.date())
    return batch_id


def _importing(made: make.World, rows: int) -> tuple[int, int]:
    surnames = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许'
    data = workbook([HEADS, *(
        [surnames[n % 20] + '甲乙丙丁戊己庚辛壬癸'[n // 20 % 10] + '子丑寅卯辰巳午未申酉戌亥'[n // 200 % 12], make.number(5000 + n), '4-10-01-03', '四级', '大专', '一', '演示单位']
        for n in range(rows))])
    make.systems(made)
    with begin_as(made.people['registrar']) as work:
        batch_id = make_batch(work, title='导入批次', first_on=date(2026, 12, 5), last_on=date(2026, 12, 6), groups=make.GROUPS[:1]).id
        open_registration(work, batch_id=batch_id)
        kept = keep_file(work, data, name='名单.xlsx', content_type='application/octet-stream')
        return batch_id, queue_rows(work, batch_id=batch_id, file_id=kept.id).id
