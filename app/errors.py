"""What an operation may answer instead of its result; each text is Chinese and is shown to the person as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.findings import Finding

LONGEST_SAID = 100  # characters of a changed value that a sentence repeats


class Refused(Exception):
    """What the person can put right: a sentence saying what is wrong, where, and what to do next.

    rule: id of the rule it rests on, e.g. 'CERT-35'; empty for matters of form
    findings: all faults found, when there are several
    """

    def __init__(self, sentence: str, *, rule: str = '', findings: Sequence[Finding] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.rule = rule
        self.findings = tuple(findings)


class NotYours(Refused):
    """Not there, not yours or not allowed: all three look the same."""

    def __init__(self, sentence: str = '未找到此项，或您没有查看和办理的权限。') -> None:
        super().__init__(sentence, rule='SEC-01')


class Changed(Refused):
    """Another person changed what was shown; nothing was overwritten."""

    def __init__(self, what: str, who: str, at: datetime, value: str) -> None:
        said = value if len(value) <= LONGEST_SAID else f'{value[:LONGEST_SAID]}…'
        super().__init__(f'“{what}”已由{who}于{at:%Y-%m-%d %H:%M}改为“{said}”，您的内容没有覆盖它，请核对后再保存。')
        self.who, self.at, self.value = who, at, value


class SignedOut(Exception):
    """The sign-in has ended; the page goes to the sign-in page."""
