"""Who sees the pages of filing, and what stands on them; typing, two people and a lost connection in Chromium are in tests/browser/test_filing.py."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import pytest

from tests.filing.serving import Served, served
from tests.shows import shows


@pytest.fixture(scope='module')
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp('filing')) as running:
        yield running


def text(server: Served, who: str, path: str) -> str:
    with server.client(who) as client:
        answer = client.get(path)
    return unescape(answer.text) if answer.status_code == 200 else f'status {answer.status_code}'


OWN = ('/filings/{begun}', '/filings/{begun}/check', '/filings/{begun}/compare', '/filings/{begun}/acts', '/filings')


@shows('SEC-01')
@pytest.mark.parametrize('path', OWN)
def test_an_application_opens_for_its_own_people_only(server: Served, path: str) -> None:
    address = path.format(begun=server.begun)
    assert '社会培训评价组织备案' in text(server, 'mine', address) or path == '/filings'
    assert text(server, 'desk', address) == 'status 404'
    if 'begun' in path:
        assert text(server, 'other', address) == 'status 404'


@shows('SEC-01')
def test_licences_and_training_open_for_their_own_people_only(server: Served) -> None:
    for path, said in (
            ('/filings/licences', '民培1号'), ('/filings/training', '职业编码'), ('/filings/held/licence/new', '登记证照'), ('/filings/held/training/import', '下载培训统计模板')):
        assert said in text(server, 'mine', path)
        assert text(server, 'desk', path) == 'status 404'
    assert text(server, 'mine', '/filings/held/site/new') == text(server, 'mine', '/filings/held/licence/12345') == 'status 404'


def test_the_home_screen_tells_each_side_what_runs_and_leads_there(server: Served) -> None:
    assert '待受理或一次性告知补正' in (page := text(server, 'desk', '/')) and f'"/desk/{server.handed_in}"' in page and '2026-11-04' in page
    assert '填写中，尚未提交' in (page := text(server, 'mine', '/')) and f'"/filings/{server.begun}"' in page


@shows('SEC-01')
def test_the_desk_opens_for_the_centre_only_and_never_for_a_draft(server: Served) -> None:
    assert '中心告知材料是否符合要求' in text(server, 'desk', f'/desk/{server.handed_in}')
    assert text(server, 'desk', f'/desk/{server.begun}') == 'status 404'
    for path in ('/desk', f'/desk/{server.handed_in}', f'/desk/{server.handed_in}/compare'):
        assert text(server, 'other', path) == 'status 404'


def test_steps_stand_in_the_order_of_the_form_with_state_and_faults(server: Served) -> None:
    page = text(server, 'mine', f'/filings/{server.begun}')
    words = ['1. 基本情况', '2. 申请条件与禁止情形', '3. 受理机关', '4. 申请开展认定的职业（工种）', '15. 实施方案', '16. 申请函']
    places = [page.index(w) for w in words]
    assert places == sorted(places)
    assert '未开始' in page and '完成' in page and '10项' in page


def test_register_steps_show_the_register_and_the_way_to_it(server: Served) -> None:
    page = text(server, 'third', f'/filings/{server.filled}?step=people')
    assert '以下内容取自登记' in page and '师傅0' in page and '/personnel' in page
    assert not any(number in page for number in ('"990101197', '9901011970'))  # ID numbers are masked


def test_all_findings_stand_together_with_the_score_and_the_button(server: Served) -> None:
    page = text(server, 'third', f'/filings/{server.filled}/check')
    assert '还没有消防、用电、采光、通风的检查记录' in page and '自评' in page and '提交申报' in page
    empty = text(server, 'mine', f'/filings/{server.begun}/check')
    assert '“基本情况”的“联系人”还没有填写' in empty and '不符合' in empty


def test_what_was_handed_in_is_read_only(server: Served) -> None:
    page = text(server, 'other', f'/filings/{server.handed_in}')
    assert '联系人如实填写' in page and 'form.js' not in page
    assert '校验值' in text(server, 'other_head', f'/filings/{server.handed_in}/acts')


def test_the_materials_of_an_application_are_listed_with_what_each_lacks_and_as_a_draft(server: Served) -> None:
    page = text(server, 'third', f'/filings/{server.filled}/papers')
    words = ['每页标有“草稿”', '备案申报材料目录', '装订打包（ZIP）', '备案的函（红头文件）', '专家、考评员资质证明材料', '成立工作领导小组的红头文件', '缺少内容，补齐后才能装订进去', '申报文书', 'DOCX', '附件']
    assert [w for w in words if w not in page] == []
    sealed = text(server, 'desk', f'/desk/{server.handed_in}/papers')
    assert '提交时就缺少内容，按提交的样子打印' in sealed and '草稿' not in sealed and '补齐后才能打印' not in sealed


@shows('SEC-01')
@pytest.mark.parametrize('tail', ['papers', 'report'])
def test_materials_and_report_open_to_the_side_they_belong_to(server: Served, tail: str) -> None:
    assert text(server, 'mine', f'/filings/{server.begun}/{tail}') != 'status 404' != text(server, 'desk', f'/desk/{server.handed_in}/{tail}')
    for who, path in (('desk', f'/filings/{server.handed_in}'), ('other', f'/desk/{server.handed_in}'), ('desk', f'/desk/{server.begun}'), ('mine', f'/filings/{server.handed_in}')):
        assert text(server, who, f'{path}/{tail}') == 'status 404'


def test_the_report_is_filtered_by_its_result_and_counts_all(server: Served) -> None:
    whole, met = (text(server, 'desk', f'/desk/{server.handed_in}/report{query}') for query in ('', '?state=met'))
    assert '按提交时封存的材料' in whole and 'ORG-01' in whole and '1.1 申请条件' in whole and 'TEV-03' in whole
    assert 'ORG-05' in met and 'ORG-78' not in met and 'ORG-78' in whole
    assert '按现在填写的内容和登记' in text(server, 'mine', f'/filings/{server.begun}/report?state=nothing')


def test_the_self_check_names_what_a_person_must_judge_and_prints_a_sheet_each(server: Served) -> None:
    page = text(server, 'third', f'/filings/{server.filled}/check')
    words = ['自评分', '公共部分：待人判断', '保育师：待人判断', '备案自查表（公共部分）', '备案自查表（保育师）', 'F-PRECHECK-SELF']
    assert [w for w in words if w not in page] == []
