"""F-DEREG: the report that an organisation stops evaluating (ORG-96, ORG-97)."""

from __future__ import annotations

from app.filing.answers import given
from app.filing.forms import EndingStep, extra, questions
from app.filing.papers.blocks import Block, Note, Opinion, Printing, Rows, pdf_of
from app.filing.records import ApplicationRecord
from app.findings import Finding
from app.words import paper_date, paper_term

TITLE = '终止评价工作报备表'


def ending_pdf(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-DEREG, A4."""
    return pdf_of(TITLE, 'F-DEREG', _blocks(record), printing)


def missing(record: ApplicationRecord) -> list[Finding]:
    """Return what is to be filled in before it is printed (source: ORG-96, ORG-97)."""
    step = given(record, EndingStep)
    found = [Finding(str(extra(d)['rule']), 'block', f'ending.{name}', f'报备表的“{d.title}”是空的，请填写后再打印。') for name, d in questions(EndingStep).items() if not getattr(step, name)]
    return found if record.original else [Finding('ORG-96', 'block', 'ending', '没有备案号，请选择要终止的备案后再打印。'), *found]


def _blocks(record: ApplicationRecord) -> list[Block]:
    step, first = given(record, EndingStep), record.original
    reason = extra(questions(EndingStep)['reason'])['options'].get(step.reason, '')
    return [
        Rows((('机构', record.org.name), ('统一社会信用代码', record.org.credit_code), ('备案号', first.number if first else ''),
              ('备案有效期', paper_term(first.valid_from, first.valid_to) if first else ''))),
        Rows((('终止原因', reason), ('停止日期', paper_date(step.stops_on) if step.stops_on else '')), 2),
        Rows((('情况说明', step.explanation), ('未了批次', step.open_batches))),
        Rows((('证书数据后续\n维护责任人', step.data_keeper), ('电话', step.data_keeper_phone)), 2), Rows((('空白证书处理', step.blank_certificates), ('档案去向', step.archives))),
        Opinion('机构意见', '本机构对已颁发证书的数据继续承担维护责任。', '法定代表人签字', '（公章）', 16), Opinion('中心意见', '', '经办人签字', '（公章）', 16),
        Note('终止评价工作后，机构对所颁发证书的数据继续负责。')]
