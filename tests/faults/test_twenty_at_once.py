"""Twenty people press the same button at the same moment: one effect, nineteen sentences."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import create_engine, select, update
from sqlmodel import col

from app import audit
from app.assessment.deciding import draft_letter, end_publicity, hash_of, sign_letter
from app.assessment.deciding import publicize as start_publicity
from app.assessment.operations import conclude
from app.assessment.scoring import sign_sheet
from app.batches.operations import close_registration, make_batch
from app.batches.queries import batches
from app.certificates.operations import approve, approve_reissue, issue, request_reissue, start_counter
from app.certificates.queries import certificates_of, passed_people, reissues_of, serials_are_whole
from app.certificates.rules import list_hash
from app.codes import credit_code
from app.errors import Refused
from app.house import House, house
from app.organizations.operations import confirm_end, confirm_filing, record_end, record_filing, register_org
from app.scores.operations import enter_score, publicize, sign_table
from app.scores.queries import score_table
from app.scores.rules import STEPS
from app.words import CHINA
from app.work import Work, begin_as
from db.audit import Trail
from db.certificates import Certificate, SerialCounter
from tests import make
from tests.assessment import making as assessed
from tests.faults.prepared import AFTER_EXAM, APPROVAL, ISSUED_ON
from tests.shows import shows

AT_ONCE = 20
SIGNING = datetime(2026, 11, 27, 9, 0, tzinfo=CHINA)
ISSUE_DAY = datetime(2026, 11, 12, 9, 0, tzinfo=CHINA)


def at_once(acts: list[Callable[[], object]]) -> Counter[str]:
    """Let all begin together; returns how many did it and which sentences the others were told; anything else is raised."""
    gate, told, faults = threading.Barrier(len(acts)), Counter[str](), list[Exception]()

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            act()
        except Refused as refused:
            told[refused.sentence] += 1
        except Exception as fault:
            faults.append(fault)
        else:
            told['done'] += 1

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return told


def alike(person_id: int, at: datetime, act: Callable[[Work], object], org_id: int | None = None) -> list[Callable[[], object]]:
    """Return the same act twenty times, each in a work of its own."""

    def once() -> None:
        with begin_as(person_id, at=at, org_id=org_id) as work:
            act(work)

    return [once] * AT_ONCE


def trail() -> list[tuple[str, str]]:
    """Return (table, verb) of every entry."""
    with house().engines.read.connect() as connection:
        assert audit.check_chain(connection, house().keys) == []
        entries = [json.loads(body) for body in connection.execute(select(col(Trail.body))).scalars()]
    return [(entry['table'], entry['verb']) for entry in entries]


def one_effect(told: Counter[str], verb: str, table: str, before: int = 0) -> None:
    """One did it and left one trail entry; the others were told a Chinese sentence; the chain is whole."""
    assert told['done'] == 1, told
    assert told.total() == AT_ONCE
    assert all('。' in sentence for sentence in told if sentence != 'done'), told
    assert trail().count((table, verb)) == before + 1


def scored(made: make.World, *, sizes: tuple[int, int, int] = (2, 1, 1)) -> int:
    """Return a batch whose scores are entered twice."""
    batch_id = make.batch(made, sizes=sizes).id
    for round_no, by in ((1, 'scorer'), (2, 'second')):
        with begin_as(made.people[by], at=AFTER_EXAM) as work:
            for row in score_table(work, batch_id).rows:
                for subject in row.cells:
                    enter_score(work, batch_id=batch_id, candidate_id=row.candidate.id, subject=subject, round_no=round_no, text='75')
    return batch_id


def publicized(made: make.World) -> int:
    """Return a batch that waits for the head."""
    batch_id = scored(made)
    for step in STEPS:
        with begin_as(made.people[step], at=AFTER_EXAM) as work:
            sign_table(work, batch_id=batch_id, step=step, shown_hash=score_table(work, batch_id).content_hash)
    with begin_as(made.people['exam_affairs'], at=AFTER_EXAM) as work:
        publicize(work, batch_id=batch_id, from_on=AFTER_EXAM.date())
    return batch_id


def shown_hash(made: make.World, batch_id: int) -> str:
    with begin_as(made.people['head'], at=APPROVAL, reads=True) as work:
        return list_hash(passed_people(work, batch_id), ISSUED_ON)


def test_a_batch_is_approved_once_and_issued_once(both: House) -> None:
    made = make.world()
    batch_id = publicized(made)
    shown = shown_hash(made, batch_id)
    one_effect(at_once(alike(made.people['head'], APPROVAL, lambda work: approve(
        work, batch_id=batch_id, issued_on=ISSUED_ON, shown_hash=shown, objections='无异议'))), 'certificates.approve', 'approval')
    one_effect(at_once(alike(made.people['certificate_clerk'], ISSUE_DAY, lambda work: issue(work, batch_id=batch_id))), 'certificates.issue', 'batch')
    with begin_as(made.people['certificate_clerk'], at=ISSUE_DAY, reads=True) as work:
        assert serials_are_whole(work) == []
        assert len(certificates_of(work, batch_id)) == 4


def test_a_duplicate_is_asked_for_once_and_granted_once(both: House) -> None:
    made = make.world()
    batch_id = publicized(made)
    shown = shown_hash(made, batch_id)
    with begin_as(made.people['head'], at=APPROVAL) as work:
        first = approve(work, batch_id=batch_id, issued_on=ISSUED_ON, shown_hash=shown, objections='无异议')[0].id
    with begin_as(made.people['certificate_clerk'], at=ISSUE_DAY) as work:
        issue(work, batch_id=batch_id)
    one_effect(at_once(alike(made.people['certificate_clerk'], ISSUE_DAY, lambda work: request_reissue(
        work, certificate_id=first, reason='证书遗失，本人申请'))), 'reissue.request', 'reissue')
    with begin_as(made.people['head'], at=ISSUE_DAY, reads=True) as work:
        asked = reissues_of(work, first)[0].id
    one_effect(at_once(alike(made.people['head'], ISSUE_DAY, lambda work: approve_reissue(work, reissue_id=asked))), 'reissue.approve', 'reissue')


def test_a_step_is_signed_once(both: House) -> None:
    made = make.world()
    batch_id = scored(made)
    with begin_as(made.people['leader'], at=AFTER_EXAM, reads=True) as work:
        shown = score_table(work, batch_id).content_hash
    one_effect(at_once(alike(made.people['leader'], AFTER_EXAM, lambda work: sign_table(work, batch_id=batch_id, step='leader', shown_hash=shown))), 'scores.signature', 'score_signature')


def test_a_filing_is_confirmed_once(both: House) -> None:
    made = make.world()
    with begin_as(made.people['acceptance_clerk'], at=make.NOW) as work:
        another = register_org(work, name='明川市另一培训学校（演示）', kind='social_training_org', credit_code=credit_code('52990105MA9777770'), region='990102', profile='demo')
    with begin_as(made.people['acceptance_clerk'], org_id=another.id, at=make.NOW) as work:
        filing = record_filing(
            work, number='S000099010007', letter_no='明人社函〔2025〕7号', letter_on=date(2025, 3, 17), valid_from=date(2025, 3, 17), ranges=make.RANGES, issuer='人社局（演示）')
    before = sum(entry == ('filing', 'filing.confirm') for entry in trail())
    told = at_once(alike(made.people['centre_head'], make.NOW, lambda work: confirm_filing(work, filing_id=filing.id), another.id))
    one_effect(told, 'filing.confirm', 'filing', before)


def test_a_filing_is_ended_once(both: House) -> None:
    made = make.world()
    clerk, head = made.people['acceptance_clerk'], made.people['centre_head']
    one_effect(at_once(alike(clerk, make.NOW, lambda work: record_end(
        work, filing_id=made.filing.id, ended_on=date(2026, 10, 19), reason='机构自愿终止', document_no='20号'), made.org.id)), 'filing_end.record', 'filing_end')
    one_effect(at_once(alike(head, make.NOW, lambda work: confirm_end(work, filing_id=made.filing.id), made.org.id)), 'filing.end', 'filing')


def test_a_list_is_closed_once(both: House) -> None:
    made = make.world()
    batch_id = make.batch(made, sizes=(1, 1, 1), close=False).id
    one_effect(at_once(alike(made.people['registrar'], make.NOW, lambda work: close_registration(work, batch_id=batch_id))), 'batch.close', 'batch')


def test_a_counter_is_started_once(both: House) -> None:
    made = make.world()
    one_effect(at_once(alike(made.people['certificate_clerk'], make.NOW, lambda work: start_counter(work, year=2026, level=4, last=118))), 'certificates.start_counter', 'serial_counter')


def test_a_cell_seen_empty_is_filled_once(both: House) -> None:
    made = make.world()
    batch_id = make.batch(made, sizes=(1, 1, 1)).id
    with begin_as(made.people['scorer'], at=AFTER_EXAM, reads=True) as work:
        candidate_id = score_table(work, batch_id).rows[0].candidate.id

    def typed(tenths: int) -> Callable[[], object]:
        return alike(made.people['scorer'], AFTER_EXAM, lambda work: enter_score(
            work, batch_id=batch_id, candidate_id=candidate_id, subject='theory', round_no=1, text=str(tenths), shown=''))[0]

    one_effect(at_once([typed(60 + n) for n in range(AT_ONCE)]), 'scores.enter', 'score_entry')


def test_batches_made_at_once_have_numbers_of_their_own(both: House) -> None:
    made = make.world()
    told = at_once(alike(made.people['registrar'], make.NOW, lambda work: make_batch(
        work, title='同时新建', first_on=date(2026, 10, 24), last_on=date(2026, 10, 31), groups=make.GROUPS)))
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        numbers = sorted(row.batch.number for row in batches(work, limit=AT_ONCE)[0])
    assert told == {'done': AT_ONCE}
    assert numbers == [f'2026-{n:03d}' for n in range(1, AT_ONCE + 1)]


@shows('CERT-18', 'CERT-21')
def test_batches_approved_at_once_share_no_number_and_leave_no_gap(both: House) -> None:
    made = make.world()
    waiting = [publicized(made) for _ in range(4)]
    hashes = {batch_id: shown_hash(made, batch_id) for batch_id in waiting}

    def one(batch_id: int) -> Callable[[], object]:
        def act() -> None:
            with begin_as(made.people['head'], at=APPROVAL) as work:
                approve(work, batch_id=batch_id, issued_on=ISSUED_ON, shown_hash=hashes[batch_id], objections='无异议')
        return act

    assert at_once([one(batch_id) for batch_id in waiting]) == {'done': len(waiting)}
    with begin_as(made.people['certificate_clerk'], at=APPROVAL, reads=True) as work:
        assert serials_are_whole(work) == []
    with house().engines.read.connect() as connection:
        numbers = connection.execute(select(col(Certificate.number))).scalars().all()
    assert len(set(numbers)) == len(numbers) == 4 * len(waiting)


def test_the_control_without_lock_gives_one_number_to_several(both: House) -> None:
    made = make.world()
    with begin_as(made.people['certificate_clerk'], at=make.NOW) as work:
        start_counter(work, year=2026, level=4, last=118)
    engine = create_engine(both.engines.url, pool_size=AT_ONCE)  # no BEGIN IMMEDIATE, and no FOR UPDATE below
    read, given = threading.Barrier(AT_ONCE), list[int]()

    def number() -> None:
        with engine.connect() as connection:
            last = connection.execute(select(col(SerialCounter.last))).scalar_one()
            read.wait()
            connection.execute(update(SerialCounter).values(last=last + 1))
            connection.commit()
            given.append(last + 1)

    assert at_once([number] * AT_ONCE) == {'done': AT_ONCE}
    engine.dispose()
    print(f'\ntwenty at once without the lock on {both.engines.write.dialect.name}: {len(given)} numbers given, {len(set(given))} of them different')
    assert len(set(given)) < len(given)


def test_a_score_sheet_is_signed_once(both: House) -> None:
    case = assessed.opened(assessed.accepted())
    person = case.assessors[0]
    sheet = assessed.sheets(case, person)[0]
    assessed.fill(case, person, sheet)
    shown = assessed.shown_hash(case, person, sheet.id)
    one_effect(at_once(alike(person, assessed.VISIT, lambda work: sign_sheet(work, sheet_id=sheet.id, shown_hash=shown), case.org_id)), 'assessment.sign_sheet', 'score_sheet')


def test_a_filing_letter_is_signed_once(both: House) -> None:
    case = assessed.consolidated(assessed.opened(assessed.accepted()))
    with begin_as(case.clerk, org_id=case.org_id, at=assessed.AFTER) as work:
        conclude(work, assessment_id=case.assessment_id)
        public = start_publicity(work, application_id=case.application_id, from_on=assessed.AFTER.date(), contact='0000-5550001').id
        letter = draft_letter(
            work, application_id=case.application_id, issuer='人社局（演示）', valid_from=SIGNING.date(), letter_no='明人社函〔2026〕9号', letter_on=SIGNING.date())
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING) as work:
        end_publicity(work, publicity_id=public, objections='无异议')
    before = sum(entry == ('filing', 'filing.confirm') for entry in trail())
    told = at_once(alike(case.head, SIGNING, lambda work: sign_letter(work, letter_id=letter.id, shown_hash=hash_of(letter)), case.org_id))
    one_effect(told, 'letter.sign', 'filing_letter')
    assert sum(entry == ('filing', 'filing.confirm') for entry in trail()) == before + 1
