"""The first start of real data, as a person does it: code from the terminal, first administrator, second person, filing, first batch."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SIZE
from tests.browser.spine import WAIT_MS
from tests.processes import Started, started

pytestmark = pytest.mark.browser

PASSWORD, OWN = 'langzaam-maar-zeker', 'eigen-woord-vooraf'
SCHOOL = {
    '名称': '明川市启帆职业培训学校（演示）', '统一社会信用代码': '52990102MA99DM010P', '行政区划代码': '990102', '姓名': '何立春', '公民身份号码': '990199196907215012',
    '登录名': 'he.lichun', '密码': PASSWORD, '再输入一次密码': PASSWORD}
CENTRE = SCHOOL | {
    '名称': '明川市职业技能鉴定指导中心（演示）', '统一社会信用代码': '12990100MA99DM0024', '行政区划代码': '990100', '姓名': '禹鬼金', '公民身份号码': '990199197108066852',
    '登录名': 'yu.guijin'}
SECOND = ('张春分', '990199197807035131', 'zhang.chunfen')
TABLES = ('installation', 'org', 'person', 'account', 'post', 'sign_in')
SCAN = b'%PDF-1.4\n% the letter of a centre outside the system\n%%EOF\n'


@pytest.fixture(scope='module')
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Real data on an empty folder."""
    with started(tmp_path_factory.mktemp('first') / 'data') as running:
        yield running


@contextmanager
def tab(chromium: Browser, running: Started) -> Iterator[Page]:
    """A browser of one person."""
    with chromium.new_context(locale='zh-CN', viewport=SIZE, base_url=running.url) as context:
        context.set_default_timeout(WAIT_MS)
        yield context.new_page()


def rows(running: Started, statement: str) -> list[tuple[object, ...]]:
    """Ask or change the database beside the server."""
    with closing(sqlite3.connect(running.home / 'dingji.db', timeout=10)) as database, database:
        return database.execute(statement).fetchall()


def fill_first(page: Page, given: dict[str, str], *, code: str, purpose: str) -> None:
    """Fill the form of the first start and send it."""
    page.get_by_label('一次性代码').fill(code)
    page.get_by_label(purpose, exact=True).check()
    for label, text in given.items():
        page.get_by_label(label).and_(page.locator('input')).first.fill(text)
    page.get_by_label('机构性质').select_option('社会培训评价组织')
    page.get_by_label('规则档案').select_option('国家')
    with page.expect_navigation():  # what the answer says may stand on the page already
        page.get_by_role('button', name='完成设置').click()


def sign_in(page: Page, login: str, password: str, code: str = '') -> None:
    """Fill the form of the sign-in page and send it."""
    page.get_by_label('登录名').fill(login)
    page.get_by_label('密码').fill(password)
    page.get_by_label('动态码').fill(code)
    with page.expect_navigation():
        page.get_by_role('button', name='登录', exact=True).click()


def enrol(page: Page) -> pyotp.TOTP:
    """Enrol the second factor with the secret that the page shows for typing."""
    page.get_by_text('不能扫描时手工输入密钥').click()
    factor = pyotp.TOTP(page.locator('details code').inner_text().replace(' ', ''))
    page.get_by_label('动态码').fill(factor.now())
    page.get_by_role('button', name='启用并登录').click()
    expect(page.locator('.dj-codes li')).to_have_count(10)
    page.get_by_role('link', name='已保存好，继续').click()
    ready(page)
    return factor


def ready(page: Page) -> None:
    page.wait_for_function('window.did_handshake === true')


def choose(page: Page, label: str, option: str) -> None:
    """Choose from a list of the staff pages."""
    page.get_by_label(label).click()
    page.get_by_role('option', name=option, exact=True).click()


def add_person(page: Page, name: str, id_number: str) -> None:
    page.get_by_text('登记人员', exact=True).click()
    page.get_by_label('姓名 *').fill(name)
    page.get_by_label('公民身份号码 *').fill(id_number)
    page.get_by_role('button', name='登记', exact=True).click()
    expect(page.get_by_role('button', name=f'岗位 {name}')).to_be_visible()
    ready(page)


def give_account(page: Page, name: str, login: str) -> str:
    """Give a person an account; return the password to hand over."""
    page.get_by_role('button', name=f'开账号 {name}').click()
    page.get_by_label('登录名 *').fill(login)
    page.get_by_role('dialog').get_by_role('button', name='开账号', exact=True).click()
    handed = page.locator('.dj-password').inner_text()
    page.reload()
    ready(page)
    return handed


def give_post(page: Page, name: str, word: str) -> None:
    page.get_by_role('button', name=f'岗位 {name}').click()
    choose(page, '增加岗位', word)
    page.get_by_role('button', name='任命').click()
    expect(page.get_by_role('cell').filter(has_text=word)).to_be_visible()
    ready(page)


@pytest.mark.parametrize(('change', 'code', 'sentences'), [
    ({}, 'WRONG', ['一次性代码不正确，请照启动本系统的终端窗口中显示的填写。']),
    ({'统一社会信用代码': '52990102MA99DM0100'}, '', ['信用代码']),
    ({'密码': 'kort', '再输入一次密码': 'kort'}, '', ['密码至少12个字符，当前4个；可用一句好记的话。']),
    ({'统一社会信用代码': '52990102MA99DM0100', '行政区划代码': '99', '公民身份号码': '990199196907215013', '登录名': 'x', '密码': 'kort', '再输入一次密码': 'anders'}, '',
     ['信用代码', '行政区划代码须为6位数字', '校验', '登录名须为3至40个', '密码至少12个字符', '两次输入的密码不一致']),
], ids=['code', 'credit code', 'password', 'all'])
def test_a_wrong_first_start_is_told_in_chinese_at_its_fields_and_makes_nothing(
        chromium: Browser, school: Started, change: dict[str, str], code: str, sentences: list[str]) -> None:
    with tab(chromium, school) as page:
        page.goto('/')
        fill_first(page, SCHOOL | change, code=code or school.code, purpose='评价机构')
        alert = page.get_by_role('alert')
        expect(alert).to_contain_text(f'有{len(sentences)}处需要更正')
        for sentence in sentences:
            expect(alert).to_contain_text(sentence)
        assert page.locator('[aria-invalid=true]').count() == len(sentences)
        assert page.get_by_label('名称').first.input_value() == SCHOOL['名称']  # what was right need not be typed again
        assert page.get_by_label('公民身份号码').input_value() == ''  # but for what must not be sent back
    assert {table: rows(school, f'SELECT count(*) FROM {table}')[0][0] for table in TABLES} == dict.fromkeys(TABLES, 0)


def test_from_an_empty_folder_to_the_first_batch(chromium: Browser, school: Started) -> None:
    with tab(chromium, school) as head, tab(chromium, school) as second:
        head.goto('/')
        fill_first(head, SCHOOL, code=school.code, purpose='评价机构')
        expect(head.get_by_text('已建立“明川市启帆职业培训学校（演示）”和管理员账号“he.lichun”。一次性代码已经作废。')).to_be_visible()
        head.get_by_role('link', name='去登录').click()
        sign_in(head, 'he.lichun', PASSWORD)
        head.get_by_label('动态码').fill('000000')
        head.get_by_role('button', name='启用并登录').click()
        expect(head.get_by_role('alert')).to_contain_text('动态码不正确')
        factor = enrol(head)
        expect(head.get_by_role('button', name='何立春（机构负责人）')).to_be_visible()

        head.goto('/users')
        ready(head)
        add_person(head, *SECOND[:2])
        handed = give_account(head, SECOND[0], SECOND[2])
        for word in ('备案联系人', '考务负责人'):
            give_post(head, SECOND[0], word)

        second.goto('/')
        sign_in(second, SECOND[2], handed)
        choose_own(second, handed, '不能与他人代设的密码相同')
        choose_own(second, 'zhang.chunfen-1', '包含登录名')
        choose_own(second, OWN, '')
        ready(second)
        expect(second.get_by_role('button', name='张春分（备案联系人）')).to_be_visible()

        org = rows(school, 'SELECT id FROM org')[0][0]
        record_filing(second, f'/organizations/{org}')
        expect(second.get_by_text('待另一人确认')).to_be_visible()
        switch_post(second, '考务负责人')
        second.goto('/batches/new')
        expect(second.get_by_text('本机构没有已确认的备案')).to_be_visible()

        head.goto(f'/organizations/{org}')
        ready(head)
        with head.expect_download() as scan:
            head.get_by_role('button', name='下载扫描件核对').click()
        assert Path(scan.value.path()).read_bytes() == SCAN
        head.get_by_role('button', name='核对并确认').click()
        head.get_by_role('alertdialog').get_by_role('button', name='确认备案函').click()
        expect(head.get_by_text('确认：何立春（机构负责人）')).to_be_visible()
        expect(head.get_by_text('外部决定', exact=True)).to_be_visible()

        make_batch(second, '第一批职业技能等级认定')
        sign_out_and_in(head, factor)
    assert rows(school, 'SELECT title, state FROM batch') == [('第一批职业技能等级认定', 'preparing')]
    assert 'Traceback' not in school.log


def test_ten_wrong_passwords_make_a_wait_that_grows_and_ends(chromium: Browser, school: Started) -> None:
    waits = []
    with tab(chromium, school) as page:
        if not rows(school, 'SELECT 1 FROM installation'):
            page.goto('/')
            fill_first(page, SCHOOL, code=school.code, purpose='评价机构')
        page.goto('/login')
        for _ in range(10):
            sign_in(page, 'nobody.here', 'wrong')
            expect(page.get_by_role('alert')).to_have_text('登录名或密码不正确，请核对后重试；忘记密码请联系本单位负责人重设。')
        for _ in range(3):
            sign_in(page, 'nobody.here', 'wrong')
            said = page.get_by_role('alert').inner_text()
            found = re.fullmatch(r'此登录名连续输错次数过多，请在(?:(\d+)分)?(\d+)秒后再试；不会锁定，也不影响他人登录。', said)
            assert found, said
            waits.append(int(found[1] or 0) * 60 + int(found[2]))
            rows(school, "UPDATE sign_in_failure SET wait_until = '2026-01-01 00:00:00'")  # the time has passed
            sign_in(page, 'nobody.here', 'wrong')
            expect(page.get_by_role('alert')).to_contain_text('登录名或密码不正确')
    assert [15 < waits[0] <= 30, 30 < waits[1] <= 60, 60 < waits[2] <= 120] == [True] * 3, waits  # what is left of each when the page is drawn


@pytest.mark.parametrize(('purpose', 'kept'), [('鉴定中心', 'centre'), ('鉴定中心和评价机构', 'both')])
def test_a_centre_gets_the_posts_of_a_centre(chromium: Browser, tmp_path: Path, purpose: str, kept: str) -> None:
    with started(tmp_path / 'data') as running, tab(chromium, running) as head:
        enter_centre(head, running, purpose)
        head.get_by_role('button', name='禹鬼金').click()
        expect(head.get_by_role('button', name='平台管理员')).to_be_visible()
        assert rows(running, 'SELECT purpose, demo FROM installation') == [(kept, 0)]
        assert sorted(rows(running, 'SELECT role FROM post')) == [('centre_head',), ('platform_admin',)]
        if kept == 'both':
            make_first_people(chromium, running, head)
        assert 'Traceback' not in running.log


def make_first_people(chromium: Browser, running: Started, head: Page) -> None:
    """A centre registers an organisation and makes its head, who signs in and sees his own people alone."""
    head.goto('/organizations/new')
    ready(head)
    register(head)
    head.goto('/users')
    ready(head)
    choose(head, '单位', SCHOOL['名称'])
    head.wait_for_url('**/users?org=*')
    ready(head)
    add_person(head, SCHOOL['姓名'], SCHOOL['公民身份号码'])
    handed = give_account(head, SCHOOL['姓名'], SCHOOL['登录名'])
    give_post(head, SCHOOL['姓名'], '机构负责人')
    with tab(chromium, running) as second:
        second.goto('/users')
        sign_in(second, SCHOOL['登录名'], handed)
        choose_own(second, OWN, '')
        enrol(second)  # a head needs the second factor
        expect(second.get_by_role('button', name='何立春（机构负责人）')).to_be_visible()
        expect(second.get_by_text('共1人。')).to_be_visible()  # the page he had asked for
        expect(second.get_by_label('单位')).to_have_count(0)


def enter_centre(page: Page, running: Started, purpose: str) -> None:
    """Make the first start of a centre and sign its head in."""
    page.goto('/')
    fill_first(page, CENTRE, code=running.code, purpose=purpose)
    page.get_by_role('link', name='去登录').click()
    sign_in(page, 'yu.guijin', PASSWORD)
    enrol(page)
    expect(page.get_by_role('button', name='禹鬼金（中心主任）')).to_be_visible()


def choose_own(page: Page, password: str, refusal: str) -> None:
    """Choose a password of one's own after the one that was handed over."""
    expect(page.get_by_role('heading', name='设置自己的密码')).to_be_visible()
    page.get_by_label('新密码').fill(password)
    page.get_by_label('再输入一次').fill(password)
    with page.expect_navigation():
        page.get_by_role('button', name='保存并登录').click()
    if refusal:
        expect(page.get_by_role('alert')).to_contain_text(refusal)


def record_filing(page: Page, address: str) -> None:
    """Record the letter of a centre outside the system with its scan."""
    page.goto(f'{address}/filing')
    ready(page)
    page.get_by_label('机构备案号 *').fill('S000099010001')
    page.get_by_label('发文字号 *').fill('明人社函〔2025〕11号')
    page.get_by_label('发文机关 *').fill('明川市人力资源和社会保障局（演示）')
    page.get_by_label('职业（工种）').fill('保育师')
    page.get_by_role('option', name='4-10-01-03 保育师').click()
    page.get_by_role('button', name='添加一行').click()
    expect(page.get_by_role('cell', name='4-10-01-03')).to_be_visible()
    page.get_by_role('button', name='保存，交另一人确认').click()
    expect(page.get_by_role('alertdialog')).to_contain_text('须上传备案函扫描件')
    page.get_by_role('button', name='知道了').click()
    page.locator('input[type=file]').set_input_files({'name': '备案函.pdf', 'mimeType': 'application/pdf', 'buffer': SCAN})
    expect(page.get_by_text('已接收“备案函.pdf”')).to_be_visible()
    page.get_by_role('button', name='保存，交另一人确认').click()
    page.wait_for_url(f'**{address}')


def switch_post(page: Page, word: str) -> None:
    page.get_by_role('button', name='张春分').click()
    page.get_by_role('button', name=word).click()
    expect(page.get_by_role('button', name=f'张春分（{word}）')).to_be_visible()


def make_batch(page: Page, title: str) -> None:
    page.goto('/batches/new')
    ready(page)
    page.get_by_label('批次名称 *').fill(title)
    page.get_by_label('职业（工种）和等级').click()
    page.get_by_role('option', name='保育师 四级').click()
    page.keyboard.press('Escape')
    page.get_by_role('button', name='建立批次').click()
    expect(page.get_by_text(f'-001　{title}')).to_be_visible()


def register(page: Page) -> None:
    """Register the organisation at the centre."""
    page.get_by_label('机构名称 *').fill(SCHOOL['名称'])
    choose(page, '机构性质 *', '社会培训评价组织')
    page.get_by_label('统一社会信用代码 *').fill(SCHOOL['统一社会信用代码'])
    page.get_by_label('行政区划代码 *').fill(SCHOOL['行政区划代码'])
    choose(page, '规则档案 *', '国家')
    page.get_by_role('button', name='登记', exact=True).click()
    expect(page.get_by_text('尚无备案。')).to_be_visible()


def sign_out_and_in(page: Page, factor: pyotp.TOTP) -> None:
    """Sign out and in again with password and dynamic code; the code that was used is not taken again."""
    page.get_by_role('button', name='何立春').click()
    page.get_by_role('button', name='退出登录').click()
    sign_in(page, 'he.lichun', PASSWORD)
    expect(page.get_by_role('alert')).to_contain_text('请输入动态码')
    sign_in(page, 'he.lichun', PASSWORD, factor.at(time.time() + 30))
    expect(page.get_by_role('button', name='何立春（机构负责人）')).to_be_visible()
