"""The Chinese words of the equipment ledger."""

from __future__ import annotations

from collections.abc import Mapping

STATES: Mapping[str, str] = {'sound': '完好', 'repair': '维修', 'stopped': '停用', 'scrapped': '报废'}
