"""The batches of organisation A: two before the changeover, the one that runs to its certificates, the empty one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from app.batches.operations import add_sitting, close_registration, make_batch, open_registration
from app.batches.queries import groups_of
from app.certificates.operations import approve, issue, note_print, start_counter
from app.certificates.queries import passed_people
from app.certificates.rules import list_hash
from app.demo.photos import draw_photo
from app.demo.story import Act, BatchFrame, Entry, Scene, SittingRow, TypedWrong, candidate_rows
from app.files import store
from app.intake_table import Table, column_letters
from app.pictures import read_photo
from app.registration.judging import fates
from app.registration.operations import prepare, set_photo, write_rows
from app.registration.queries import candidates_by_ticket, roster
from app.registration.rules import COLUMNS
from app.scores.operations import enter_score, publicize, sign_table
from app.scores.queries import score_table
from app.scores.rules import STEPS
from app.words import SUBJECTS
from app.work import Work, begin_as
from db.batches import Batch
from db.registration import Candidate

PACE = timedelta(seconds=20)  # from one row of scores to the next
SEATING = ('考场号', '座位号')


def change_over(scene: Scene) -> None:
    """Keep the batches done in the system before, and where its serials stopped."""
    told = scene.story.changeover
    with begin_as(scene.people[told.plans], at=told.at) as work:
        for frame in told.batches:
            _make(work, frame)
    with begin_as(scene.people[told.certificates], at=told.at) as work:
        for level, last in told.last_serials.items():
            start_counter(work, year=told.year, level=level, last=last)


def register(scene: Scene) -> None:
    """Make the batch and bring the reviewed candidates onto its list, without seats."""
    told = scene.story.finished
    with _act(scene, told.made) as work:
        scene.batch_id = _make(work, told.batch).id
    with _act(scene, told.opened) as work:
        open_registration(work, batch_id=scene.batch_id)
    _write(scene, told.reviewed, [{k: v for k, v in row.items() if k not in SEATING} for row in candidate_rows()])


def take_photos(scene: Scene) -> None:
    """Give every candidate a drawn photo, checked as an uploaded one is."""
    told = scene.story.finished
    with _act(scene, told.reviewed, reads=True) as work:
        people = candidates_by_ticket(work, scene.batch_id)
    jpegs = [read_photo(draw_photo(c.name, c.sex, c.seq), c.name).jpeg for c in people]
    digests = [store(jpeg, scene.orgs['a'], sealed=True) for jpeg in jpegs]
    with _act(scene, told.reviewed) as work:
        for candidate, jpeg, digest in zip(people, jpegs, digests, strict=True):
            set_photo(work, candidate_id=candidate.id, photo=jpeg, name=f'{candidate.name}.jpg', sha256=digest)


def seat(scene: Scene) -> None:
    """Plan the sittings, give seats and with them ticket numbers, fix the list."""
    told = scene.story.finished
    with _act(scene, told.planned) as work:
        _plan(work, scene.batch_id, told.batch, told.sittings)
    _write(scene, told.seated, candidate_rows())
    with _act(scene, told.closed) as work:
        close_registration(work, batch_id=scene.batch_id)


def enter_scores(scene: Scene) -> None:
    """Enter every score twice by two people; the one typed wrong is mended at the end of its entry."""
    told = scene.story.finished
    with _act(scene, told.entries[0], reads=True) as work:
        table = score_table(work, scene.batch_id).rows
    for entry in told.entries:
        rows = [row for row in table if set(entry.subjects) & row.cells.keys()]
        for n, row in enumerate(rows):
            with begin_as(scene.people[entry.by], at=entry.at + n * PACE) as work:
                _enter_row(work, scene, entry, row.candidate)
        wrong = told.typed_wrong
        if wrong.round == entry.round and wrong.subject in entry.subjects:
            _mend(scene, wrong, next(row.candidate for row in rows if row.candidate.seq == wrong.seq))


def sign(scene: Scene) -> None:
    """Sign the table in its order and make the results public."""
    told = scene.story.finished
    for step in STEPS:
        with _act(scene, told.signed[step]) as work:
            sign_table(work, batch_id=scene.batch_id, step=step, shown_hash=score_table(work, scene.batch_id).content_hash)
    with _act(scene, told.publicized) as work:
        publicize(work, batch_id=scene.batch_id, from_on=work.today)


def certify(scene: Scene) -> None:
    """Sign the approval that gives the numbers, print and issue."""
    told = scene.story.finished
    with _act(scene, told.approved) as work:
        shown = list_hash(passed_people(work, scene.batch_id), told.issued_on)
        approve(work, batch_id=scene.batch_id, issued_on=told.issued_on, shown_hash=shown, objections=told.objections)
    with _act(scene, told.printed) as work:
        note_print(work, batch_id=scene.batch_id, form='F-CERT')
    with _act(scene, told.issued) as work:
        issue(work, batch_id=scene.batch_id)


def open_next(scene: Scene) -> None:
    """Make the empty batch in one transaction: where it stands, the story is loaded to its end."""
    told = scene.story.next
    with _act(scene, told.made) as work:
        batch = _make(work, told.batch)
        _plan(work, batch.id, told.batch, told.sittings)
        open_registration(work, batch_id=batch.id)


def as_table(rows: Sequence[dict[str, str]]) -> Table:
    """Return rows of the story, by the heads of the template, as a workbook would be read."""
    letters = {c.key: column_letters(at) for at, c in enumerate(COLUMNS)}
    return Table('考生名单', 1, letters, (), range(2, len(rows) + 2), {c.key: [row.get(c.head) or '' for row in rows] for c in COLUMNS})


@contextmanager
def _act(scene: Scene, told: Act, *, reads: bool = False) -> Iterator[Work]:
    with begin_as(scene.people[told.by], at=told.at, reads=reads) as work:
        yield work


def _make(work: Work, frame: BatchFrame) -> Batch:
    batch = make_batch(work, title=frame.title, first_on=frame.first_on, last_on=frame.last_on, groups=frame.groups)
    assert batch.number == frame.number
    return batch


def _plan(work: Work, batch_id: int, frame: BatchFrame, sittings: Sequence[SittingRow]) -> None:
    groups = {(g.occupation_code, g.work_type, g.level): g.id for g in groups_of(work, batch_id)}
    for room_no, row in enumerate(sittings, 1):
        add_sitting(
            work, batch_id=batch_id, group_id=groups[frame.groups[row.group]], subject=row.subject, room_no=room_no, room=row.room, seats=row.seats,
            starts_at=row.starts_at, ends_at=row.ends_at)


def _enter_row(work: Work, scene: Scene, entry: Entry, candidate: Candidate) -> None:
    wrong = scene.story.finished.typed_wrong
    for subject in entry.subjects:
        slip = (candidate.seq, subject, entry.round) == (wrong.seq, wrong.subject, wrong.round)
        enter_score(work, batch_id=scene.batch_id, candidate_id=candidate.id, subject=subject, round_no=entry.round,
                    text=wrong.text if slip else _score(candidate.seq, subject))


def _mend(scene: Scene, wrong: TypedWrong, candidate: Candidate) -> None:
    with _act(scene, wrong.mended) as work:
        enter_score(work, batch_id=scene.batch_id, candidate_id=candidate.id, subject=wrong.subject, round_no=wrong.round,
                    text=_score(wrong.seq, wrong.subject), shown=wrong.text)


def _score(seq: int, subject: str) -> str:
    """Return what the score sheets say of a candidate, as it is typed."""
    return next(row[SUBJECTS[subject]] for row in candidate_rows() if int(row['序号']) == seq)


def _write(scene: Scene, told: Act, rows: Sequence[dict[str, str]]) -> None:
    """Judge rows as those of a workbook and write them; the story has no bad one."""
    with _act(scene, told, reads=True) as work:
        judged = fates(as_table(rows), roster(work, scene.batch_id))
    assert not [fate.findings for fate in judged if fate.outcome == 'bad']
    prepared = [(fate, prepare(fate)) for fate in judged]
    with _act(scene, told) as work:
        write_rows(work, batch_id=scene.batch_id, rows=prepared)
