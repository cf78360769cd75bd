"""What F-PRECHECK-SELF says of an item when it is filled from the registers."""

from __future__ import annotations

from app.assessment.documents import precheck_pdf
from app.assessment.records import precheck_record
from app.filing.scoring import self_score
from app.house import House
from app.regulation import profile
from pages.filing.self_check import self_line
from tests.filing import made, sample
from tests.papers.read import drawn_text_of, without_blanks
from tests.shows import shows


@shows('F-PRECHECK-SELF')
def test_each_item_says_evidence_loss_veto_what_to_do_or_that_a_person_must_judge(house_on_sqlite: House) -> None:
    sheets = self_score(made.record(systems=()), profile('henan')).sheets
    lines = [line for sheet in sheets for line in sheet.lines]
    lost, judged = next(x for x in lines if x.lost and not x.veto), next(x for x in lines if x.judged and not x.lost)
    assert self_line(lost).evidence == f'{lost.evidence.rstrip("。")}；失{lost.lost}分；{lost.todo.rstrip("。")}'
    assert self_line(judged).evidence.startswith('待人判断：') and (self_line(judged).person, self_line(judged).due) == ('', '')
    vetoed = [x for x in lines if x.veto]
    assert vetoed and all('否决' in self_line(x).evidence for x in vetoed)
    sheet = sheets[0]
    record = precheck_record(sheet.rubric_id, '启帆', '', sheet.answers, {x.item.id: self_line(x) for x in sheet.lines}, sample.AT)
    text = without_blanks(drawn_text_of(precheck_pdf(record)))
    assert '待人判断' in text and '待自评' in text and f'另有{len(sheet.open_lines)}项待自评' in text
