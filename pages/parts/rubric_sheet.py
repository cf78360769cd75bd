"""A score sheet as one browser component: the grid for the keyboard, sums, bands and vetoes live, standard and remark of the item in hand."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from nicegui import events, run, ui

from app.assessment.rules import Entries, Entry
from app.errors import Changed, Refused
from app.house import house
from app.rubric_models import Item, Rubric
from app.rubric_rules import CountBelow, Flag
from app.words import screen_clock
from app.zips import shown_name
from pages.parts.refusals import refusals
from pages.parts.upload import Given, forget_sent

LONGEST = 600  # characters of a remark that are read at all; its own limit is checked by the operation
KEYS = frozenset({'met', 'count', 'hazard', 'value', 'option', 'score', 'zero_when', 'leased', 'years'})

Put = Callable[[str, Entry, Entry], Entry]


@dataclass(frozen=True, slots=True)
class Scored:
    """What one assessor gave at an item, beside the consolidated sheet: points None where the item has none."""

    name: str
    points: Decimal | None
    text: str
    remark: str


@dataclass(frozen=True, slots=True)
class Panel:
    """What the leader of a panel sees in the consolidated sheet: {item: what each gave}, reconciliations, the line in points."""

    others: Mapping[str, Sequence[Scored]]
    reasons: Mapping[str, str]
    line: Decimal
    reconcile: Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Photos:
    """Photos of a sheet: {item: (id, title)}, how one is read and kept (in a thread: it is decoded)."""

    kept: Mapping[str, Sequence[tuple[int, str]]] = field(default_factory=dict)
    read: Callable[[int], bytes] | None = None
    add: Callable[[str, Given], tuple[int, str]] | None = None
    most_bytes: int = 10 << 20


class RubricSheet(ui.element, component='rubric_sheet.js'):
    """A drawn sheet."""

    def __init__(
        self, rubric: Rubric, entries: Entries, put: Put, again: Callable[[str], Entry], *, editable: bool, photos: Photos, panel: Panel | None = None) -> None:
        """Draw the sheet.

        put: (item, shown, new) keeps one item in a transaction of its own and returns what is stored; raises Changed, Refused
        again: what is stored at an item now, after Changed · panel: makes it the consolidated sheet
        """
        super().__init__()
        self.items = frozenset({item.id for item in rubric.items} | {item.id for item in rubric.bonus})
        self.put, self.again, self.photos, self.panel, self.photo_item = put, again, photos, panel, ''
        self._props['sheet'] = drawn_rubric(rubric)
        self._props['entries'] = {key: _plain(entry) for key, entry in entries.items()}
        self._props['editable'] = editable
        self._props['photos'] = {item: [[str(n), title] for n, title in kept] for item, kept in photos.kept.items()}
        if panel is not None:
            self._props['others'] = {item: [[s.name, None if s.points is None else float(s.points), s.text, s.remark] for s in given] for item, given in panel.others.items()}
            self._props['reasons'], self._props['line'] = dict(panel.reasons), float(panel.line)
        self.takes_photos = editable and photos.add is not None
        self.picker: ui.upload | None = None
        self.on('put', self._put)
        self.on('photo_for', self._photo_for)
        self.on('show_photo', self._show_photo)
        self.on('reconcile', self._reconcile)

    @refusals()
    def _put(self, event: events.GenericEventArguments) -> None:
        said = event.args if isinstance(event.args, dict) else {}
        item = said.get('id')
        shown, new = read_entry(said.get('shown')), read_entry(said.get('new'))
        if not isinstance(item, str) or item not in self.items or shown is None or new is None:
            raise Refused('这一项的内容无法识别，没有保存，请刷新页面后重填。')
        try:
            stored = self.put(item, shown, new)
        except Changed as other:
            self.run_method('conflict', {'id': item, 'sentence': other.sentence, 'stored': _plain(self.again(item))})
        except Refused as refused:
            self.run_method('refused', {'id': item, 'sentence': refused.sentence})
        except Exception:
            self.run_method('refused', {'id': item, 'sentence': '这一项没有保存，请稍后再试。'})
            raise
        else:
            self.run_method('saved', {'id': item, 'stored': _plain(stored), 'at': screen_clock(house().now())})

    @refusals()
    def _photo_for(self, event: events.GenericEventArguments) -> None:
        item = event.args.get('id') if isinstance(event.args, dict) else None
        self.photo_item = item if isinstance(item, str) and item in self.items else ''
        if self.photo_item and self.takes_photos and self.picker is None:  # made when it is first asked for: most sheets have no photo
            self.picker = ui.upload(on_upload=self._photo, on_rejected=self._rejected, max_file_size=self.photos.most_bytes, auto_upload=True).classes('dj-picker-box').props(
                'accept=".jpg,.jpeg,.png"')
            forget_sent(self.picker)
            for event_name, sending in (('added', 'true'), ('finish', 'false')):
                self.picker.on(event_name, js_handler=f'() => {{ getElement({self.id}).sending = {sending} }}')
            self._props['picker'] = self.picker.id
            self.update()

    @refusals()
    async def _photo(self, event: events.UploadEventArguments) -> None:
        if not self.photo_item or self.photos.add is None or event.file.size() > self.photos.most_bytes:
            raise Refused('照片没有接收，请选择一项后重新添加。')
        item, given = self.photo_item, Given(shown_name(event.file.name), await event.file.read())
        if (kept := await run.io_bound(self.photos.add, item, given)) is None:
            return
        self._props['photos'].setdefault(item, []).append([str(kept[0]), kept[1]])
        self.update()

    def _rejected(self) -> None:
        ui.notify(f'照片没有接收：只接收JPG、PNG，每张不超过{self.photos.most_bytes >> 20} MB。', type='warning', position='top')

    @refusals()
    def _show_photo(self, event: events.GenericEventArguments) -> None:
        asked = event.args.get('id') if isinstance(event.args, dict) else None
        known = {n: title for kept in self._props['photos'].values() for n, title in kept}
        if not isinstance(asked, str) or asked not in known or self.photos.read is None:
            raise Refused('没有这张照片，请刷新页面。')
        data = self.photos.read(int(asked))
        kind = 'png' if data.startswith(b'\x89PNG') else 'jpeg'
        with ui.context.client, ui.dialog(value=True) as dialog, ui.card().classes('dj-dialog').props('role=dialog') as card:
            card.props['aria-label'] = known[asked]
            ui.label(known[asked]).classes('dj-dialog-title')
            ui.image(f'data:image/{kind};base64,{b64encode(data).decode()}').props('no-spinner').classes('w-full')
            ui.button('关闭', on_click=dialog.close).props('unelevated')
        dialog.on('hide', dialog.delete)

    @refusals()
    def _reconcile(self, event: events.GenericEventArguments) -> None:
        said = event.args if isinstance(event.args, dict) else {}
        item, text = said.get('item'), said.get('text')
        if self.panel is None or not isinstance(item, str) or not isinstance(text, str) or item not in self.items or len(text) > LONGEST:
            raise Refused('复核意见无法识别，没有保存，请刷新页面后重填。')
        try:
            self.run_method('reasoned', {'id': item, 'text': self.panel.reconcile(item, text), 'at': screen_clock(house().now())})
        except Refused as refused:
            self.run_method('reasoned', {'id': item, 'fault': refused.sentence})
        except Exception:
            self.run_method('reasoned', {'id': item, 'fault': '复核意见没有保存，请稍后再试。'})
            raise


def read_entry(raw: object) -> Entry | None:
    """Return the entry a browser sent; None for what our component never sends."""
    if not isinstance(raw, dict) or set(raw) != {'answer', 'remark', 'finding'}:
        return None
    answer, remark, finding = raw['answer'], raw['remark'], raw['finding']
    texts = isinstance(remark, str) and isinstance(finding, str) and len(remark) <= LONGEST and len(finding) <= LONGEST
    if not texts or not isinstance(answer, dict) or not set(answer) <= KEYS or not all(isinstance(v, bool) or (isinstance(v, str) and len(v) <= LONGEST) for v in answer.values()):
        return None
    return Entry(answer, remark, finding)


_DRAWN: dict[str, dict[str, Any]] = {}  # by id: rubrics never change while the process runs


def drawn_rubric(rubric: Rubric) -> dict[str, Any]:
    """Return the rubric for the browser, made once."""
    if rubric.id not in _DRAWN:
        _DRAWN[rubric.id] = _draw(rubric)
    return _DRAWN[rubric.id]


def _draw(rubric: Rubric) -> dict[str, Any]:
    """Return what the component needs of a rubric: texts, points and rules as JSON, points as numbers."""
    lines = rubric.conclusion
    return {
        'step': float(rubric.score_step), 'points': _number(rubric.total_points), 'bonus_name': rubric.bonus_name,
        'bands': [{'code': b.code, 'min': _number(b.min), 'text': b.text} for b in lines.bands],
        'on_filing_veto': lines.band(lines.on_filing_veto).text, 'on_operation_veto': lines.on_operation_veto.text,
        'sections': [{'name': s.name, 'points': _number(s.points), 'groups': [{'name': g.name, 'items': [_item(i) for i in g.items]} for g in s.groups]} for s in rubric.sections],
        'bonus': [{'id': b.id, 'content': b.content, 'standard': b.standard, 'methods': list(b.methods), 'add': _number(b.add), 'points': None} for b in rubric.bonus]}


def _item(item: Item) -> dict[str, Any]:
    when = item.veto_when
    return {
        'id': item.id, 'content': item.content, 'standard': item.standard, 'methods': list(item.methods), 'points': _number(item.points),
        'rule': {key: _number(value) if isinstance(value, Decimal) else value for key, value in item.rule.model_dump(mode='python').items()} | _tiers(item),
        'scope': item.veto_scope or '', 'veto_text': item.veto_text, 'advisory': item.advisory, 'when': when.kind if when else '',
        'least': when.min if isinstance(when, CountBelow) else 0, 'flag': when.text if isinstance(when, Flag) else '', 'average': '年均' in item.content}


def _tiers(item: Item) -> dict[str, Any]:
    """Return rows and options of a rule with numbers a browser can count with."""
    said = item.rule.model_dump(mode='python')
    return {key: [{k: _number(v) if isinstance(v, Decimal) else v for k, v in row.items()} for row in said[key]] for key in ('rows', 'options') if key in said}


def _number(value: Decimal | None) -> int | float | None:
    return None if value is None else int(value) if value == int(value) else float(value)


def _plain(entry: Entry) -> dict[str, Any]:
    return {'answer': entry.answer, 'remark': entry.remark, 'finding': entry.finding}
