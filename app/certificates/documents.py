"""What is printed of certificates: F-CERT to the millimetre, F-PASS, F-CERT-LIST, F-CERT-APPROVE."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.certificate_sheets import CertificatePapers, certificate_sheets
from app.certificates.records import ApprovalPaper, ListRow, PeopleList
from app.words import paper_date, paper_term


def certificates_pdf(papers: CertificatePapers, *, frame: bool = True) -> bytes:
    """Return F-CERT, one A4 page a certificate, in the layout of the papers; `frame=False` for pre-printed stock.

    The same papers give the same bytes; raises Refused naming the person whose name no font can print.
    source: CERT-02, CERT-03, CERT-04, CERT-07, CERT-08, CERT-09
    """
    return certificate_sheets(papers, frame=frame).to_bytes()


def certificates_file(papers: CertificatePapers, path: Path, *, frame: bool = True) -> None:
    """Write what certificates_pdf returns to a file: a long run keeps its pages on the disk, not in memory."""
    certificate_sheets(papers, frame=frame).to_file(path)


_PASS = ('序号', '姓名', '性别', '证件类型', '证件号码', '职业', '工种', '等级', '理论', '实操', '综合', '证书编号', '发证日期', '备注')
_PASS_WIDE = (10, 17, 10, 20, 33, 19, 21, 12, 11, 11, 11, 39, 21, 22)
_ISSUE = (*_PASS[:-1], '空白件流水码', '领取签名', '领取日期', '代领人/证件')
_ISSUE_WIDE = (8.5, 12.5, 8.5, 16, 29.5, 13, 14.5, 9.5, 8.5, 8.5, 8.5, 36, 17, 20, 14.5, 14.5, 17)  # mm: 17 columns just fill the page


def pass_list_pdf(people: PeopleList) -> bytes:
    """Return F-PASS, A4 landscape; raises Refused for a name no font can print."""
    return _list_pdf(people, '职业技能等级认定合格人员名册', 'F-PASS', _PASS, _PASS_WIDE)


def issue_list_pdf(people: PeopleList) -> bytes:
    """Return F-CERT-LIST, A4 landscape, with places to sign for the certificate; kept for ever."""
    return _list_pdf(people, '职业技能等级证书核发名册', 'F-CERT-LIST', _ISSUE, _ISSUE_WIDE, row_mm=9, pt=7.5)


def pass_list_xlsx(people: PeopleList) -> bytes:
    """Return F-PASS as a workbook, codes as text."""
    return _list_xlsx(people, '职业技能等级认定合格人员名册', 'F-PASS', _PASS, _PASS_WIDE)


def issue_list_xlsx(people: PeopleList) -> bytes:
    """Return F-CERT-LIST as a workbook, codes as text."""
    return _list_xlsx(people, '职业技能等级证书核发名册', 'F-CERT-LIST', _ISSUE, _ISSUE_WIDE)


def _cells(row: ListRow, columns: int) -> list[str]:
    """Return a person's line, empty behind what is known."""
    known = [str(row.seq), row.name, row.sex, row.id_kind, row.id_no, row.occupation, row.work_type, row.level, *(s or '—' for s in row.scores), row.number,
             f'{row.issued_on}' if row.issued_on else '']
    return known + [''] * (columns - len(known))


def _list_pdf(people: PeopleList, title: str, form: str, heads: Sequence[str], widths: Sequence[float], *, row_mm: float = 7, pt: float = 8.5) -> bytes:
    from app.pdf import Paper

    paper = Paper(title, form=form, batch=people.batch, landscape=True, printed_at=people.printed_at, mark=people.mark)
    paper.line(f'评价机构：{people.org}', f'批次：{people.batch}', f'合计：{len(people.rows)}人')
    paper.table(heads, [_cells(row, len(heads)) for row in people.rows], widths, row_mm=row_mm, pt=pt)
    if people.trail:
        paper.note(f'操作记录封存值：{people.trail}')
    paper.signatures(('制表', None), ('审核', None), columns=2).seal(people.org)
    return paper.to_bytes()


def _list_xlsx(people: PeopleList, title: str, form: str, heads: Sequence[str], widths: Sequence[float]) -> bytes:
    from app.xlsx import Book, Column

    book = Book(title, made_at=people.printed_at, form=form)
    foot = [f'合计：{len(people.rows)}人', *([f'操作记录封存值：{people.trail}'] if people.trail else [])]
    book.sheet('名册', [Column(head, max(8, wide * 0.62)) for head, wide in zip(heads, widths, strict=True)], [_cells(row, len(heads)) for row in people.rows],
               title=f'{people.org}{title}（{people.batch}）', foot=foot)
    return book.to_bytes()


def approval_pdf(sheet: ApprovalPaper) -> bytes:
    """Return F-CERT-APPROVE, A4; before the head has signed without numbers, with the place to sign (CERT-35)."""
    from app.pdf import Paper

    first, last = sheet.exam_on
    paper = Paper('证书核发审批表', form='F-CERT-APPROVE', batch=sheet.batch, printed_at=sheet.printed_at, mark=sheet.mark)
    paper.rows([('评价机构', sheet.org), ('批次', sheet.batch), ('考试时间', paper_date(first) if first == last else paper_term(first, last)),
                ('发证日期', paper_date(sheet.issued_on) if sheet.issued_on else '')], columns=2, label_mm=26)
    total = ('合计', *(str(sum(getattr(r, k) for r in sheet.rows)) for k in ('due', 'sat', 'passed', 'to_issue')), '')
    paper.table(
        ('职业等级', '应考', '实考', '合格', '拟发证数', '证书编号起止'),
        [*((r.group, str(r.due), str(r.sat), str(r.passed), str(r.to_issue), _run(r.first, r.last)) for r in sheet.rows), total], (44, 13, 13, 13, 17, 60), row_mm=9)
    publicity = f'公示期：{paper_term(*sheet.publicity)}\n公示结果：{sheet.objections}' if sheet.publicity else ''
    paper.text('公示起止与结果', publicity, least_mm=18)
    paper.opinion('督导意见', sign='内部质量督导员签字', least_mm=12)
    paper.opinion('考务负责人意见', sign='考务负责人签字', least_mm=12)
    head = f'同意核发。（{sheet.signed_by}已在系统中签批）' if sheet.signed_by else ''
    paper.opinion('机构负责人意见', head, sign='机构负责人签字', seal='（公章）', on=sheet.signed_at, least_mm=14)
    paper.note('附：职业技能等级认定合格人员名册')
    return paper.to_bytes()


def _run(first: str, last: str) -> str:
    return '' if not first else first if first == last else f'{first}\n至 {last}'
