"""The papers of a filing: {form id: {format: builder}}; what each needs before it is printed, {form id: findings}.

Builders take the frozen record and how it is printed; those of the centre take their own record (centre.Answer, orgfile.OrgFile).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.access import Permission
from app.filing.papers import binding, centre, ending, form, groups, letter, licence, national, orgfile, plan, pledge, specimen, training
from app.filing.papers.blocks import Printing
from app.filing.records import ApplicationRecord
from app.findings import Finding
from app.house import house
from app.regulation import profile
from app.work import Work

Builder = Callable[[ApplicationRecord, Printing], bytes]

BUILDERS: dict[str, dict[str, Builder]] = {
    'F-FILING-LETTER': {'PDF': letter.filing_letter_pdf, 'DOCX': letter.filing_letter_docx},
    'F-INC-LETTER': {'PDF': letter.increment_letter_pdf, 'DOCX': letter.increment_letter_docx},
    'F-PLEDGE': {'PDF': pledge.pledge_pdf, 'DOCX': pledge.pledge_docx},
    'F-LICENCE': {'PDF': licence.licence_pdf},
    'F-LEADGROUP': {'PDF': groups.lead_group_pdf, 'DOCX': groups.lead_group_docx},
    'F-FILING-HN': {'PDF': form.filing_pdf, 'DOCX': form.filing_docx, 'XLSX': form.filing_xlsx},
    'F-FILING-INC': {'PDF': form.increment_pdf, 'DOCX': form.increment_docx},
    'F-PLAN-HN': {'PDF': plan.plan_pdf, 'DOCX': plan.plan_docx},
    'F-TRAIN-STAT': {'XLSX': training.training_xlsx, 'DOCX': training.training_docx},
    'F-CERT-SAMPLE': {'PDF': specimen.specimen_pdf},
    'F-BINDING-HN': {'PDF': binding.binding_pdf, 'ZIP': binding.binding_zip},
    'F-BINDING-INC': {'PDF': binding.binding_pdf, 'ZIP': binding.binding_zip},
    'F-NAT6': {'ZIP': national.six_zip},
    'F-NAT14': {'XLSX': national.fourteen_xlsx, 'ZIP': national.fourteen_zip},
    'F-DEREG': {'PDF': ending.ending_pdf}}

MISSING: dict[str, Callable[[ApplicationRecord], list[Finding]]] = {
    'F-FILING-LETTER': letter.missing, 'F-INC-LETTER': letter.missing, 'F-PLEDGE': pledge.missing, 'F-LICENCE': licence.missing, 'F-LEADGROUP': groups.missing,
    'F-FILING-HN': form.missing, 'F-FILING-INC': form.missing, 'F-PLAN-HN': plan.missing, 'F-TRAIN-STAT': training.missing, 'F-CERT-SAMPLE': specimen.missing,
    'F-BINDING-HN': binding.missing, 'F-BINDING-INC': binding.missing, 'F-NAT6': national.missing_six, 'F-NAT14': national.missing, 'F-DEREG': ending.missing}

CENTRE: dict[str, dict[str, Callable[[Any, Printing], bytes]]] = {
    'F-ACCEPT': {'PDF': centre.accept_pdf}, 'F-CORRECT': {'PDF': centre.correct_pdf}, 'F-REJECT': {'PDF': centre.reject_pdf},
    'F-ORGFILE': {'PDF': orgfile.org_file_pdf, 'XLSX': orgfile.org_file_xlsx}}


def printing_of(work: Work, record: ApplicationRecord, *, sealed: bool = True) -> Printing:
    """Return how the papers of a record are printed for the organisation worked on: what is not sealed yet is marked 草稿 on every page."""
    work.require(Permission.FILING_READ)
    marks = ('演示样本' if house().demo else '', '' if sealed else '草稿')
    return Printing(work.now, profile(record.profile, work.org.overlay), '　'.join(filter(None, marks)))
