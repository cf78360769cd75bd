"""F-OFFSITE: the request to examine outside the filed premises, with the opinions of the centres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.access import Permission
from app.equipment.words import STATES
from app.house import house
from app.outside_sites.queries import site_page
from app.outside_sites.records import DUTIES, SEATS, SiteRecord
from app.words import hundredths_text, paper_date
from app.work import Work

if TYPE_CHECKING:
    from app.pdf import Paper

TITLE = '外部考点备案申请表'


@dataclass(frozen=True, slots=True)
class Said:
    """The opinion of one centre in force."""

    seat: str
    text: str
    on: date


@dataclass(frozen=True, slots=True)
class Offsite:
    """F-OFFSITE of one request."""

    record: SiteRecord
    said: tuple[Said, ...]
    printed_at: datetime
    mark: str = ''


def offsite_record(work: Work, outside_site_id: int) -> Offsite:
    """Return the request as handed in, of a draft as it stands, with the opinions in force. raises NotYours"""
    work.require(Permission.OUTSIDE_SITES_READ)
    page = site_page(work, outside_site_id)
    said = tuple(Said(o.seat, opinion_words(o.agrees, o.text, o.issuer, o.number), o.decided_on) for o in page.opinions if o.state == 'in_force')
    return Offsite(page.record, said, work.now, '演示样本' if house().demo else '')


def opinion_words(agrees: bool, text: str, issuer: str, number: str) -> str:
    """Return an opinion as the paper says it, with the centre and, of a copied letter, its number."""
    return f'{"同意" if agrees else "不同意"}在该外部考点开展本批次认定。{text}\n{issuer}{number}'


def offsite_pdf(given: Offsite) -> bytes:
    """Return F-OFFSITE, A4, in the order of its fields; the second opinion stands for a place in another city only (source: PLAN-26)."""
    from app.pdf import Paper

    r = given.record
    paper = Paper(TITLE, form='F-OFFSITE', batch=r.batch, printed_at=given.printed_at, mark=given.mark)
    paper.rows([('申请机构', f'{r.org}（备案号{r.filing_number}）'), ('批次', f'{r.batch}　{_days(r.first_on, r.last_on)}'), ('外部考点名称', r.name), ('地址', r.address)], row_mm=9)
    paper.rows([('所在市州', f'{r.city}（{r.region}）' if r.region else r.city)], row_mm=9)
    paper.text('使用理由', r.reason + (f'\n逾期报送的原因：{r.late_reason}' if r.late_reason else ''), least_mm=16)
    total = sum(g.people for g in r.groups)
    paper.rows([('职业等级人数', '\n'.join([*(f'{g.name}　{g.people}人' for g in r.groups), f'合计　{total}人'])), ('场地面积', f'{hundredths_text(r.area_dm2)}㎡' if r.area_dm2 else '')], row_mm=9)
    _table(paper, '设备工量具', ('序号', '名称', '型号规格', '数量', '状况'), [
        (e.name, e.model, e.count, STATES.get(e.state, '')) for e in r.equipment], (10, 55, 50, 25, 30))
    paper.text('视频监控条件', r.video, least_mm=12)
    _table(paper, '考务人员名单', ('序号', '姓名', '职务', '岗位', '本单位专职'), [
        (s.name, s.post, DUTIES.get(s.duty, ''), '是' if s.own_full_time else '否') for s in r.staff], (10, 40, 45, 45, 30))
    paper.rows([('附　场地证明', '、'.join(r.proofs))], row_mm=9)
    for seat in ('local', 'place') if r.elsewhere else ('local',):
        said = next((s for s in given.said if s.seat == seat), None)
        paper.opinion(f'{SEATS[seat]}\n意见', said.text if said else '', sign='经办人签字', seal='（公章）', on=said.on if said else None, least_mm=14)
    return paper.to_bytes()


def _table(paper: Paper, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
    from app.cells import Cell

    over: list[list[str | Cell]] = [[Cell(title, cols=len(heads))], [*heads]]
    paper.table(over, [(str(n), *row) for n, row in enumerate(rows, 1)], widths, row_mm=7)


def _days(first: date, last: date) -> str:
    return paper_date(first) if first == last else f'{paper_date(first)}至{paper_date(last)}'
