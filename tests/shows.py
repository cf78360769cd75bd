"""`@shows('PLAN-20')`: the rule ids whose check a test would miss if it were taken out (read by `python -m app coverage`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest

Test = TypeVar('Test', bound=Callable[..., object])


def shows(*rule_ids: str) -> Callable[[Test], Test]:
    """Mark a test with the rules it shows; form ids (F-CERT) are allowed as well."""

    def mark(test: Test) -> Test:
        return pytest.mark.shows(*rule_ids)(test)

    return mark
