"""Who sees the pages of premises and equipment, and who may write on them."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from app.errors import NotYours
from app.filing.ledgers import LEDGERS as HOLDINGS
from app.premises.ledgers import LEDGERS
from pages.parts.ledgers import titled
from tests.serving import elements_of, served
from tests.shows import shows

PAGES = {'/premises': '还没有场所。', '/systems': '还没有信息系统。', '/safety': '还没有检查记录。', '/equipment': '台账还是空的。'}
MENU = {'/premises': '场所与考场', '/systems': '信息系统', '/safety': '安全检查', '/equipment': '设备台账'}


def shown(client: httpx.Client, path: str) -> str:
    return json.dumps(elements_of(client.get(path).text), ensure_ascii=False)


@shows('SEC-01')
def test_everybody_of_the_organisation_reads_and_who_may_not_write_finds_no_way_to_it(tmp_path: Path) -> None:
    with served(tmp_path) as server, server.signed_in('ge.dahan') as client:
        pages = {path: shown(client, path) for path in PAGES}
        hidden = [client.get(path).status_code for path in ('/premises/room/new', '/premises/site/import', '/equipment/new', '/equipment/import', '/premises/check/new')]
        wrong = [client.get(path).status_code for path in ('/premises/system/1', '/premises/attic/1', '/premises/check/1', '/equipment/1', '/premises/room/1')]
    assert [path for path, empty in PAGES.items() if empty not in pages[path] or pages[path].count(MENU[path]) < 2 or f'>{MENU[path]}<' not in pages[path]] == []
    assert [path for path in PAGES if '/new' in pages[path] or '/import' in pages[path]] == []
    assert (hidden, wrong) == ([404] * 5, [404] * 5)


def test_each_register_titles_its_records_by_its_own_noun(tmp_path: Path) -> None:
    assert [titled(LEDGERS, '登记')(ledger=name, record_id=1) for name in LEDGERS] == ['登记场所', '登记房间', '登记系统', '登记监控点位', '登记检查记录']
    assert [titled(HOLDINGS)(ledger=name) for name in HOLDINGS] == ['证照', '培训统计']
    with pytest.raises(NotYours):
        titled(LEDGERS)(ledger='attic')
    with served(tmp_path) as server, server.signed_in('zhang.chunfen') as client:
        drawn, unknown = client.get('/premises').text, client.get('/premises/attic/1').status_code
    assert '<title>场所与考场 · 定级台</title>' in drawn
    assert unknown == 404
