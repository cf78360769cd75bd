"""What is kept: tables, sessions, migrations; the lowest floor."""
