"""What was handed in stays readable: a snapshot as it was kept at the end of the first version of the record opens in every later one."""

from __future__ import annotations

import gzip
from pathlib import Path

from pydantic import BaseModel

from app.filing.records import ApplicationRecord

KEPT = Path(__file__).parent.parent / 'kept' / 'snapshot-issue-4.json.gz'  # never made anew: fields come with defaults, none is taken away


def test_a_snapshot_kept_by_the_first_version_still_opens_with_all_its_lines() -> None:
    kept = gzip.decompress(KEPT.read_bytes())
    record = ApplicationRecord.model_validate_json(kept)
    assert (record.way, record.original is not None, record.org.name) == ('increment', True, '明川市启帆职业培训学校（演示）')
    lists = {name: getattr(record, name) for name in ApplicationRecord.model_fields if isinstance(getattr(record, name), tuple)}
    assert [name for name, rows in lists.items() if not rows or not isinstance(rows[0], BaseModel)] == []
