"""The applications of the story on the screen."""

from __future__ import annotations

import pytest
from sqlmodel import select

from app.filing.documents import printing_of
from app.filing.operations import current_record
from app.filing.queries import application_page, applications
from app.house import House
from app.settings import DEMO_START
from app.work import begin_as
from db.filing import Application
from pages.filing.shown import Now, papers_of
from tests.demo.test_load import id_of


def test_the_papers_of_the_college_are_called_as_they_print(story_house: House) -> None:
    with begin_as(id_of(story_house, '汪觜火'), at=DEMO_START, reads=True) as work:
        found = application_page(work, work.session.exec(select(Application.id)).one())
        record, sealed = current_record(work, found.app.id)
        titles = {p.form: p.title for p in papers_of(work.actor, found, Now(record, printing_of(work, record, sealed=sealed), sealed))}
    assert titles['F-FILING-HN'] == '职业技能等级评价机构备案申请表'
    assert [title for title in titles.values() if '社会培训评价组织' in title] == []


COLLEGE, SCHOOL = {'技工院校备案（本校学生）': '完成整改：2026-12-11前'}, {'增量备案': '公示：2026-11-25止'}


@pytest.mark.parametrize(('name', 'days'), [('汪觜火', COLLEGE), ('何立春', SCHOOL), ('狄柳土', COLLEGE | SCHOOL)])
def test_the_list_tells_both_sides_by_when_the_college_puts_right_what_was_found_and_until_when_a_publicity_runs(
        story_house: House, name: str, days: dict[str, str]) -> None:
    with begin_as(id_of(story_house, name), at=DEMO_START, reads=True) as work:
        told = {line.way: line.clock.sentence for line in applications(work)[0] if line.clock}
    assert told == days
