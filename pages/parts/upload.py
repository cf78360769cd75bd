"""Taking a file from a person; the limits hold on the server, whatever the browser promised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nicegui import events, ui

from app.errors import Refused
from app.zips import shown_name
from pages.parts.refusals import refusals, show_refusal


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it came: its name is text to show, its bytes are not looked at yet."""

    name: str
    data: bytes


def upload(label: str, *, most_bytes: int, accept: str, on_file: Callable[[Given], object], hint: str = '') -> None:
    """Draw a place to drop or choose one file; a second one replaces the first.

    accept: suffixes offered by the browser's dialog, e.g. '.xlsx,.xls'; the content is judged by whoever reads it
    on_file: called with the whole file, plain or async
    """
    most = f'{most_bytes >> 20}MB'

    @refusals()
    async def taken(event: events.UploadEventArguments) -> None:
        name = shown_name(event.file.name)
        if event.file.size() > most_bytes:
            raise Refused(f'“{name}”超过{most}，没有接收。请压缩或拆成几个文件后再上传。')
        given = Given(name, await event.file.read())
        told.set_text(f'已接收“{name}”，{size_words(len(given.data))}')
        if (later := on_file(given)) is not None and hasattr(later, '__await__'):
            await later

    def rejected() -> None:
        show_refusal(Refused(f'文件没有接收：每次一个文件，不超过{most}，格式为{accept.replace(",", "、")}。'))

    def failed() -> None:
        show_refusal(Refused('文件没有传到服务器：文件可能过大、正被其他程序占用，或网络中断。请关闭该文件后重试。'))

    picker = ui.upload(on_upload=taken, on_rejected=rejected, max_file_size=most_bytes, auto_upload=True).classes('dj-picker-box').props(
        f'accept="{accept}"')
    picker.on('failed', failed)
    forget_sent(picker)
    drop = f'(e) => {{ e.preventDefault(); getElement({picker.id}).$refs.qRef.addFiles(e.dataTransfer.files) }}'
    with ui.row().classes('dj-drop items-center').on('dragover', js_handler='(e) => e.preventDefault()').on('drop', js_handler=drop):
        ui.button(label, icon='upload_file').props('outline').on('click', js_handler=f'() => getElement({picker.id}).$refs.qRef.pickFiles()')
        with ui.column().classes('gap-0'):
            told = ui.label(f'或把文件拖到此处；{hint}不超过{most}').classes('dj-note').props('role=status')


def forget_sent(picker: ui.upload) -> None:
    """Let a picker forget its files once all have been answered: told by the server, sooner, it would break off what is on its way."""
    picker.on('finish', js_handler=f'() => getElement({picker.id}).$refs.qRef.reset()')


def size_words(size: int) -> str:
    """Return a size as people read it: 830B, 12.3KB, 4.0MB."""
    for unit, step in (('MB', 1 << 20), ('KB', 1 << 10)):
        if size >= step:
            return f'{size * 10 // step / 10:.1f}{unit}'
    return f'{size}B'
