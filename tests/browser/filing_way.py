"""What the people of the demo do on the way of a filing, screen by screen: steps of test_filing_journey.py."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect
from sqlmodel import Session, select

from app.access import Role
from app.assessment.operations import declare
from app.assessment.queries import sheet_page, sheets_of
from app.assessment.rules import NOTHING, Entry, sheet_of
from app.assessment.scoring import save_cell, sign_sheet
from app.files import Scan, store_scan
from app.filing.forms import STEPS, extra, questions, row_model
from app.filing.holdings import add_holding, attach_to_holding
from app.house import House, open_house
from app.organizations.operations import confirm_end, record_end
from app.pdf import Paper
from app.sealed import open_keys
from app.words import CHINA
from app.work import begin_as
from db.organizations import Filing, Org
from db.session import Engines
from db.users import Person
from tests.browser.spine import Desk, demo_at, desk_at
from tests.rubric_answers import best_answers
from tests.serving import free_port

ORG = '明川市启帆职业培训学校（演示）'
PANEL = ('米星日', '明翼火', '臧轸水')
ENDED = datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)
VISIT = datetime(2026, 11, 25, 9, 0, tzinfo=CHINA)


@dataclass
class Way:
    """Where the filing stands, and what was seen on the way to it."""

    home: Path
    chromium: Browser
    served: ExitStack
    application: str = ''  # its address for the organisation
    assessment: str = ''
    said: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)
    papers: dict[str, bytes] = field(default_factory=dict)
    serious: list[str] = field(default_factory=list)
    desks: list[Desk] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        return self.desks[-1]

    def serve(self, now: str = '') -> None:
        """Start the demo, or start it again by another clock, with a new window."""
        self.served.close()
        self.desks.append(self.served.enter_context(desk_at(self.chromium, self.served.enter_context(demo_at(self.home, free_port(), now=now)))))

    def look(self) -> None:
        """Let axe look at the screen as it stands."""
        self.serious += self.desk.serious()

    def see(self, name: str, table: str) -> None:
        """Keep the rows of a table, each in one line."""
        self.rows[name] = [' '.join(text.split()) for text in self.desk.texts(f'[aria-label={table}] tbody tr')]

    @property
    def faults(self) -> list[str]:
        """What went wrong in the windows, and what they asked of other machines."""
        return [fault for desk in self.desks for fault in (*desk.errors, *desk.foreign)]


# ------------------------------------------------------------------ what is done while nobody serves the data folder


@contextmanager
def opened(home: Path) -> Iterator[tuple[int, dict[str, int]]]:
    """Open a data folder that nobody serves; gives the id of 启帆 and those of all people by name."""
    engines = Engines(f'sqlite:///{home / "dingji.db"}')
    open_house(House(engines, open_keys(home.with_name(f'{home.name}-keys')), home, demo=True))
    with Session(engines.read) as session:
        found = session.exec(select(Org.id).where(Org.name == ORG)).one(), {p.name: p.id for p in session.exec(select(Person))}
    yield found
    engines.close()


def prepare(home: Path) -> None:
    """End the first filing of 启帆 as the centre does when a body gives evaluation up; its school licence and whom it trained are registered."""
    with opened(home) as (org_id, people):
        with begin_as(people['狄柳土'], org_id=org_id, at=ENDED) as work:
            filing_id = work.session.exec(select(Filing.id).where(Filing.number == 'S000099010001')).one()
            record_end(work, filing_id=filing_id, ended_on=date(2026, 11, 20), reason='该校自愿终止评价工作', document_no='明人社函〔2026〕30号')
        with begin_as(people['禹鬼金'], org_id=org_id, at=ENDED) as work:
            confirm_end(work, filing_id=filing_id)
        scan: Scan = store_scan(drawn_scan(), org_id, name='办学许可证.pdf')
        with begin_as(people['吕雨水'], role=Role.FILING_CLERK, at=ENDED) as work:
            licence = add_holding(work, ledger='licence', written={'kind': '办学许可证', 'number': '民培9901号', 'issuer': '明川市人力资源和社会保障局（演示）'})
            attach_to_holding(work, ledger='licence', record_id=licence.id, scan=scan, kind='licence')
            add_holding(work, ledger='training', written={'year': '2025', 'kind': '职业技能培训', 'trade': '保育师', 'people': '420'})


def drawn_scan() -> bytes:
    """Return a drawn sheet in place of a scan."""
    paper = Paper('证照扫描件（演示）')
    paper.rows([('单位', ORG)])
    return paper.to_bytes()


def others_score(way: Way) -> None:
    """The two assessors who have no sign-in of their own declare, give full marks and sign."""
    way.served.close()
    assessment_id = int(way.assessment.rpartition('/')[2])
    with opened(way.home) as (org_id, people):
        for name in PANEL[1:]:
            with begin_as(people[name], role=Role.ASSESSOR, org_id=org_id, at=VISIT) as work:
                mine = declare(work, assessment_id=assessment_id).id
                for sheet in [s for s in sheets_of(work, assessment_id) if s.assessor_id == mine]:
                    for item, best in best_answers(sheet_of(sheet.rubric)).items():
                        save_cell(work, sheet_id=sheet.id, item=item, shown=NOTHING, new=Entry(best))
                    sign_sheet(work, sheet_id=sheet.id, shown_hash=sheet_page(work, sheet.id).shown_hash)


# ------------------------------------------------------------------ an application


def write(desk: Desk, step: str, answers: Mapping[str, Any]) -> None:
    """Fill the questions of a step that have an answer, in the order of the form, and wait until all is saved."""
    page = desk.page
    for name, definition in questions(STEPS[step]).items():
        value, model, title = answers.get(name), row_model(definition), str(definition.title)
        if value in (None, '', []):
            continue
        if model is None:
            box = page.locator('.dj-form-field').filter(has=page.locator('label', has_text=re.compile(f'^{re.escape(title)}')))
            box.locator('select').select_option(value) if extra(definition)['options'] else box.locator('[data-field]').fill(value)
            continue
        table = page.locator('.dj-written', has=page.get_by_role('region', name=title, exact=True))
        for n, row in enumerate(value, 1):
            table.get_by_role('button', name='添加一行').click()
            for column, asked in questions(model).items():
                if row.get(column):
                    cell = table.get_by_label(f'{title}第{n}行 {asked.title}', exact=True)
                    cell.select_option(row[column]) if extra(asked)['options'] else cell.fill(row[column])
    page.keyboard.press('Tab')
    expect(page.get_by_text(re.compile(r'有\d+[项行]未保存'))).to_have_count(0)


def take_over(way: Way) -> str:
    """Take what the last application answered in this step; returns what was offered."""
    offered = way.desk.page.get_by_text('上次申报填写过').inner_text()
    with way.desk.redrawn():
        way.desk.press('采用上次内容')
    return offered


def onward(desk: Desk, word: str = '下一步') -> None:
    """Go to the next step."""
    with desk.redrawn():
        desk.page.get_by_role('link', name=word).first.click()


def ask_for(way: Way, code: str, name: str) -> None:
    """Add an occupation out of the list, with how it is evaluated."""
    page = way.desk.page
    page.get_by_label('从职业目录选择').fill(name)
    page.get_by_role('option', name=f'{code} {name}').click()
    page.get_by_label('理论评价方式').fill('机考')
    page.get_by_label('实操评价方式').fill('现场操作')
    way.desk.press('添加')
    expect(page.get_by_role('cell', name=code)).to_be_visible()
    expect(page.get_by_label('从职业目录选择')).to_have_value('')  # ready for the next


def preview(way: Way) -> None:
    """Show the official form beside the step, and close it."""
    page = way.desk.page
    way.desk.press('打印预览')
    shown = page.get_by_role('img', name=re.compile('第1页'))
    shown.wait_for()
    way.said['beside'] = shown.get_attribute('alt') or ''
    way.look()
    page.get_by_role('button', name='关闭').click()


def register_licence(way: Way) -> None:
    """Enter the certificate of the legal person with its scan, from the step that shows the register."""
    desk, page = way.desk, way.desk.page
    scan = way.home.with_name('登记证书.pdf')
    scan.write_bytes(drawn_scan())
    onward(desk, '打开登记')
    desk.follow('登记证照')
    page.get_by_label('种类 *').click()
    page.get_by_role('option', name='民办非企业单位登记证书', exact=True).click()
    page.get_by_label('证号 *').fill('52990102MA99DM010P')
    page.get_by_label('发证机关 *').fill('明川市民政局（演示）')
    desk.press('登记证照')
    page.get_by_role('button', name='上传扫描件或照片').wait_for()
    desk.ready()
    desk.give('上传扫描件或照片', scan)
    page.get_by_role('cell', name='登记证书.pdf').wait_for()
    way.look()


def list_points(way: Way, points: Sequence[tuple[str, str]]) -> None:
    """List what is to be corrected, (field, what is wrong), at the desk."""
    page = way.desk.page
    page.get_by_text('一次性告知补正').click()
    for place, sentence in points:
        page.get_by_label('需补正的内容 *').fill(place.partition('：')[2])
        page.get_by_role('option', name=place).click()
        page.get_by_label('缺什么、错在哪里 *').fill(sentence)
        way.desk.press('列入')
        expect(page.get_by_role('region', name='补正事项').get_by_text(sentence)).to_be_visible()


def open_line(way: Way, address: str) -> None:
    """Open the social body's application in a list."""
    way.desk.page.locator('.dj-rows tbody tr').filter(has_text=ORG).filter(has_text='社会培训评价组织备案').get_by_role('link').first.click()
    way.desk.page.wait_for_url(address)
    way.desk.ready()


# ------------------------------------------------------------------ a score sheet


def open_sheet(way: Way, table: str, row: str) -> None:
    """Open a sheet of the assessment by the link in its row, with the keyboard."""
    page = way.desk.page
    page.get_by_role('region', name=table, exact=True).get_by_role('row', name=re.compile(row)).get_by_role('link').first.focus()
    page.keyboard.press('Enter')
    page.wait_for_url('**/sheets/*')
    way.desk.ready()
    page.locator('.dj-rs-last').wait_for()


def type_sheet(way: Way, rubric: str, lost: Mapping[str, tuple[str, str]]) -> None:
    """Answer every item of a sheet by keyboard; lost: {item: (score, remark)} instead of full marks."""
    page, keys, items = way.desk.page, way.desk.page.keyboard, sheet_of(rubric).items
    tab_to(way, f'[data-main="{items[0].id}"]')
    for item in items:
        assert page.evaluate('document.activeElement?.dataset?.main') == item.id
        if item.id in lost:
            points, remark = lost[item.id]
            keys.type(points)
            keys.press('Enter')
            keys.type(remark)  # the focus went to the remark
            keys.press('Enter')
        elif item.rule.kind == 'all_or_nothing':
            keys.press('y')
        else:
            keys.press('m')
            keys.press('Enter')
    expect(page.locator('.dj-rs-state')).to_contain_text('全部已保存')


def sign_typed(way: Way) -> str:
    """Sign the sheet on the screen without the mouse; returns what the dialog said."""
    page = way.desk.page
    tab_to(way, '.dj-bar button')
    page.keyboard.press('Enter')
    dialog = page.get_by_role('alertdialog')
    said = dialog.locator('.dj-sentence').inner_text()
    expect(dialog.get_by_role('button', name='取消')).to_be_focused()
    page.keyboard.press('Tab')
    page.keyboard.press('Enter')
    page.wait_for_url(f'**{way.assessment}')
    way.desk.ready()
    return said


def sign(way: Way) -> str:
    """Sign the sheet on the screen; returns what the dialog said."""
    way.desk.press('核对并签字')
    said = way.desk.confirm('签字')
    way.desk.page.wait_for_url(f'**{way.assessment}')
    way.desk.ready()
    return said


def tab_to(way: Way, selector: str) -> None:
    """Go on by Tab until the focus stands on what a selector finds."""
    for _ in range(60):
        if way.desk.page.evaluate('selector => !!document.activeElement?.matches(selector)', selector):
            return
        way.desk.page.keyboard.press('Tab')
    raise AssertionError(f'{selector} is not reached by Tab')
