"""The reply letter says what kind of body is filed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.house import House
from app.organizations.documents import Reply, filing_reply_docx, filing_reply_pdf, reply_record
from app.organizations.queries import filing_page
from app.work import begin_as
from db.organizations import Filing
from tests import make
from tests.assessment.test_documents import text_of, without_blanks, words
from tests.shows import shows

REPLY = Reply('明川机械（演示）', '明川市人力资源和社会保障局（演示）', '明人社函〔2026〕9号', date(2026, 11, 27), '', 'Y000099010001', (date(2026, 11, 27), date(2029, 11, 26)),
              (('1', '钳工', '6-20-01-01', '—', '5、4、3', '国家职业技能标准'),), make.NOW, '')


def test_the_letter_of_a_filing_recorded_by_hand_is_marked_until_it_is_confirmed(house_on_sqlite: House) -> None:
    made = make.world()
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        page = filing_page(work, made.filing.id)
    marks = [reply_record(replace(page, filing=Filing.model_validate(page.filing.model_dump() | {'state': state})), make.NOW).mark for state in ('proposed', 'in_force')]
    assert marks == ['草稿', '']


@shows('F-FILING-REPLY')
@pytest.mark.parametrize(('social', 'title', 'never'), [
    (True, '关于同意明川机械（演示）社会培训评价组织备案的函', '开展职业技能等级认定工作备案'), (False, '关于同意明川机械（演示）开展职业技能等级认定工作备案的函', '社会培训评价组织')])
def test_the_letter_of_an_employer_or_school_does_not_call_it_a_social_organisation(social: bool, title: str, never: str) -> None:
    letter = replace(REPLY, social=social)
    for text in (without_blanks(text_of(filing_reply_pdf(letter))), without_blanks(words(filing_reply_docx(letter)))):
        assert title in text and never not in text
