"""All tables in one import: for migrations and for making a fresh database in tests."""

from sqlmodel import SQLModel

from db import (
    assessment,
    audit,
    batches,
    bylaws,
    certificates,
    equipment,
    files,
    filing,
    jobs,
    organizations,
    outside_sites,
    personnel,
    premises,
    registration,
    scores,
    users,
)

TABLES = (
    users, organizations, personnel, premises, equipment, bylaws, filing, assessment, batches, outside_sites, registration, scores, certificates, files, jobs, audit,
)
METADATA = SQLModel.metadata
