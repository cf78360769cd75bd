"""Make the fonts of this folder from the published ones (README.md says where they come from).

    python assets/fonts/cut.py SOURCES        SOURCES: a folder holding the published files, at any depth

Run by hand when a font changes, never by the application. 楷 and 仿宋 are copied unchanged: their names are reserved
or their licence asks that changes be marked. 宋 and 黑 lose what no Chinese paper or name needs, and gain ☑, which none
of the published files has: the □ of the same font with a tick of ours in it.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import uharfbuzz as hb
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
WHOLE = {'LXGWWenKai-Regular.ttf': 'kai.ttf', 'FandolFang-Regular.otf': 'fang.otf'}
NAMES = 'GBK'  # names of persons are printed in it: every hanzi of GBK and the rare ones of names
HEADS = 'GB2312'  # titles and heads: the ordinary hanzi and the rare ones of names
CUT = {
    'NotoSerifSC_400Regular.ttf': ('song.ttf', NAMES),
    'NotoSerifSC_700Bold.ttf': ('song-bold.ttf', HEADS),
    'NotoSansSC_400Regular.ttf': ('hei.ttf', HEADS),
    'NotoSansSC_700Bold.ttf': ('hei-bold.ttf', HEADS),
}
SIGNS = (
    *range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x370, 0x460), *range(0x2000, 0x2070), *range(0x20A0, 0x20C0),
    *range(0x2100, 0x2200), *range(0x2200, 0x2300), *range(0x2300, 0x2400), *range(0x2460, 0x2500), *range(0x2500, 0x2600),
    *range(0x2600, 0x2700), *range(0x2700, 0x27C0), *range(0x2E80, 0x2FE0), *range(0x3000, 0x3040), *range(0x3200, 0x3400),
    *range(0xFE30, 0xFE50), *range(0xFF00, 0xFFF0),
)
# Beyond GB 2312 and met in given names; a head or a badge in 黑 should not change its face in the middle of one.
GIVEN = '堃喆昇珺璟赟翀頔奡彧祎甦燚垚犇骉淼焱昉旸昳暐暘暻曌玥玙珩玘珣珮珽琎琤琲瑄瑀璁璠璘璿瓅甯畇畯皛皞眀睿祐祎祾禔禛禤秾窅竑竫筠筱籥紘綦縯翀翃翛翯翾耔胤芃茒茗荍莙菂萭葳蓁蔚蕤蕴薷藴虓蜎衎裎褘覃詝誉譞讵贇贠踔轩輗迦迺逄逯遹邠邰郄郤鄢鄯釨鈊釮鈺鉌鉴銘鋆錡鎏鏐鑫钇钐钰铄铖锟锴镕镠閆闫闳阆隽雱雲霂霈霏霽靓靖韡韫韬頊颀颋颢飏飚馗騉驎驭骁骅骉骎骐髙鯤鱻鳯鵬鸣鸾麒麟麴黉黎黻鼐龑龢'
TICK = ((0.16, 0.50), (0.24, 0.57), (0.42, 0.36), (0.80, 0.88), (0.90, 0.84), (0.42, 0.16))  # corners, in sides of the □, clockwise
UNUSED = ('GSUB', 'GPOS', 'GDEF', 'vhea', 'vmtx', 'BASE', 'STAT', 'VORG')  # our papers are written from left to right without shaping


def main(sources: Path) -> None:
    """Write every font of this folder; raises FileNotFoundError naming the one that is not below `sources`."""
    kai = _find(sources, 'LXGWWenKai-Regular.ttf')
    rare = {c for c in _characters(kai) if 0x3400 <= c < 0x4DC0}  # of extension A, what its maker found in names and dictionaries
    for name, ours in WHOLE.items():
        shutil.copyfile(_find(sources, name), HERE / ours)
    for name, (ours, coding) in CUT.items():
        source = _find(sources, name)
        held = _characters(source)
        names = rare | set(map(ord, GIVEN)) | {c for c in held if 0x9FA6 <= c < 0xA000 or c >= 0x20000}
        _cut(source, HERE / ours, held & ({*SIGNS, *_coded(coding)} | names))
        _add_ticked_box(HERE / ours)
        print(f'{ours}: {(HERE / ours).stat().st_size / 1e6:.1f} MB')


def _find(sources: Path, name: str) -> Path:
    for path in sorted(sources.rglob(name)):
        return path
    raise FileNotFoundError(f'{name} is not below {sources}')


def _characters(path: Path) -> set[int]:
    return set(hb.Face(hb.Blob.from_file_path(str(path))).unicodes)


def _coded(coding: str) -> Iterator[int]:
    for first in range(0x81, 0xFF):
        for second in range(0x40, 0xFF):
            try:
                yield ord(bytes((first, second)).decode(coding))
            except (UnicodeDecodeError, TypeError):  # not every pair is a character
                continue


def _cut(source: Path, out: Path, keep: set[int]) -> None:
    want = hb.SubsetInput()
    want.unicode_set.update(keep)
    want.flags = hb.SubsetFlags.NO_HINTING
    for table in UNUSED:
        want.drop_table_tag_set.add(int.from_bytes(table.encode(), 'big'))
    out.write_bytes(bytes(hb.subset(hb.Face(hb.Blob.from_file_path(str(source))), want).blob.data))


def _add_ticked_box(path: Path) -> None:
    with TTFont(path, recalcTimestamp=False) as font:
        cmap, glyphs = font.getBestCmap(), font.getGlyphSet()
        pen = TTGlyphPen(glyphs)
        box = font['glyf'][cmap[ord('□')]]
        glyphs[cmap[ord('□')]].draw(pen)
        side, left, foot = box.xMax - box.xMin, box.xMin, box.yMin
        for n, (x, y) in enumerate(TICK):
            (pen.lineTo if n else pen.moveTo)((round(left + x * side), round(foot + y * side)))
        pen.closePath()
        font['glyf']['ticked'] = pen.glyph()
        font['hmtx']['ticked'] = font['hmtx'][cmap[ord('□')]]
        font.setGlyphOrder([*dict.fromkeys([*font.getGlyphOrder(), 'ticked'])])
        for table in font['cmap'].tables:
            if table.isUnicode():
                table.cmap[ord('☑')] = 'ticked'
        font.save(path.with_suffix('.new'))
    path.with_suffix('.new').replace(path)


if __name__ == '__main__':
    main(Path(sys.argv[1]))
