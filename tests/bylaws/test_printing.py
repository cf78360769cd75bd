"""The ZIP of all rule documents as a job."""

from __future__ import annotations

import io
import zipfile

import pytest

from app.bylaws import operations as do
from app.bylaws.printing import KINDS, queue_bundle
from app.bylaws.queries import bylaw_page
from app.errors import Refused
from app.files import own_file
from app.house import House
from app.jobs import Runner
from app.work import begin_as
from db.jobs import Job
from tests import make
from tests.shows import shows


@shows('ORG-54', 'F-RULES')
def test_the_documents_in_force_come_as_one_zip_kept_with_the_job(house_on_sqlite: House) -> None:
    made = make.world()
    with begin_as(made.people['exam_affairs'], at=make.NOW) as work:
        with pytest.raises(Refused, match='还没有现行的规章制度'):
            queue_bundle(work)
        version = do.add_bylaw(work, title='监考人员守则', unit='考务组')
        do.save_text(work, version_id=version.id, shown='', new='第一条　甲。')
    with begin_as(made.people['head'], at=make.NOW) as work:
        do.approve_bylaw(work, version_id=version.id, shown_hash=do.hash_of(bylaw_page(work, version.bylaw_id).bylaw, version))
    with begin_as(made.people['staff'], at=make.NOW) as work:
        job_id = queue_bundle(work).id
    assert Runner(KINDS).run_next()
    with begin_as(made.people['staff'], at=make.NOW, reads=True) as work:
        job = work.get(Job, job_id)
        row, data = own_file(work, job.result_file_id or 0)
    assert (job.state, job.message, row.name[:8]) == ('done', '1项现行制度已打包，请下载。', '启帆_规章制度_')
    assert '25_监考人员守则.docx' in zipfile.ZipFile(io.BytesIO(data)).namelist()
