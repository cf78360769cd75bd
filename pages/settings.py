"""设置 · 规则档案: every figure of the regulations in force, compared across provinces."""

from __future__ import annotations

from urllib.parse import urlencode

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from app.regulation import compare, layer_label, profile, profiles
from app.work import look
from pages.frame import page
from pages.parts.basis import basis

ENFORCEMENTS = {'block': '不符合即阻止', 'warn': '提醒，须写理由', 'remind': '到期提示', 'compute': '由系统计算', 'ledger': '登记在册'}
AT_ONCE = 25


@page('/settings/regulations', title='规则档案', needs=Permission.SETTINGS_READ)
def regulations(me: Actor, q: str = '', names: str = '', at: int = 0) -> None:
    """One row a figure; a column a province; what differs is marked."""
    with look(me) as work:
        own = work.org.profile
    chosen = [n for n in names.split(',') if n in profiles()] or [own, *[n for n in profiles() if n != own]][:4]
    rows = [r for r in compare(chosen) if not q or q in r.label or any(q.upper() == leaf.rule or q in leaf.shown for leaf in r.leaves)]

    def again(**more: object) -> None:
        ui.navigate.to('/settings/regulations?' + urlencode({'q': find.value or '', 'names': ','.join(shown.value or []), **more}))

    ui.label('规程中的每一个数字、期限和名单都是数据，取值顺序：机构自定（只能更严）→ 省 → 国家 → 默认。空白处为来源文件没有规定。').classes('dj-note')
    with ui.row().classes('items-center gap-2'):
        find = ui.input('名称或规则号', value=q).props('outlined dense clearable').on('keydown.enter', lambda: again())
        shown = ui.select({n: profile(n).label for n in profiles()}, value=chosen, multiple=True, label='比较').props('outlined dense use-chips').style('min-width: 18em')
        ui.button('查询', icon='search', on_click=lambda: again()).props('unelevated')
        ui.label(f'共{len(rows)}项').props('role=status')
    part = rows[at:at + AT_ONCE]
    with ui.element('div').classes('dj-scroll').props('tabindex=0 role=region aria-label=规则档案'), ui.element('table').classes('dj-table dj-compare'):
        with ui.element('thead'), ui.element('tr'):
            for head in ('事项', *(profile(n).label for n in chosen)):
                ui.html(head, tag='th', sanitize=False).props('scope=col')
        with ui.element('tbody'):
            for row in part:
                with ui.element('tr'):
                    with ui.element('td'):
                        ui.label(row.label)
                    for leaf in row.leaves:
                        with ui.element('td').classes('dj-differs' if row.differs else ''):
                            ui.label(leaf.shown)
                            with ui.row().classes('items-center no-wrap gap-1'):
                                ui.label(f'{ENFORCEMENTS[leaf.enforcement]} · {layer_label(leaf.origin_layer)} · {leaf.rule}').classes('dj-note')
                                basis(leaf.rule)
    with ui.row().classes('gap-2'):
        if at:
            ui.button('上一页', on_click=lambda: again(at=max(0, at - AT_ONCE))).props('outline dense')
        if at + AT_ONCE < len(rows):
            ui.button('下一页', on_click=lambda: again(at=at + AT_ONCE)).props('outline dense')
