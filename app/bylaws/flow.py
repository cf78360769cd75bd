"""F-FLOWCHART 职业技能等级认定工作流程图: three lanes, 18 steps, three phases; where a step moves a batch, it names the verb of the state table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.fonts import MM, lines_of
from app.sheets import Sheet, Sheets
from app.states import MOVES
from app.words import screen_moment

TITLE = '职业技能等级认定工作流程图'
LANES = ('省中心、地市中心', '评价机构', '认定对象')
PHASES = (('认定准备阶段', 0, 4), ('认定实施阶段', 5, 8), ('证书发放', 9, 10))  # name, first and last row
Size = Literal['A4', 'A3']
SIZES: dict[Size, tuple[float, float, float]] = {'A4': (210.0, 297.0, 1.0), 'A3': (297.0, 420.0, 2 ** 0.5)}  # mm, and how much larger all of it is


@dataclass(frozen=True, slots=True)
class Step:
    """A step: number and words as the source prints them, its lane, its row of the chart, and the verbs by which the system takes it."""

    number: int
    words: str
    lane: int
    row: int
    verbs: tuple[str, ...] = ()
    rows: int = 1

    @property
    def label(self) -> str:
        """What stands in the box."""
        return f'{self.number}、{self.words}'


STEPS = (  # handbook 000, l.2472–2529
    Step(1, '提出认定申请', 2, 0),
    Step(2, '编制认定计划', 1, 0),
    Step(3, '备案认定计划', 0, 0),
    Step(4, '实施认定计划\n发布认定通知', 1, 1, ('batch.open',)),
    Step(5, '考生报名', 2, 1),
    Step(6, '资格审核', 1, 2),
    Step(7, '考场编排', 1, 3, ('batch.close',)),
    Step(8, '获取准考证', 2, 4),
    Step(9, '外部质量督导', 0, 5, rows=2),
    Step(10, '理论考试', 1, 5),
    Step(11, '技能考核', 1, 6),
    Step(12, '成绩汇总', 1, 7, ('scores.sign',)),
    Step(13, '成绩公布', 1, 8, ('scores.publicize',)),
    Step(14, '提交、备案', 0, 9),
    Step(15, '核发证书', 1, 9, ('certificates.approve',)),
    Step(16, '获取证书', 2, 9, ('certificates.issue', 'certificate.issue')),
    Step(17, '证书信息上网', 0, 10),
    Step(18, '资料存档', 1, 10),
)
ARROWS = (
    (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7), (7, 8), (8, 10), (9, 10), (9, 11), (10, 11), (11, 12), (12, 13), (13, 14), (14, 15), (15, 16), (15, 17), (17, 18))

_LEFT, _TOP, _RIGHT, _BOTTOM = 14.0, 32.0, 196.0, 280.0  # of the frame on A4, mm
_PHASE, _HEAD = 12.0, 10.0  # width of the phases, height of the lanes' heads
_ROWS = 1 + max(step.row for step in STEPS)
_ROW = (_BOTTOM - _TOP - _HEAD) / _ROWS
_LANE = (_RIGHT - _LEFT - _PHASE) / len(LANES)
_BOX, _GAP = 42.0, 6.8  # width of a box, height between two of them
_GREY = (90, 90, 90)


def flowchart_pdf(org: str, size: Size, made_at: datetime | None = None, mark: str = '') -> bytes:
    """Return F-FLOWCHART on one page for the wall; the same bytes for the same day and organisation."""
    return flow_sheets(org, size, made_at, mark).to_bytes()


def flow_sheets(org: str, size: Size, made_at: datetime | None = None, mark: str = '', *, page: tuple[int, int] = (0, 0)) -> Sheets:
    """Return the page before drawing; page: its number and of how many, as a part of a volume."""
    width, height, scale = SIZES[size]
    sheets = Sheets(TITLE, width=width, height=height, printed_at=made_at, mark=mark)
    chart = _Chart(sheets.page(f'《{TITLE}》'), scale)
    chart.text(0, 17, 210, TITLE, '宋粗', 18)
    chart.text(0, 26, 210, org, '楷', 12)
    chart.frame()
    for step in STEPS:
        chart.step(step)
    steps = {step.number: step for step in STEPS}
    for start, end in ARROWS:
        chart.arrow(steps[start], steps[end])
    at = f'F-FLOWCHART　打印时间 {screen_moment(made_at)}' if made_at else 'F-FLOWCHART'
    chart.sheet.place_text(_LEFT * scale, 288 * scale, 0, at, '宋', 8)
    if page[1]:
        chart.sheet.place_text(_LEFT * scale, 288 * scale, (_RIGHT - _LEFT) * scale, f'第{page[0]}页 共{page[1]}页', '宋', 8, 'R')
    return sheets


class _Chart:
    """A page measured in mm of A4, drawn `scale` times as large."""

    def __init__(self, sheet: Sheet, scale: float) -> None:
        self.sheet, self.scale = sheet, scale

    def text(self, x: float, y: float, w: float, text: str, style: Literal['宋', '宋粗', '黑', '楷'], pt: float, *, grey: bool = False) -> None:
        """Write a line, its middle in the middle of x … x + w, its baseline at y."""
        k = self.scale
        self.sheet.place_text(x * k, y * k, w * k, text, style, pt * k, 'C', colour=_GREY if grey else (0, 0, 0))

    def line(self, x1: float, y1: float, x2: float, y2: float, pt: float = 0.8) -> None:
        """Draw a line."""
        k = self.scale
        self.sheet.line(x1 * k, y1 * k, x2 * k, y2 * k, pt * k)

    def box(self, x: float, y: float, w: float, h: float, pt: float) -> None:
        """Draw a rectangle."""
        k = self.scale
        self.sheet.frame(x * k, y * k, w * k, h * k, pt * k)

    def frame(self) -> None:
        """Draw lanes with their heads and phases with their names from top to bottom."""
        self.box(_LEFT, _TOP, _RIGHT - _LEFT, _BOTTOM - _TOP, 1.2)
        self.line(_LEFT, _TOP + _HEAD, _RIGHT, _TOP + _HEAD)
        for n, lane in enumerate(LANES):
            x = _LEFT + _PHASE + n * _LANE
            self.line(x, _TOP, x, _BOTTOM, 0.5)
            self.text(x, _TOP + 6.6, _LANE, lane, '黑', 12)
        for name, first, last in PHASES:
            top, bottom = _TOP + _HEAD + first * _ROW, _TOP + _HEAD + (last + 1) * _ROW
            if last < _ROWS - 1:
                self.line(_LEFT, bottom, _RIGHT, bottom, 0.5)
            for n, sign in enumerate(name):
                self.text(_LEFT, (top + bottom) / 2 + (n - len(name) / 2) * 6.4 + 4.8, _PHASE, sign, '黑', 12)

    def step(self, step: Step) -> None:
        """Draw a box with the step's words and, small, what the system calls it."""
        left, top, right, bottom = _edges(step)
        self.box(left, top, right - left, bottom - top, 1.0)
        said = [line for part in step.label.split('\n') for line in lines_of(part, '宋', 11, _BOX - 2)]
        words = '、'.join(dict.fromkeys(MOVES[verb].word for verb in step.verbs))
        small = lines_of(f'系统：{words}', '楷', 7.5, _BOX - 2) if words else []
        leading, less = 11 * MM * 1.3, 7.5 * MM * 1.3
        y = (top + bottom - len(said) * leading - len(small) * less) / 2
        for line in said:
            self.text(left, y + leading * 0.78, right - left, line, '宋', 11)
            y += leading
        for line in small:
            self.text(left, y + less * 0.78, right - left, line, '楷', 7.5, grey=True)
            y += less

    def arrow(self, start: Step, end: Step) -> None:
        """Draw the way from a step to the next: across in a row, down in a lane, else down, across and down."""
        left, _top, right, bottom = _edges(start)
        to_left, to_top, to_right, _to_bottom = _edges(end)
        middle, to_middle = (left + right) / 2, (to_left + to_right) / 2
        if start.row <= end.row < start.row + start.rows and start.lane != end.lane:
            y = (to_top + _edges(end)[3]) / 2
            self._path([(right, y), (to_left, y)] if start.lane < end.lane else [(left, y), (to_right, y)])
        elif start.lane == end.lane:
            self._path([(middle, bottom), (middle, to_top)])
        else:
            y = to_top - _GAP * 0.34
            self._path([(middle, bottom), (middle, y), (to_middle, y), (to_middle, to_top)])

    def _path(self, points: list[tuple[float, float]]) -> None:
        for (x1, y1), (x2, y2) in zip(points, points[1:], strict=False):
            self.line(x1, y1, x2, y2)
        (x1, y1), (x2, y2) = points[-2:]
        along, across = (1 if x2 > x1 else -1 if x2 < x1 else 0), (1 if y2 > y1 else 0)
        for side in (-0.9, 0.9):
            self.line(x2, y2, x2 - along * 2.2 + across * side, y2 - across * 2.2 + abs(along) * side)


def _edges(step: Step) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom of a step's box."""
    middle = _LEFT + _PHASE + (step.lane + 0.5) * _LANE
    top = _TOP + _HEAD + step.row * _ROW
    return middle - _BOX / 2, top + _GAP / 2, middle + _BOX / 2, top + step.rows * _ROW - _GAP / 2
