"""人员登记: the registers of people, one record, and the import of each register."""

from pages.personnel import importing, lists, record

__all__ = ['importing', 'lists', 'record']
