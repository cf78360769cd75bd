"""The question before a dangerous act: it says in numbers what will happen."""

from __future__ import annotations

from nicegui import ui


async def confirm(sentence: str, *, do: str, title: str = '请确认', danger: bool = True) -> bool:
    """Ask and return whether the person went on.

    sentence: what will happen, in numbers: 将为43人生成43个证书编号，不可撤回。 · do: the word on the button, e.g. 生成编号
    danger: the focus stands on 取消, the button is red
    """
    with ui.context.client, ui.dialog() as dialog, ui.card().classes('dj-dialog').props('role=alertdialog') as card:
        card.props['aria-label'] = title
        ui.label(title).classes('dj-dialog-title')
        ui.label(sentence).classes('dj-sentence')
        with ui.row().classes('w-full justify-end gap-2'):
            stop = ui.button('取消', on_click=lambda: dialog.submit(False)).props('outline')
            go = ui.button(do, on_click=lambda: dialog.submit(True)).props(f'unelevated color={"negative" if danger else "primary"}')
        (stop if danger else go).props('autofocus')
    answer = await dialog
    if not dialog.is_deleted:  # the person may have left the page
        dialog.delete()
    return bool(answer)
