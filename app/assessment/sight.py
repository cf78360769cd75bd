"""Who sees a score sheet, who may fill it, and what is seen of the panel; the one place that says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.access import Role
from app.actors import Actor
from db.assessment import Assessment, Assessor, ScoreSheet


def sees_sheet(actor: Actor, assessment: Assessment, sheet: ScoreSheet, panel: Sequence[Assessor], sheets: Callable[[], Sequence[ScoreSheet]]) -> bool:
    """Tell whether the actor may see a sheet; sheets: of the panel, asked for only where they matter."""
    if sheet.assessor_id is None:
        member = next((a for a in panel if a.member_id == actor.person_id and a.left_at is None), None)
        return assessment.state == 'concluded' if not actor.is_centre else member is not None or actor.role != Role.ASSESSOR
    if not actor.is_centre:
        return False
    mine = next((a for a in panel if a.member_id == actor.person_id), None)
    if mine and mine.id == sheet.assessor_id:
        return True
    if sheet.state != 'signed':
        return False
    if mine is None:
        return actor.role != Role.ASSESSOR
    own = next((s for s in sheets() if s.assessor_id == mine.id and (s.rubric, s.range_id) == (sheet.rubric, sheet.range_id)), None)
    return own is not None and own.state == 'signed'


def may_edit(actor: Actor, assessment: Assessment, sheet: ScoreSheet, panel: Sequence[Assessor]) -> bool:
    """Tell whether the actor may fill a sheet: his own or, leading the panel, the consolidated one, after his declaration and until it is signed."""
    mine = next((a for a in panel if a.member_id == actor.person_id and a.left_at is None), None)
    own = mine is not None and mine.declared_at is not None and (mine.leads if sheet.assessor_id is None else sheet.assessor_id == mine.id)
    return own and sheet.state == 'open' and assessment.state == 'open'


def panel_seen(actor: Actor, panel: Sequence[Assessor]) -> Sequence[Assessor]:
    """Return the panel as the actor may know it: what an assessor declared of himself is the centre's."""
    return panel if actor.is_centre else [Assessor.model_validate(a.model_dump() | {'relation': ''}) for a in panel]
