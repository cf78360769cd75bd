"""F-PLEDGE: the five clauses of the integrity pledge, word for word (000 l.331–367)."""

from __future__ import annotations

from app.filing.papers.blocks import Block, Printing, Seal, Text, docx_of, pdf_of
from app.filing.records import ApplicationRecord
from app.findings import Finding

TITLE = '诚信承诺书'
LEAD = '为推进职业技能人才评价改革，规范开展职业技能等级认定工作，我单位作出如下承诺：'
CLAUSES = (
    '一、提供的所有资料均合法、真实、有效，并对所提供资料的真实性负责。',
    '二、依法依规开展职业技能等级认定工作，保证相关各项业务工作严格遵守国家法律、法规、规章、规定。',
    '三、保证在核准的职业（工种）范围内合法、公平、公正开展技能等级认定工作，不超范围认定。不授权、不委托其他机构或个人开展职业技能等级认定工作。',
    '四、本机构具有健全完善的职业技能等级认定质量管控体系，并严格履行相关职责。',
    '五、自觉接受各级人力资源社会保障部门和社会各界监督，积极履行社会责任。')


def pledge_pdf(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-PLEDGE, A4, to be signed and sealed."""
    return pdf_of(TITLE, 'F-PLEDGE', _blocks(record), printing)


def pledge_docx(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-PLEDGE for Word."""
    return docx_of(TITLE, 'F-PLEDGE', _blocks(record), printing, record.org.name)


def missing(record: ApplicationRecord) -> list[Finding]:
    """Return what the pledge needs and the record has not (source: ORG-52)."""
    return [] if record.org.credit_code else [Finding('ORG-52', 'block', 'basics', '统一社会信用代码是空的，诚信承诺书须写明，请在机构资料中填写。')]


def _blocks(record: ApplicationRecord) -> list[Block]:
    said = (f'我单位{record.org.name}，统一社会信用代码为：{record.org.credit_code}。', LEAD, *CLAUSES)
    return [Text('\n'.join(said), pt=15), Seal(f'承诺单位（加盖公章）：{record.org.name}', '法定代表人签字：＿＿＿＿＿＿＿＿')]
