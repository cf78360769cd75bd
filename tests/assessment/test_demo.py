"""The assessments of the demo story give the totals the story tells."""

from __future__ import annotations

from datetime import UTC

from sqlmodel import Session

from app.assessment.queries import assessments, letter_of, rectifications, sheets_of
from app.demo import people
from app.demo.assessment import decide, draft, open_panel, visit
from app.demo.story import Scene, story
from app.house import House, house
from app.organizations.queries import filings_of
from app.work import begin_as
from db.filing import Application, ApplicationRange
from tests import make
from tests.assessment.making import AFTER
from tests.shows import shows

CAR = ('4-12-01-01', '汽车维修工', '汽车机械维修工', [5, 4, 3])
FITTER = ('6-20-01-01', '钳工', '', [5, 4, 3])


def applied(org_id: int, way: str, filing_id: int | None, *rows: tuple[str, str, str, list[int]]) -> int:
    """Keep an accepted application as the filing part of the story leaves it."""
    application = Application.model_validate({'org_id': org_id, 'way': way, 'state': 'accepted', 'form_version': 1, 'profile': 'demo', 'prepared_by_id': 1, 'prepared_by': '汪觜火', 'filing_id': filing_id, 'handed_in_at': AFTER.astimezone(UTC)})
    with Session(house().engines.write, expire_on_commit=False) as session:
        application.receiver = make.CENTRE_NAME
        session.add(application)
        session.flush()
        session.add_all(ApplicationRange.model_validate({'org_id': org_id, 'application_id': application.id, 'seq': n, 'occupation_code': c, 'occupation': o, 'work_type': w, 'levels': levels})
                        for n, (c, o, w, levels) in enumerate(rows, 1))
        session.commit()
    return application.id


@shows('TEV-02', 'TEV-03', 'TEV-09')
def test_the_story_s_assessments_stand_where_it_says(house_on_sqlite: House) -> None:
    scene = Scene(story(), '-')
    people.open_centre(scene)
    for key in ('c', 'a'):
        people.register(scene, key)
    people.file_letter(scene, 'a')
    clerk = scene.people['狄柳土']
    with begin_as(clerk, org_id=scene.orgs['a'], at=AFTER, reads=True) as work:
        filing_id = filings_of(work)[0].filing.id
    ids = {'c': applied(scene.orgs['c'], 'school_own', None, FITTER, CAR), 'a': applied(scene.orgs['a'], 'increment', filing_id, CAR)}
    scene.applications |= ids
    for key in ids:
        for act in (open_panel, visit, decide):
            act(scene, key)
    draft(scene, 'a')
    with begin_as(clerk, at=AFTER, reads=True) as work:
        rows = {r.application.id: r for r in assessments(work)[0]}
        found = {key: rows[n] for key, n in ids.items()}
        totals = {key: [s.total for s in sheets_of(work, r.assessment.id) if s.assessor_id is None] for key, r in found.items() if r.assessment}
        points = [(p.seq, f'{p.due_on}') for p in rectifications(work, found['c'].assessment.id)]  # type: ignore[union-attr]
        letter = letter_of(work, ids['a'])
    assert totals == {'c': ['86', '93', '88'], 'a': ['92']}
    assert (found['c'].application.state, found['c'].assessment.conclusion) == ('rectifying', 'basically_qualified')  # type: ignore[union-attr]
    assert points == [(n, '2026-12-11') for n in range(1, 6)]
    assert letter is not None
    assert (found['a'].application.state, letter.state, letter.kind, letter.filing_number, [r['occupation'] for r in letter.ranges]) == ('publicized', 'drafted', 'increment', 'S000099010001', ['汽车维修工'])
