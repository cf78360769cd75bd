"""The Chinese words of the equipment ledger."""

from __future__ import annotations

from collections.abc import Mapping

STATES: Mapping[str, str] = {'sound': '完好', 'repair': '维修', 'stopped': '停用', 'scrapped': '报废'}
ATTACHED: Mapping[str, str] = {'photo': '照片', 'invoice': '购置发票', 'lease': '租赁合同', 'manual': '说明书', 'other': '其他'}
