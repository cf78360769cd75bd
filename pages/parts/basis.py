"""The button 依据: which clause a field, a finding or a refusal rests on."""

from __future__ import annotations

from nicegui import ui

from app.register import rule


def basis(rule_id: str) -> None:
    """Draw the button; its popover is made when it is opened. Draws nothing without a rule."""
    if not rule_id:
        return
    button = ui.button('依据').props('flat dense no-caps aria-haspopup=dialog').classes('dj-basis')
    button.props['aria-label'] = f'依据 {rule_id}'

    def open_clause() -> None:
        found = clause_of(rule_id)
        with button, ui.menu(value=True).classes('dj-clause').props('role=dialog max-width=480px') as menu:
            menu.props['aria-label'] = f'依据 {rule_id}'
            ui.label(found['title']).classes('dj-clause-title')
            for key in ('text', 'sentence'):
                if found[key]:
                    ui.label(found[key]).classes(f'dj-clause-{key}')
        menu.on('hide', menu.delete)

    button.on('click', open_clause)


def clause_of(rule_id: str) -> dict[str, str]:
    """Return what the popover says: {title: rule and clause, text: the source's words, sentence: ours}."""
    found = rule(rule_id)
    return {'title': f'{rule_id}　{found.clause}'.strip(), 'text': f'“{found.text}”' if found.text else '', 'sentence': found.sentence}
