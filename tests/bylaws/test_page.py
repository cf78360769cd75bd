"""The pages of rule documents and standards: who sees them, and who is offered to write."""

from __future__ import annotations

import json
from pathlib import Path

from tests.serving import elements_of, served
from tests.shows import shows


@shows('SEC-01', 'ORG-54')
def test_the_pages_are_for_who_may_read_and_write_for_who_may_write(tmp_path: Path) -> None:
    with served(tmp_path) as server, server.signed_in('zhang.chunfen') as client:
        bylaws, standards = (json.dumps(elements_of(client.get(path).text), ensure_ascii=False) for path in ('/bylaws', '/standards'))
        refused = [client.get(path).status_code for path in ('/bylaws/new', '/standards/new', '/standards/import', '/bylaws/1', '/standards/1')]
    assert bylaws.count('"规章制度"') >= 2 and '申请表清单24项：现行0项，起草中0项，未制定24项。' in bylaws and '规章制度清单还是空的' in bylaws
    assert '证书管理及发放办法' in bylaws and '一键生成' not in bylaws and '宣传文字检查' not in bylaws
    assert '还没有登记职业标准' in standards and '"登记标准"' not in standards
    assert refused == [404] * 5
