"""What the loaded story holds is what the story tells: tickets, numbers, kept subjects, rates, people, days."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select
from sqlmodel import Session, SQLModel, col, func
from sqlmodel import select as rows

from app.audit import check_chain
from app.batches.queries import batches, group_word, groups_of
from app.certificates.queries import certificates_of, counters, serials_are_whole
from app.demo.load import STEPS, load
from app.demo.story import FOLDER
from app.errors import Refused
from app.files import read_file
from app.house import House
from app.organizations.queries import filings_of
from app.registration.queries import candidates_by_ticket
from app.scores.queries import results
from app.settings import DEMO_START, MADE_BY_DEMO
from app.users.queries import demo_posts
from app.work import CHINA, Work, begin_as
from db.audit import Trail, TrailHead
from db.batches import Batch, BatchGroup, Sitting
from db.certificates import Approval
from db.organizations import FiledRange, Filing, Org
from db.registration import Candidate
from db.scores import ScoreEntry, ScoreSignature
from db.users import Account, Installation, Person
from tests import make
from tests.demo.conftest import Said
from tests.shows import shows

OUTCOME = list(csv.DictReader((Path(__file__).parent / 'outcome.csv').open(encoding='utf-8')))
SIGN_IN = {
    'centre': '禹鬼金 狄柳土 米星日 贝张月', 'a': '何立春 吕雨水 施惊蛰 张春分 曹谷雨 孔清明 严立夏 华小满 金芒种 水霜降 葛大寒', 'b': '卜斗木 顾牛金 尹娄金', 'c': '汪觜火'}


def all_of(house: House, model: type[SQLModel]) -> list[SQLModel]:
    with Session(house.engines.read) as session:
        return list(session.exec(rows(model).order_by(col(model.id))))  # type: ignore[attr-defined]


def id_of(house: House, name: str) -> int:
    with house.engines.read.connect() as connection:
        return connection.execute(select(col(Person.id)).where(col(Person.name) == name)).scalar_one()


def finished(work: Work) -> Batch:
    return next(row.batch for row in batches(work)[0] if row.batch.number == '2026-003')


def reading(house: House, name: str = '何立春'):  # type: ignore[no-untyped-def]
    return begin_as(id_of(house, name), at=DEMO_START, reads=True)


def test_the_sixty_have_the_tickets_of_the_story(story_house: House) -> None:
    with reading(story_house) as work:
        people = sorted(candidates_by_ticket(work, finished(work).id), key=lambda c: c.seq)
        assert [(str(c.seq), c.name, c.ticket_number) for c in people] == [(r['序号'], r['姓名'], r['准考证号']) for r in OUTCOME]


@shows('SCORE-02', 'CERT-18', 'CERT-20', 'CERT-21', 'CERT-22')
def test_the_forty_three_numbers_are_those_of_the_story(story_house: House) -> None:
    with reading(story_house) as work:
        batch = finished(work)
        seqs = {c.id: str(c.seq) for c in candidates_by_ticket(work, batch.id)}
        numbers = {seqs[c.candidate_id]: c.number for c in certificates_of(work, batch.id)}
        assert {c.state for c in certificates_of(work, batch.id)} == {'issued'}
        assert {c.issued_on for c in certificates_of(work, batch.id)} == {date(2026, 11, 12)}
    assert numbers == {r['序号']: f'S000099010001{r["证书"]}' for r in OUTCOME if r['证书']}
    assert len(numbers) == 43


@shows('SCORE-01', 'SCORE-08')
def test_fourteen_keep_what_they_passed_for_a_year(story_house: House) -> None:
    with reading(story_house) as work:
        batch = finished(work)
        seqs = {c.id: str(c.seq) for c in candidates_by_ticket(work, batch.id)}
        kept = {seqs[i]: r.kept for i, r in results(work, batch.id).items() if r.kept}
    last = {'理论': ('theory', '2027-10-24'), '实操': ('practical', '2027-10-25')}
    assert kept == {r['序号']: dict(last[word] for word in r['保留'].split('、')) for r in OUTCOME if r['保留']}
    assert len(kept) == 14


@pytest.mark.parametrize(('group', 'figures', 'rate'), [
    ('保育师四级', {'entered': 30, 'absent': 1, 'theory': 26, 'practical': 24, 'passed': 22}, '75.9'),
    ('车工（普通车床）四级', {'entered': 24, 'absent': 1, 'theory': 21, 'practical': 19, 'passed': 17}, '73.9'),
    ('车工（普通车床）二级', {'entered': 6, 'absent': 0, 'theory': 6, 'practical': 5, 'passed': 4}, '66.7')])
def test_each_group_has_the_figures_of_the_story(story_house: House, group: str, figures: dict[str, int], rate: str) -> None:
    found = figures_of(story_house)[group]
    assert {k: found[k] for k in figures} == figures
    assert f'{100 * found["passed"] / (found["entered"] - found["absent"]):.1f}' == rate


def test_all_together_74_1_percent_of_who_sat_passed(story_house: House) -> None:
    whole = sum(figures_of(story_house).values(), Counter())
    assert (whole['entered'], whole['absent'], whole['theory'], whole['practical'], whole['passed']) == (60, 2, 53, 48, 43)
    assert f'{100 * 43 / 58:.1f}' == '74.1'


def figures_of(house: House) -> dict[str, Counter[str]]:
    """Return per group who entered, was absent from all, reached 60 in each subject, and passed."""
    made: dict[str, Counter[str]] = {}
    with reading(house) as work:
        batch = finished(work)
        words = {g.id: group_word(g) for g in groups_of(work, batch.id)}
        outcome = results(work, batch.id)
        for candidate in candidates_by_ticket(work, batch.id):
            result = outcome[candidate.id]
            reached = [s for s, value in result.scores.items() if isinstance(value, int) and value >= 600]
            made.setdefault(words[candidate.group_id], Counter()).update(
                ['entered', *(['absent'] if set(result.scores.values()) == {'absent'} else []), *reached, *(['passed'] if result.passed else [])])
    return made


def test_the_counters_go_on_from_the_system_before(story_house: House) -> None:
    with reading(story_house) as work:
        assert [(c.year, c.level, c.started_at, c.last) for c in counters(work)] == [
            (2026, 5, 44, 44), (2026, 4, 118, 157), (2026, 3, 61, 61), (2026, 2, 3, 7), (2026, 1, 0, 0)]
        assert serials_are_whole(work) == []


def test_the_trail_is_whole_and_runs_forward_to_the_days_before_today(story_house: House) -> None:
    with story_house.engines.read.connect() as connection:
        assert check_chain(connection, story_house.keys) == []
        times = [datetime.fromisoformat(json.loads(body)['at']) for body in connection.execute(select(col(Trail.body)).order_by(col(Trail.n))).scalars()]
    assert len(times) > 500
    assert all(a.replace(microsecond=0) <= b for a, b in pairwise(times))
    assert (times[0].date(), max(times) < DEMO_START) == (date(2024, 1, 8), True)


def test_two_people_entered_and_the_one_slip_was_mended(story_house: House) -> None:
    entries = all_of(story_house, ScoreEntry)
    assert {(e.round, e.entered_by) for e in entries} == {(1, '张春分（报名与资格审核员）'), (2, '孔清明（成绩录入员）')}
    with story_house.engines.read.connect() as connection:
        bodies = [json.loads(b) for b in connection.execute(select(col(Trail.body))).scalars()]
        seq = dict(connection.execute(select(col(Candidate.id), col(Candidate.seq))).all())
    often = [row for row, times in Counter(b['row'] for b in bodies if b['verb'] == 'scores.enter').items() if times > 1]
    assert [(seq[e.candidate_id], e.subject, e.round, e.tenths) for e in entries if e.id in often] == [(33, 'practical', 2, 895)]


@shows('SCORE-19', 'SCORE-20')
def test_signing_publicity_and_approval_are_those_of_the_story(story_house: House) -> None:
    signed = [(s.step, s.signed_by[:3], s.signed_at.astimezone(CHINA).date().isoformat()) for s in all_of(story_house, ScoreSignature)]
    assert signed == [(step, who, '2026-11-03') for step, who in (('leader', '金芒种'), ('recorder', '华小满'), ('supervisor', '葛大寒'), ('exam_affairs', '施惊蛰'))]
    with reading(story_house) as work:
        batch = finished(work)
    assert (batch.publicity_from_on, batch.publicity_to_on, batch.publicity_provisional) == (date(2026, 11, 3), date(2026, 11, 10), False)
    [approval] = all_of(story_house, Approval)
    assert (approval.signed_by, approval.signed_at.astimezone(CHINA).date(), approval.issued_on, approval.count) == (
        '何立春（机构负责人）', date(2026, 11, 11), date(2026, 11, 12), 43)


def test_four_batches_stand_in_their_order(story_house: House) -> None:
    with reading(story_house) as work:
        assert [(r.batch.number, r.batch.state, r.groups, r.candidates) for r in batches(work)[0]] == [
            ('2026-004', 'registering', '保育师四级、车工（普通车床）四级', 0),
            ('2026-003', 'issued', '保育师四级、车工（普通车床）四级、车工（普通车床）二级', 60),
            ('2026-002', 'preparing', '车工（普通车床）四级、车工（普通车床）三级、车工（普通车床）二级', 0),
            ('2026-001', 'preparing', '保育师五级、保育师四级', 0)]


@pytest.mark.parametrize(('name', 'number', 'term', 'ranges'), [
    ('何立春', 'S000099010001', ('2025-03-17', '2028-03-16'),
     [('保育师', '', [5, 4, 3]), ('车工', '', [5]), ('车工', '普通车床', [4, 3, 2, 1]), ('车工', '数控车床', [4, 3])]),
    ('卜斗木', 'Y000099010001', ('2024-01-08', '2027-01-07'), [('车工', '数控车床', [4, 3, 2, 1]), ('钳工', '', [5, 4, 3, 2, 1])])])
def test_each_filing_has_number_term_and_annex_of_its_letter(
        story_house: House, name: str, number: str, term: tuple[str, str], ranges: list[tuple[str, str, list[int]]]) -> None:
    with reading(story_house, name) as work:
        [page] = filings_of(work)
    assert (page.filing.number, page.filing.state, page.filing.valid_from.isoformat(), page.filing.valid_to.isoformat()) == (number, 'in_force', *term)
    assert [(r.occupation, r.work_type, r.levels) for r in page.ranges] == ranges
    assert (page.filing.recorded_by[:3], page.filing.confirmed_by[:3]) == ('狄柳土', '禹鬼金')


def test_the_technical_college_has_no_filing_yet(story_house: House) -> None:
    with reading(story_house, '汪觜火') as work:
        assert filings_of(work) == []


def test_who_signs_in_by_the_story_has_an_account_and_nobody_else(story_house: House) -> None:
    with story_house.engines.read.connect() as connection:
        names = connection.execute(select(col(Person.name)).join(Account, col(Account.person_id) == Person.id).order_by(col(Person.id))).scalars().all()
    assert sorted(names) == sorted(' '.join(SIGN_IN.values()).split())
    assert {p.name for p in demo_posts()} == set(names)
    assert {p.name: p.role for p in demo_posts() if p.name in ('金芒种', '葛大寒', '曹谷雨', '孔清明', '华小满')} == {
        '金芒种': 'leader', '葛大寒': 'supervisor', '曹谷雨': 'certificate_clerk', '孔清明': 'scorer', '华小满': 'recorder'}


def test_every_organisation_is_judged_by_the_demo_profile(story_house: House) -> None:
    orgs = all_of(story_house, Org)
    assert [(o.kind, o.profile, o.name[-4:]) for o in orgs] == [
        (kind, 'demo', '（演示）') for kind in ('centre', 'social_training_org', 'employer', 'technical_school')]
    [found] = all_of(story_house, Installation)
    assert (found.demo, found.purpose) == (True, 'both')


def test_every_text_that_is_kept_comes_from_the_story(story_house: House) -> None:
    told = told_texts()
    kept = {
        Org: 'name short_name address phone credit_code', Person: 'name title phone sex', Batch: 'title', BatchGroup: 'occupation work_type', Sitting: 'room',
        Candidate: 'name sex education basis employer', Filing: 'number letter_no issuer', FiledRange: 'occupation work_type'}
    strange = {(model.__name__, str(text)) for model, columns in kept.items() for row in all_of(story_house, model)
               for text in (getattr(row, column) for column in columns.split()) if text and text not in told}
    assert strange == set()
    masked = {row.id_no_masked[:2] for model in (Person, Candidate) for row in all_of(story_house, model)}
    assert masked == {'99'}


def told_texts() -> set[str]:
    """Return every single text of assets/demo."""
    def below(value: object) -> list[str]:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
        return [str(value)] if inner is None else [text for part in inner for text in below(part)]

    tables = [csv.DictReader(file.open(encoding='utf-8')) for file in FOLDER.glob('*.csv')]
    return {text for table in tables for row in table for text in row.values()} | set(below(yaml.safe_load((FOLDER / 'story.yaml').read_text(encoding='utf-8'))))


def test_each_candidate_has_a_drawn_photo_in_the_size_of_certificates(story_house: House) -> None:
    from io import BytesIO

    from PIL import Image

    with reading(story_house) as work:
        photos = [read_file(work, c.photo_id)[1] for c in candidates_by_ticket(work, finished(work).id) if c.photo_id]
    assert len({*photos}) == 60
    assert max(map(len, photos)) <= 40 << 10
    assert {Image.open(BytesIO(photo)).size for photo in photos} == {(413, 579)}


def test_progress_runs_to_its_end(loaded_once: tuple[House, Said]) -> None:
    said = loaded_once[1]
    assert [(done, total) for done, total, _ in said] == [(n, len(STEPS)) for n in range(len(STEPS) + 1)]
    assert len({text for _, _, text in said}) == len(STEPS) + 1


def test_the_folder_is_marked_and_loading_again_changes_nothing(story_copy: House) -> None:
    before = head(story_copy)
    load(story_copy, lambda done, total, text: pytest.fail(text))
    assert head(story_copy) == before
    assert (story_copy.home / MADE_BY_DEMO).is_file()


def test_other_data_are_refused_and_stay_as_they_were(house_on_sqlite: House) -> None:
    make.world()
    before = head(house_on_sqlite)
    with pytest.raises(Refused, match='已有其他数据，演示数据不能载入其中'):
        load(house_on_sqlite, lambda *_: None)
    assert head(house_on_sqlite) == before
    assert not (house_on_sqlite.home / MADE_BY_DEMO).exists()


def test_half_a_story_is_refused_with_what_to_do(house_on_sqlite: House) -> None:
    class Stopped(Exception):
        pass

    def stop(done: int, total: int, text: str) -> None:
        if done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        load(house_on_sqlite, stop)
    with pytest.raises(Refused, match='上次没有载入完整。请删除这个文件夹'):
        load(house_on_sqlite, lambda *_: None)


def head(house: House) -> tuple[int, int]:
    """Return the last entry of the trail and the number of rows of people."""
    with house.engines.read.connect() as connection:
        return connection.execute(select(col(TrailHead.n))).scalar_one(), connection.execute(select(func.count()).select_from(Person)).scalar_one()
