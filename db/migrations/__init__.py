"""Migrations: one per commit that changes tables, never edited once landed."""
