"""What a person sees when an operation refuses, when another was faster, when the sign-in ended and when we made a mistake."""

from __future__ import annotations

import functools
import inspect
import logging
import secrets
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar, cast

from nicegui import ui

from app.errors import Refused, SignedOut
from pages.parts.basis import basis
from pages.parts.findings import findings_table

log = logging.getLogger(__name__)

Handler = TypeVar('Handler', bound=Callable[..., object])


def refusals() -> Refusals:
    """Return what stands around a handler: `@refusals()` on a plain or async one, or `with refusals():`.

    Refused (also NotYours, Changed) is shown with rule and findings, SignedOut leads to the sign-in page,
    anything else is our mistake: logged under a number that the person can quote.
    """
    return Refusals()


class Refusals:
    """Decorator and context of one handler."""

    def __call__(self, handler: Handler) -> Handler:
        if inspect.iscoroutinefunction(handler):
            @functools.wraps(handler)
            async def later(*args: object, **kwargs: object) -> object:
                with self:
                    return await handler(*args, **kwargs)
                return None

            return cast(Handler, later)

        @functools.wraps(handler)
        def now(*args: object, **kwargs: object) -> object:
            with self:
                return handler(*args, **kwargs)
            return None

        return cast(Handler, now)

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if error is None:
            return False
        if not isinstance(error, Exception):  # a stopping server
            return False
        if isinstance(error, SignedOut):
            ui.navigate.to('/login')
        elif isinstance(error, Refused):
            show_refusal(error)
        else:
            show_fault(error)
        return True


def show_refusal(refused: Refused) -> None:
    """Show why not: a sentence alone in a notice, with a rule or several findings in a dialog that stays."""
    if not refused.rule and not refused.findings:
        ui.notify(refused.sentence, type='warning', position='top', multi_line=True, timeout=12_000, close_button='知道了')
        return
    with ui.context.client, ui.dialog(value=True) as dialog, ui.card().classes('dj-dialog').props('role=alertdialog aria-label=暂不能办理'):
        ui.label('暂不能办理').classes('dj-dialog-title')
        with ui.row().classes('items-start no-wrap gap-2'):
            ui.label(refused.sentence).classes('dj-sentence')
            basis(refused.rule)
        if len(refused.findings) > 1:
            findings_table(refused.findings)
        with ui.row().classes('w-full justify-end'):
            ui.button('知道了', on_click=dialog.close).props('unelevated autofocus')
    dialog.on('hide', dialog.delete)


def show_fault(error: Exception) -> None:
    """Log our own mistake and show its number."""
    number = f'{secrets.randbelow(10**8):08d}'
    log.error('fault %s', number, exc_info=error)
    ui.notify(f'程序出错，此次操作没有完成。编号{number}，请把编号告诉管理员；已保存的内容不受影响，可以刷新页面后重试。',
              type='negative', position='top', multi_line=True, timeout=0, close_button='知道了')
