"""A reviewer with a score sheet: finished by keyboard alone, sums and vetoes live, nothing typed is lost with the network, targets for a finger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Route, expect
from sqlmodel import Session, select

from app.assessment.operations import declare, open_assessment
from app.assessment.queries import sheets_of
from app.assessment.rules import NOTHING, Entry, Member, sheet_of, typed_fields
from app.assessment.scoring import save_cell, save_header
from app.house import House, open_house
from app.sealed import open_keys
from app.work import begin_as
from db.organizations import Org
from db.session import Engines
from db.users import Person
from tests import make
from tests.assessment.making import HEADS, VISIT
from tests.assessment.test_demo import FITTER, applied
from tests.browser.spine import Desk, copy_of, demo_at, desk_at
from tests.rubric_answers import best_answers
from tests.serving import free_port
from tests.shows import shows

pytestmark = pytest.mark.browser

PANEL = ('米星日', '明翼火', '臧轸水')
RUBRIC = sheet_of('school-public')
LATE = """([mine, remark]) => sessionStorage.setItem(`typed:${document.querySelector('meta[name=dj-person]').content}:sheet:${location.pathname}`,
    JSON.stringify({'A3.22': {shown: {answer: {}, remark: '', finding: ''}, typed: {answer: {count: '1'}, remark, finding: ''}, mine}}))"""


def prepare(home: Path, times: int) -> list[str]:
    """Open assessments of the college in a data folder; returns the addresses of the leader's public sheets."""
    engines = Engines(f'sqlite:///{home / "dingji.db"}')
    open_house(House(engines, open_keys(home.with_name(f'{home.name}-keys')), home, demo=True))
    with Session(engines.read) as session:
        org_id = session.exec(select(Org.id).where(Org.name == '明川技师学院（演示）')).one()
        people = {p.name: p.id for p in session.exec(select(Person))}
    found = []
    for _ in range(times):
        application = applied(org_id, 'school_own', None, FITTER)
        with begin_as(people['狄柳土'], org_id=org_id, at=VISIT) as work:
            members = [Member(people[name], name, leads=name == PANEL[0]) for name in PANEL]
            assessment = open_assessment(work, application_id=application, method='onsite', visited_on=VISIT.date(), members=members).id
        with begin_as(people[PANEL[0]], role='assessor', org_id=org_id, at=VISIT) as work:
            mine = declare(work, assessment_id=assessment).id
            sheet = next(s.id for s in sheets_of(work, assessment) if s.assessor_id == mine and s.range_id is None)
        found.append(f'/assessments/{assessment}/sheets/{sheet}')
    for item, answer in best_answers(RUBRIC).items():  # the last one has every item answered
        with begin_as(people[PANEL[0]], role='assessor', org_id=org_id, at=VISIT) as work:
            save_cell(work, sheet_id=sheet, item=item, shown=NOTHING, new=Entry(answer))
    with begin_as(people[PANEL[0]], role='assessor', org_id=org_id, at=VISIT) as work:
        for head in typed_fields(RUBRIC):
            save_header(work, sheet_id=sheet, key=head.key, shown='', new=HEADS[head.key])
    engines.close()
    return found


@pytest.fixture(scope='module')
def served(story: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """The demo with assessments open for scoring."""
    home = copy_of(story, tmp_path_factory.mktemp('scoring'))
    addresses = prepare(home, 5)
    with demo_at(home, free_port()) as address:
        yield address, addresses


@pytest.fixture
def desk(chromium: Browser, served: tuple[str, list[str]]) -> Iterator[Desk]:
    with desk_at(chromium, served[0]) as window:
        yield window
        assert window.errors == []


def open_sheet(desk: Desk, address: str) -> None:
    desk.sign_in('米星日', role='评估专家')
    desk.open(address)
    desk.page.locator('.dj-rs-last').wait_for()


def main_of(desk: Desk, item: str) -> Locator:
    return desk.page.locator(f'[data-main="{item}"]')


def saved(desk: Desk) -> None:
    expect(desk.page.locator('.dj-rs-state')).to_contain_text('全部已保存')


@shows('TEV-02', 'TEV-05')
def test_a_public_sheet_is_finished_and_signed_on_a_tablet_by_keyboard_alone(desk: Desk, served: tuple[str, list[str]]) -> None:
    desk.page.set_viewport_size({'width': 1024, 'height': 768})
    open_sheet(desk, served[1][0])
    keyboard = desk.page.keyboard
    for _ in range(40):  # Tab until the first item is reached
        keyboard.press('Tab')
        if desk.page.evaluate('document.activeElement?.dataset?.main') == RUBRIC.items[0].id:
            break
    for item in RUBRIC.items:
        assert desk.page.evaluate('document.activeElement?.dataset?.main') == item.id
        if item.id == 'A3.03':
            keyboard.type('1')
            keyboard.press('Enter')
            keyboard.type('缺少一项')  # the focus went to the remark
            keyboard.press('Enter')
        elif item.rule.kind == 'all_or_nothing':
            keyboard.press('y')
        elif item.id == 'A3.16':
            keyboard.type('4')
            keyboard.press('l')
            keyboard.press('l')
            keyboard.type('2')
            keyboard.press('Enter')
            keyboard.type('租期不足3年')
            keyboard.press('Enter')
        else:
            keyboard.press('m')
            keyboard.press('Enter')
    expect(desk.page.locator('.dj-rs-total')).to_have_text('95 分')
    expect(desk.page.locator('.dj-rs-bar')).to_contain_text('申请单位具备评价机构备案条件')
    saved(desk)
    assert desk.serious() == []
    for _ in range(40):
        keyboard.press('Tab')
        if desk.page.evaluate("document.activeElement.tagName === 'BUTTON' && document.activeElement.innerText.includes('核对并签字')"):
            break
    keyboard.press('Enter')
    dialog = desk.page.get_by_role('alertdialog')
    expect(dialog.locator('.dj-sentence')).to_contain_text('总分95分')
    expect(dialog.get_by_role('button', name='取消')).to_be_focused()
    keyboard.press('Tab')
    keyboard.press('Enter')
    desk.page.wait_for_url('**/assessments/*')
    expect(desk.page.get_by_text('95分')).to_be_visible()


@shows('TEV-04')
def test_scores_outside_the_item_and_vetoes_show_at_once_and_a_wrong_one_is_not_kept(desk: Desk, served: tuple[str, list[str]]) -> None:
    open_sheet(desk, served[1][1])
    main_of(desk, 'A3.13').fill('5.5')
    main_of(desk, 'A3.13').press('Enter')
    expect(desk.page.get_by_text('应在0至5分之间')).to_be_visible()
    main_of(desk, 'A3.13').fill('4.3')
    expect(desk.page.get_by_text('应为0.5分的整数倍')).to_be_visible()
    main_of(desk, 'A3.13').fill('')
    main_of(desk, 'A3.02').focus()
    desk.page.keyboard.press('n')
    expect(desk.page.locator('.dj-rs-vetoes')).to_contain_text('有备案否决项')
    desk.page.keyboard.type('没有批文')
    desk.page.keyboard.press('Escape')
    saved(desk)
    desk.open(served[1][1])
    expect(desk.page.locator('.dj-rs-vetoes')).to_contain_text('A3.02')
    expect(main_of(desk, 'A3.13')).to_have_value('')
    desk.press('核对并签字')
    expect(desk.page.get_by_text('签字前须处理45项')).to_be_visible()


def test_what_was_typed_without_network_is_kept_said_so_and_saved_when_it_is_back(desk: Desk, served: tuple[str, list[str]]) -> None:
    open_sheet(desk, served[1][2])
    desk.context.set_offline(True)
    main_of(desk, 'A3.13').fill('4')
    main_of(desk, 'A3.13').press('Enter')
    desk.page.locator('textarea').first.fill('断网时写的备注')
    expect(desk.page.locator('.dj-rs-state')).to_contain_text('网络中断，1项留在本机')
    desk.page.goto('about:blank')  # the page goes before the network is back: nothing of it arrives late
    desk.context.set_offline(False)
    desk.open(served[1][2])
    expect(main_of(desk, 'A3.13')).to_have_value('4')
    saved(desk)
    desk.page.evaluate('sessionStorage.clear()')
    desk.open(served[1][2])
    expect(main_of(desk, 'A3.13')).to_have_value('4')
    expect(desk.page.locator('tr').filter(has_text='A3.13').locator('.dj-rs-remark')).to_contain_text('断网时写的备注')
    desk.errors.clear()  # the browser's own words about the missing network


def test_a_photo_is_chosen_for_the_item_in_hand_and_opened_again(desk: Desk, served: tuple[str, list[str]]) -> None:
    open_sheet(desk, served[1][1])
    for n, item in enumerate(('A3.14', 'A3.14', 'A3.15'), 1):
        main_of(desk, item).focus()
        with desk.page.expect_file_chooser() as chooser:
            desk.press('添加照片')
        chooser.value.set_files({'name': f'{n}.jpg', 'mimeType': 'image/jpeg', 'buffer': make.JPEG})
        expect(desk.page.get_by_role('button', name=f'{item}照片{1 if n == 3 else n}')).to_be_visible()
    expect(desk.page.locator('tr').filter(has_text='A3.14').locator('.dj-rs-remark')).to_contain_text('照片2')
    desk.press('A3.15照片1')
    expect(desk.page.get_by_role('dialog', name='A3.15照片1').get_by_role('button', name='关闭')).to_be_visible()


def test_a_photo_on_its_way_stays_with_its_item(desk: Desk, served: tuple[str, list[str]]) -> None:
    open_sheet(desk, served[1][2])
    held: list[Route] = []
    desk.page.route(re.compile('/upload/'), lambda route: held.append(route))
    main_of(desk, 'A3.16').focus()
    with desk.page.expect_file_chooser() as chooser:
        desk.press('添加照片')
    chooser.value.set_files({'name': '1.jpg', 'mimeType': 'image/jpeg', 'buffer': make.JPEG})
    expect(desk.page.get_by_role('button', name='正在上传照片…')).to_be_visible()
    main_of(desk, 'A3.15').focus()
    desk.page.get_by_role('button', name='正在上传照片…').dispatch_event('click')
    while not held:
        desk.page.wait_for_timeout(50)
    held[0].continue_()
    expect(desk.page.locator('tr').filter(has_text='A3.16').locator('.dj-rs-remark')).to_contain_text('照片1')
    expect(desk.page.get_by_role('button', name='添加照片')).to_be_visible()
    desk.page.unroute_all()


def test_what_one_sent_oneself_is_no_other_persons_change(desk: Desk, served: tuple[str, list[str]]) -> None:
    open_sheet(desk, served[1][2])
    main_of(desk, 'A3.22').fill('1')
    main_of(desk, 'A3.22').press('ArrowDown')
    saved(desk)
    remark = desk.page.locator('tr').filter(has_text='A3.22').locator('.dj-rs-remark')
    for sent, words in (([{'answer': {'count': '1'}, 'remark': '', 'finding': ''}], '迟到的备注'), ([], '没有覆盖它')):
        desk.page.evaluate(LATE, [sent, words])
        desk.page.reload()
        desk.ready()
        if sent:
            saved(desk)
            expect(remark).to_contain_text(words)
        else:
            expect(desk.page.locator('.dj-rs-vetoes')).to_contain_text(words)
    desk.page.evaluate('sessionStorage.clear()')


def test_an_answer_that_was_kept_though_its_word_got_lost_is_gone_on_from(desk: Desk, served: tuple[str, list[str]]) -> None:
    open_sheet(desk, served[1][2])
    main_of(desk, 'A3.23').fill('1')
    main_of(desk, 'A3.23').press('ArrowUp')
    saved(desk)
    number = desk.page.locator('.dj-rs').get_attribute('id')
    desk.page.evaluate("(id) => { const cell = getElement(Number(id.slice(1))).cells['A3.23']; cell.mine = [cell.kept]; cell.kept = {answer: {}, remark: '', finding: ''}; }", number)
    main_of(desk, 'A3.23').fill('2')
    main_of(desk, 'A3.23').press('ArrowUp')
    saved(desk)
    desk.open(served[1][2])
    expect(main_of(desk, 'A3.23')).to_have_value('2')


def test_two_windows_never_overwrite_each_other(desk: Desk, served: tuple[str, list[str]]) -> None:
    open_sheet(desk, served[1][3])
    other = desk.context.new_page()
    other.goto(f'{served[0]}{served[1][3]}')
    other.wait_for_function('window.did_handshake === true')
    other.locator('[data-main="A3.13"]').fill('3')
    other.locator('[data-main="A3.13"]').press('ArrowUp')
    expect(other.locator('.dj-rs-state')).to_contain_text('全部已保存')
    main_of(desk, 'A3.13').fill('4')
    main_of(desk, 'A3.13').press('ArrowUp')
    expect(desk.page.locator('.dj-rs-vetoes')).to_contain_text('没有覆盖它')
    desk.page.get_by_role('button', name='采用已保存的').click()
    expect(main_of(desk, 'A3.13')).to_have_value('3')
    other.close()


def test_what_changed_since_it_was_shown_is_not_signed_and_a_signed_sheet_takes_no_second_score(desk: Desk, served: tuple[str, list[str]]) -> None:
    open_sheet(desk, served[1][4])
    other = desk.context.new_page()
    other.goto(f'{served[0]}{served[1][4]}')
    other.wait_for_function('window.did_handshake === true')
    desk.press('核对并签字')
    expect(desk.page.get_by_role('alertdialog')).to_contain_text('总分100分')
    other.locator('[data-main="A3.13"]').fill('4')
    other.locator('[data-main="A3.13"]').press('ArrowUp')
    other.locator('.dj-rs-panel textarea').first.fill('方式单一')
    other.locator('[data-main="A3.12"]').focus()
    expect(other.locator('.dj-rs-state')).to_contain_text('全部已保存')
    desk.page.get_by_role('alertdialog').get_by_role('button', name='签字').click()
    expect(desk.page.get_by_text('有改动，签字没有生效')).to_be_visible()
    desk.open(served[1][4])
    expect(main_of(desk, 'A3.13')).to_have_value('4')
    other.locator('[data-main="A3.13"]').focus()
    other.locator('.dj-rs-panel textarea').first.fill('方式单一，须补充')
    other.locator('[data-main="A3.12"]').focus()
    expect(other.locator('.dj-rs-state')).to_contain_text('全部已保存')
    desk.press('核对并签字')
    expect(desk.page.get_by_text('评分表已在另一个页面上改动')).to_be_visible()
    desk.open(served[1][4])
    desk.press('核对并签字')
    desk.page.get_by_role('alertdialog').get_by_role('button', name='签字').click()
    desk.page.wait_for_url('**/assessments/*')
    other.locator('[data-main="A3.13"]').fill('5')
    other.locator('[data-main="A3.13"]').press('ArrowUp')
    expect(other.locator('.dj-rs-vetoes')).to_contain_text('评分表已经签字，内容不能再改')
    other.close()
    desk.open(served[1][4])
    expect(main_of(desk, 'A3.13')).to_have_value('4')
    expect(desk.page.get_by_role('button', name='核对并签字')).to_have_count(0)


def test_a_tablet_has_targets_for_a_finger_and_the_standard_in_view(desk: Desk, served: tuple[str, list[str]]) -> None:
    desk.page.set_viewport_size({'width': 1024, 'height': 768})
    open_sheet(desk, served[1][3])
    small = desk.page.evaluate("""[...document.querySelectorAll('.dj-rs-choice button, .dj-rs-number, .dj-rs-button')].filter((b) => b.offsetParent).map((b) => b.getBoundingClientRect()).filter((r) => r.height < 44).length""")
    assert small == 0
    main_of(desk, 'A3.46').focus()
    panel = desk.page.locator('.dj-rs-panel')
    expect(panel).to_contain_text('证书管理及发放办法')
    expect(panel).to_contain_text('制度制订科学合理')
    expect(panel).to_be_in_viewport()
    assert desk.page.evaluate('document.documentElement.scrollWidth <= 1024')
    assert desk.serious() == []
