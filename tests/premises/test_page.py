"""Who sees the pages of premises and equipment, and who may write on them."""

from __future__ import annotations

import json
from pathlib import Path

import httpx

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
