"""备案申报 of an organisation and 受理与评估 of a centre, one file a screen."""

from pages.filing import applications, check, compliance, desk, holdings, outside, papers, steps

__all__ = ['applications', 'check', 'compliance', 'desk', 'holdings', 'outside', 'papers', 'steps']  # holdings before steps: /filings/licences is no application's id
