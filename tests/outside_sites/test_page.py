"""Who sees the pages of outside places."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from app.access import Role
from tests import serving
from tests.serving import elements_of, served
from tests.shows import shows


def shown(client: httpx.Client, path: str) -> str:
    return json.dumps(elements_of(client.get(path).text), ensure_ascii=False)


@shows('SEC-01')
def test_the_page_and_its_menu_entry_are_for_who_may_read_and_a_new_request_for_who_may_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(serving.PEOPLE, 'lv.yushui', ('吕雨水', (Role.FILING_CLERK,)))
    monkeypatch.setitem(serving.PEOPLE, 'shi.jingzhe', ('施惊蛰', (Role.EXAM_AFFAIRS,)))
    with served(tmp_path) as server:
        with server.signed_in('lv.yushui') as client:
            listed, new = shown(client, '/outside-sites'), shown(client, '/outside-sites/new')
        with server.signed_in('shi.jingzhe') as client:
            read, hidden = shown(client, '/outside-sites'), client.get('/outside-sites/new').status_code
        with server.signed_in('zhang.chunfen') as client:
            refused = [client.get(path).status_code for path in ('/outside-sites', '/outside-sites/new', '/outside-sites/1', '/outside-sites/1/check')]
    assert '>外部考点<' in listed and '还没有申请' in listed and '/outside-sites/new' in listed and '没有尚未开考的批次' in new
    assert '还没有申请' in read and '/outside-sites/new' not in read
    assert (hidden, refused) == (404, [404] * 4)
