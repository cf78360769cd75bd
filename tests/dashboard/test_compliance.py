"""The compliance report over the whole procedure, and the centre's card of an organisation."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest

from app.dashboard.compliance import Compliance, compliance_of
from app.dashboard.org_files import org_file
from app.errors import NotYours
from app.filing.desk import Point, accept, ask_correction
from app.filing.papers.blocks import Printing
from app.filing.papers.compliance import report_pdf
from app.filing.papers.orgfile import org_file_pdf, org_file_xlsx
from app.house import House
from app.regulation import profile
from app.work import begin_as
from tests import make
from tests.filing import prepared
from tests.filing.prepared import AT, Applicant
from tests.organizations.test_extending import LATE, extended, near_its_end
from tests.papers.read import drawn_text_of, in_order, without_blanks
from tests.shows import shows

TOLD = AT + timedelta(days=7)


@pytest.fixture
def a(both: House) -> Applicant:
    return prepared.applicant(make.world())


def said(made: Compliance, rule: str) -> str:
    return next(line.evidence for line in made.report.lines if line.rule.id == rule)


@shows('ORG-77')
def test_the_report_follows_the_procedure_and_a_centre_reads_what_was_handed_in(a: Applicant) -> None:
    app_id = prepared.handed_in(a)[0]
    clerk = a.made.people['acceptance_clerk']
    with begin_as(clerk, org_id=a.org.id, at=TOLD, reads=True) as work:
        before = compliance_of(work, app_id)
    with begin_as(clerk, org_id=a.org.id, at=TOLD) as work:
        ask_correction(work, application_id=app_id, points=[Point('basics', 'contact', '联系人电话不通')])
    with begin_as(clerk, org_id=a.org.id, at=TOLD, reads=True) as work:
        after = compliance_of(work, app_id)
    assert before.sealed and after.sealed and before.record == after.record
    assert [said(made, 'ORG-77') for made in (before, after)] == ['尚无需要申请单位陈述的事项', '补正告知1点，已逐点答复0点']
    with begin_as(a.clerk, at=TOLD, reads=True) as work:
        assert not compliance_of(work, app_id).sealed


def test_accepted_is_met_and_stands_on_the_printed_report(a: Applicant) -> None:
    app_id = prepared.handed_in(a)[0]
    with begin_as(a.made.people['acceptance_clerk'], org_id=a.org.id, at=TOLD) as work:
        accept(work, application_id=app_id)
        made = compliance_of(work, app_id)
    text = drawn_text_of(report_pdf(made.report, made.record, made.printing))
    assert in_order(text, ['备案合规报告', '申请单位', a.org.name, '社会培训评价组织备案', '适用', '1.1申请条件', '规则', '规定', '依据', '结果', '证据和说明', 'ORG-01', '符合', '3技术评估', 'TEV-03']) == []
    assert '六个环节，已完成2个' in without_blanks(text)


@shows('F-ORGFILE', 'ORG-90')
def test_the_card_holds_filings_people_and_terms_and_is_the_centres_alone(a: Applicant) -> None:
    with begin_as(a.made.people['acceptance_clerk'], org_id=a.made.org.id, at=TOLD, reads=True) as work:
        filed = org_file(work)
    assert [f[0] for f in filed.filings] == [a.made.filing.number] and filed.people == () and filed.expiries[0][0] == f'机构备案{a.made.filing.number}'
    prepared.handed_in(a)
    with begin_as(a.made.people['acceptance_clerk'], org_id=a.org.id, at=TOLD, reads=True) as work:
        card = org_file(work)
    assert (card.contact, card.people[1], card.filings) == ('联系人如实填写', ('考评员', 3), ())
    printing = Printing(TOLD, profile('demo'))
    assert in_order(drawn_text_of(org_file_pdf(card, printing)), ['评价机构档案卡（一户一档）', a.org.name, '备案历史', '人员队伍', '考评员', '3']) == []
    assert openpyxl.load_workbook(BytesIO(org_file_xlsx(card, printing))).sheetnames[0] == '基本情况'
    with begin_as(a.clerk, at=TOLD, reads=True) as work, pytest.raises(NotYours):
        org_file(work)


@shows('F-ORGFILE', 'ORG-90')
def test_the_card_holds_what_an_extension_left_out_until_its_last_day(both: House) -> None:
    made, told = near_its_end(), {}
    extended(made)
    for at in (make.NOW, LATE):
        with begin_as(made.people['centre_head'], org_id=made.org.id, at=at, reads=True) as work:
            told[at] = [row[:3] for row in org_file(work).ranges]
    assert told == {
        make.NOW: [('保育师', '—', '5、4、3'), ('车工', '—', '5'), ('车工', '普通车床', '4、3、2、1')], LATE: [('保育师', '—', '5'), ('车工', '普通车床', '4、3、2、1')]}
