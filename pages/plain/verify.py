"""证书查询: the public page. Two of number, name and ID number; the answer is the same for wrong and unknown, and takes as long (DATA-14)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.certificates.queries import Verified, verify
from app.certificates.rules import QUERY_KEYS
from app.errors import Refused
from app.house import house
from app.states import state_word
from app.words import paper_date
from app.work import visitor
from pages.plain.drawing import draw
from pages.plain.entrance import field

ANSWER_S = 0.1  # no answer comes sooner: how long the search took tells nobody whether a number or a person is known
NONE = '没有查到与所填内容一致的有效证书。请核对后重试；确有疑问，请向发证的评价机构或当地职业技能鉴定指导中心查询。'


async def form(request: Request) -> Response:
    """GET: the form; a scanned QR code brings the number along."""
    return _draw({'number': request.query_params.get('number', '')[:30], 'name': '', 'id_no': ''})


async def query(request: Request) -> Response:
    """POST: look up; what was asked never stands in an address or a log."""
    said = await request.form()
    given = {key: field(said, key)[:60] for key in QUERY_KEYS}
    clock = asyncio.get_running_loop().time
    due = clock() + ANSWER_S
    try:
        found = await run_in_threadpool(_verify, given)
    except Refused as refused:
        return _draw(given, fault=refused.sentence, status=422)
    await asyncio.sleep(due - clock())
    return _draw(given, found=found, asked=True)


def _verify(given: dict[str, str]) -> list[Verified]:
    with visitor() as work:
        return verify(work, given, work.profile.data.query_needs.at_least)


def _draw(given: dict[str, str], *, found: Sequence[Verified] = (), asked: bool = False, fault: str = '', status: int = 200) -> Response:
    shown = [_rows(one) for one in found]
    return draw('verify.html', status=status, given=given, found=shown, unknown=NONE if asked and not found else '', fault=fault, demo=house().demo)


def _rows(found: Verified) -> list[tuple[str, str]]:
    return [
        ('证书编号', found.number), ('姓名', found.name), ('证件号码', found.id_no), ('职业', found.occupation), ('工种', found.work_type or '—'),
        ('职业技能等级', found.level), ('评价机构', found.org), ('发证日期', paper_date(found.issued_on)), ('状态', state_word('certificate', found.state))]


ROUTES = [Route('/verify', form, methods=['GET']), Route('/verify', query, methods=['POST'])]
