"""Pages that only say something: not there, refused, broken."""

from __future__ import annotations

from starlette.responses import HTMLResponse

from pages.plain.drawing import draw


def notice_page(status: int, title: str, sentence: str) -> HTMLResponse:
    """Return a page with one sentence and a way back."""
    return draw('notice.html', status=status, title=title, sentence=sentence)


def not_found_page() -> HTMLResponse:
    """Return the same page for what is not there, not yours and not allowed (SEC-01)."""
    return notice_page(404, '未找到', '未找到此页面，或您没有查看和办理的权限。请核对地址，或返回今日桌面从菜单进入。')


def fault_page(number: str) -> HTMLResponse:
    """Return the page after a mistake of ours; the number stands in the log."""
    return notice_page(500, '程序出错', f'这一步没有完成，已保存的内容不受影响。请返回后重试；仍不行时把编号 {number} 告诉管理员。')
