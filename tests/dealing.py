"""How a run with several workers deals the tests out."""

from __future__ import annotations

from xdist.scheduler.loadscope import LoadScopeScheduling


class ByFile(LoadScopeScheduling):
    """Whole files to a worker, and all browser tests to one: they share a server and a Chromium, and two of them at once would wait for each other."""

    def _split_scope(self, nodeid: str) -> str:
        return 'browser' if nodeid.startswith('tests/browser/') else nodeid.split('::', 1)[0]
