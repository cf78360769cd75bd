"""How much computing something took: a measure that other work on the machine does not change."""

from __future__ import annotations

import os


def computing_s() -> float:
    """Return the seconds of computing by this process and its ended children so far."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system
