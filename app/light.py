"""Importing lightly: without what nobody here uses, and without looking for garbage in what stays for ever (design §7)."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

UNUSED = ('aiohttp',)  # only for engineio's client, which does without it; this is the server


@contextmanager
def lightly() -> Iterator[None]:
    """Import inside this block what stays as long as the process."""
    absent = [name for name in UNUSED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None: its import fails as if it were not installed
    gc.disable()  # the search costs a tenth of the start and finds next to nothing
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        for name in absent:
            del sys.modules[name]
