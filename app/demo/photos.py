"""Drawn photos for invented people: a silhouette on white, the name and 演示 on the chest."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from app.fonts import FILES, FOLDER

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

SIZE = (413, 579)  # 二寸 at 300 dpi (codes.md §10)
SHARPER = 2  # drawn larger and reduced: smooth edges
SKIN, HAIR = '#d9b99b', '#39322e'
COATS = ('#2f4a6d', '#5a3f5e', '#35594a', '#6b4a35', '#4a4f57', '#27606a')


def draw_photo(name: str, sex: str, number: int) -> bytes:
    """Return a JPEG of 413 × 579 pixels, the same for the same person.

    sex: 男 or 女, the length of the hair · number: chooses the coat
    """
    from PIL import Image, ImageDraw

    image = Image.new('RGB', (SIZE[0] * SHARPER, SIZE[1] * SHARPER), 'white')
    draw = ImageDraw.Draw(image)
    _draw_person(draw, sex, COATS[number % len(COATS)])
    for text, pixels, y in ((name, 40, 492), ('演示', 30, 542)):
        draw.text((SIZE[0] * SHARPER // 2, y * SHARPER), text, 'white', _font(pixels * SHARPER), 'mm')
    out = BytesIO()
    image.reduce(SHARPER).save(out, 'JPEG', quality=100, subsampling=0, dpi=(300, 300))
    return out.getvalue()


def _draw_person(draw: ImageDraw, sex: str, coat: str) -> None:
    def box(left: int, top: int, right: int, bottom: int) -> tuple[int, int, int, int]:
        return left * SHARPER, top * SHARPER, right * SHARPER, bottom * SHARPER

    if sex == '女':
        draw.rounded_rectangle(box(108, 96, 305, 350), 90 * SHARPER, HAIR)
    draw.rounded_rectangle(box(36, 380, 377, 700), 110 * SHARPER, coat)
    draw.rounded_rectangle(box(168, 300, 245, 425), 36 * SHARPER, SKIN)
    draw.polygon([(x * SHARPER, y * SHARPER) for x, y in ((160, 384), (206, 448), (253, 384), (285, 392), (206, 462), (128, 392))], 'white')
    draw.ellipse(box(124, 110, 289, 340), SKIN)
    draw.chord(box(121, 92, 292, 322), 188, 352, HAIR)


@lru_cache(maxsize=4)
def _font(pixels: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(FOLDER / FILES['hei-bold']), pixels, layout_engine=ImageFont.Layout.BASIC)
