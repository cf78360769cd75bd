"""The bound volume as a job: from the draft and from what was handed in, with scans and rule documents; who may, and what is told before."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from sqlmodel import col, select

from app.errors import NotYours, Refused
from app.files import Scan, end_attachment, own_file, store_scan
from app.filing.holdings import attach_to_holding
from app.filing.operations import attach_signed, current_record, end_signed, start_application
from app.filing.papers.binding import LICENCES, page_count
from app.filing.papers.blocks import Printing
from app.filing.printing import KINDS, queue_volume
from app.filing.scans import annexes_of, scans_of
from app.house import House
from app.jobs import Runner
from app.pdf import Paper
from app.users.history import history_of
from app.work import Work, begin_as
from db.bylaws import BylawVersion
from db.files import Attachment
from db.filing import Licence
from db.jobs import Job
from tests import make
from tests.filing import prepared, sample
from tests.filing.prepared import AT, Applicant
from tests.papers.read import drawn_text_of, without_blanks
from tests.shows import shows

LATER = AT + timedelta(hours=2)
SAMPLE: Printing = sample.PRINTING


@pytest.fixture
def a(house_on_sqlite: House) -> Applicant:
    return prepared.applicant(make.world())


def scan_of(a: Applicant, text: str) -> Scan:
    return store_scan(Paper(text).to_bytes(), a.org.id, name=f'{text}.pdf')


def first_licence(work: Work) -> Licence:
    return work.session.exec(select(Licence).order_by(col(Licence.id))).all()[0]


def write_rules(a: Applicant, text: str) -> None:
    """Give the rule documents of the applicant a text; the first alone, so that the volume is drawn quickly."""
    with begin_as(a.head, at=AT) as work:
        version = work.session.exec(select(BylawVersion).order_by(BylawVersion.id)).first()
        assert version
        version.text = text
        work.keep('bylaws.change', version)


def volume(person: int, application_id: int, role: str, org_id: int) -> tuple[Job, str, zipfile.ZipFile]:
    """Queue the volume in a person's post, draw it, and return job, file name and ZIP."""
    with begin_as(person, role=role, org_id=org_id) as work:
        job_id = queue_volume(work, application_id=application_id).id
    assert Runner(KINDS).run_next()
    with begin_as(person, role=role, org_id=org_id, reads=True) as work:
        job = work.get(Job, job_id)
        assert job.state == 'done', job.message
        row, data = own_file(work, job.result_file_id or 0)
    return job, row.name, zipfile.ZipFile(BytesIO(data))


@shows('F-BINDING-HN', 'ORG-52')
def test_the_volume_of_a_draft_is_marked_on_every_page_and_holds_its_scans_and_rules(a: Applicant) -> None:
    app_id = prepared.filled(a)
    write_rules(a, '第一条　为规范认定工作，制定本规则。')
    with begin_as(a.clerk, at=AT) as work:
        attach_signed(work, application_id=app_id, scan=scan_of(a, '签章的承诺书'), kind='F-PLEDGE')
        attach_to_holding(work, ledger='licence', record_id=first_licence(work).id, scan=scan_of(a, '登记证书原件'), kind='licence')
    job, name, packed = volume(a.clerk, app_id, 'filing_clerk', a.org.id)
    names = packed.namelist()
    assert '申报材料_草稿_' in name and names[:3] == [f'00_封面和目录_第{n}份.pdf' for n in (1, 2, 3)] and names[-1] == '另附_规章制度/01_制度1.pdf'
    cover, pledge, licence = (drawn_text_of(packed.read(n)) for n in (names[0], '02_诚信承诺书.pdf', '03_法人登记证照复印件.pdf'))
    assert '草稿' in without_blanks(cover) and '已签章扫描' in without_blanks(cover) and '规章制度1项另附' in without_blanks(cover)
    assert '签章的承诺书' in without_blanks(pledge) and '登记证书原件' in without_blanks(licence)
    with begin_as(a.clerk, reads=True) as work:
        assert '打印申报文书' in {e.what for e in history_of(work, app_id)}
    assert (job.done, job.total) == (13, 13)


@shows('ORG-60')
def test_what_was_handed_in_is_bound_with_the_scans_of_that_hour_for_both_sides(a: Applicant) -> None:
    app_id = prepared.filled(a)
    with begin_as(a.clerk, at=AT) as work:
        licence = first_licence(work)
        kept = attach_to_holding(work, ledger='licence', record_id=licence.id, scan=scan_of(a, '提交时的证书'), kind='licence')
        wrong = attach_to_holding(work, ledger='licence', record_id=licence.id, scan=scan_of(a, '传错的文件'), kind='licence')
        end_attachment(work, licence, wrong.id)
    record, _, reasons = prepared.judged(a, app_id, at=AT)
    with begin_as(a.clerk, at=AT + timedelta(hours=1)) as work:
        prepared.hand_in(work, application_id=app_id, reasons=reasons, shown_sha256=record.sha256)
    with begin_as(a.clerk, at=LATER) as work:
        end_attachment(work, first_licence(work), kept.id)
        attach_to_holding(work, ledger='licence', record_id=licence.id, scan=scan_of(a, '后来的证书'), kind='licence')
    for person, role in ((a.clerk, 'filing_clerk'), (a.made.people['acceptance_clerk'], 'acceptance_clerk')):
        with begin_as(person, role=role, org_id=a.org.id, at=LATER, reads=True) as work:
            assert current_record(work, app_id)[1]
            (read,) = scans_of(work, app_id, SAMPLE)[LICENCES]
            assert '提交时的证书' in without_blanks(drawn_text_of(read()))
    _, name, packed = volume(a.made.people['acceptance_clerk'], app_id, 'acceptance_clerk', a.org.id)
    assert '草稿' not in name and '草稿' not in without_blanks(drawn_text_of(packed.read('00_封面和目录_第1份.pdf')))
    assert page_count(packed.read('03_法人登记证照复印件.pdf')) == 2


@shows('ORG-54')
def test_the_rule_documents_are_those_that_the_application_names(a: Applicant) -> None:
    write_rules(a, '第一条　旧文。')
    app_id = prepared.handed_in(a)[0]
    with begin_as(a.head, at=LATER) as work:
        old = work.session.exec(select(BylawVersion).order_by(BylawVersion.id)).first()
        assert old
        old.state = 'replaced'
        work.keep('bylaws.change', old)
        work.keep('bylaws.new_version', work.make(
            BylawVersion, bylaw_id=old.bylaw_id, version=2, state='in_force', text='第一条　新文。', drafted_by_id=a.clerk, drafted_by='汪觜火'))
    with begin_as(a.made.people['acceptance_clerk'], org_id=a.org.id, at=LATER, reads=True) as work:
        ((name, draw),) = annexes_of(work, current_record(work, app_id)[0], SAMPLE)
    text = without_blanks(drawn_text_of(draw()))
    assert name == '01_制度1' and '旧文' in text and '新文' not in text


@shows('ORG-52')
def test_signed_scans_come_and_go_with_the_draft_only(a: Applicant) -> None:
    app_id = prepared.filled(a)
    with begin_as(a.clerk, at=AT) as work:
        held = attach_signed(work, application_id=app_id, scan=scan_of(a, '一'), kind='F-FILING-HN')
        assert held.title == '河南省社会培训评价组织备案申请表'
        end_signed(work, application_id=app_id, attachment_id=held.id)
        with pytest.raises(Refused, match='这里不收这种附件'):
            attach_signed(work, application_id=app_id, scan=scan_of(a, '二'), kind='F-DEREG')
    record, _, reasons = prepared.judged(a, app_id)
    with begin_as(a.clerk, at=AT) as work:
        prepared.hand_in(work, application_id=app_id, reasons=reasons, shown_sha256=record.sha256)
        with pytest.raises(Refused, match='签章扫描件不能再增减'):
            attach_signed(work, application_id=app_id, scan=scan_of(a, '三'), kind='F-PLEDGE')


def test_a_scan_that_does_not_open_ends_the_job_with_its_name(a: Applicant) -> None:
    app_id = prepared.filled(a)
    with begin_as(a.clerk, at=AT) as work:
        attach_to_holding(work, ledger='licence', record_id=first_licence(work).id, scan=store_scan(b'%PDF-1.7 cut off', a.org.id, name='损坏的证书.pdf'), kind='licence')
    with begin_as(a.clerk) as work:
        job_id = queue_volume(work, application_id=app_id).id
    assert Runner(KINDS).run_next()
    with begin_as(a.clerk, reads=True) as work:
        job = work.get(Job, job_id)
        assert (job.state, '“损坏的证书.pdf”打不开' in job.message) == ('failed', True)
        assert work.session.exec(select(Attachment).where(Attachment.kind == 'licence')).all()


def test_a_way_that_is_not_bound_and_a_draft_of_others_are_refused(a: Applicant) -> None:
    app_id = prepared.filled(a)
    with begin_as(a.made.people['acceptance_clerk'], org_id=a.org.id, at=AT) as work, pytest.raises(NotYours):
        queue_volume(work, application_id=app_id)
    with begin_as(a.made.people['filing_clerk'], at=make.NOW) as work:
        ending = start_application(work, way='ending', filing_id=a.made.filing.id).id
        with pytest.raises(Refused, match='终止评价工作报备不装订成册'):
            queue_volume(work, application_id=ending)


@shows('F-NAT6', 'ORG-56')
def test_the_national_list_is_packed_item_by_item_with_its_scans(a: Applicant) -> None:
    app_id = prepared.filled(a, 'social_national')
    with begin_as(a.clerk, at=AT) as work:
        attach_to_holding(work, ledger='licence', record_id=first_licence(work).id, scan=scan_of(a, '登记证书原件'), kind='licence')
    job, name, packed = volume(a.clerk, app_id, 'filing_clerk', a.org.id)
    assert [n[:2] for n in packed.namelist()] == [f'{n}_' for n in range(1, 7)] and (job.done, job.total) == (6, 6)
    assert '登记证书原件' in without_blanks(drawn_text_of(packed.read(packed.namelist()[1]))) and '草稿' in name
