"""What an organisation makes known: its words are looked at before they are posted or sent."""

from __future__ import annotations

from app.access import Permission
from app.checks import check_long, check_text, forbidden_word_findings
from app.findings import Finding
from app.regulation import profile
from app.work import Work

LONGEST = 20_000  # characters of a text that is looked at
EVERYWHERE = 'national'  # the profile whose words promise passing; what a province adds are names


def check_notice(work: Work, *, title: str, text: str) -> list[Finding]:
    """Return a finding for each word that a notice, poster or banner must not carry; the trail keeps which text was looked at and what was found.

    source: ORG-101, ORG-102 · raises Refused without a title or text
    """
    work.require(Permission.BYLAWS_WRITE)
    name, said = check_text('宣传材料名称', title, 60), check_long('宣传文字', text, LONGEST)
    words = work.profile.announcement.forbidden_words.value
    promises = profile(EVERYWHERE).announcement.forbidden_words.value
    found = forbidden_word_findings(said, promises=promises, names=[word for word in words if word not in promises], subject=name)
    work.note('bylaws.check_notice', work.org, title=name, found=[f'{f.rule} {f.sentence}' for f in found])
    return found
