"""What a correction may change of what was handed in, and how lists tell an application."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from app.filing.records import ApplicationRecord, RangeLine
from app.filing.typed import is_open
from app.words import level_digits

PARTS: dict[str, tuple[str, ...]] = {  # step → parts of the record: what each register step hands in
    'ranges': ('ranges',), 'bylaws': ('bylaws',), 'rooms': ('sites', 'rooms', 'safety'), 'equipment': ('equipment',), 'systems': ('systems',),
    'people': ('staff', 'examiners', 'experts', 'supervisors'), 'groups': ('seats',), 'licences': ('licences',), 'training': ('training',), 'standards': ('standards',)}


def corrected(handed_in: ApplicationRecord, now: ApplicationRecord, opened: Collection[tuple[str, str]]) -> ApplicationRecord:
    """Return what a correction hands in: the former version with the fields and registers that were opened as they stand now (ORG-74).

    opened: (step, field), field '' for the whole step
    """
    answers = {
        step: {name: now.answers.get(step, {}).get(name) if is_open(step, name, opened) else value for name, value in fields.items()}
        for step, fields in handed_in.answers.items()}
    steps = {step for step, _ in opened}
    parts = {part: getattr(now if step in steps else handed_in, part) for step, held in PARTS.items() for part in held}
    return now.model_copy(update={'org': handed_in.org, 'original': handed_in.original, 'answers': answers, **parts})


def summary_of(ranges: Iterable[RangeLine]) -> str:
    """Return occupations and levels as lists show them: 钳工 5、4、3；汽车维修工/汽车机械维修工 5、4、3."""
    return '；'.join(f'{r.name} {level_digits(r.levels)}' for r in ranges)[:500]
