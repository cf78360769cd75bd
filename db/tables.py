"""All tables in one import: for migrations and for making a fresh database in tests."""

from sqlmodel import SQLModel

from db import audit, batches, certificates, files, jobs, organizations, registration, scores, users

TABLES = (users, organizations, batches, registration, scores, certificates, files, jobs, audit)
METADATA = SQLModel.metadata
