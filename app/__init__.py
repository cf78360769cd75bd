"""What the business does; the floor between pages/ and db/."""

ORDER = (
    'users', 'organizations', 'personnel', 'premises', 'equipment', 'questions', 'bylaws', 'filing', 'assessment', 'batches', 'fees',
    'outside_sites', 'registration', 'seating', 'staffing', 'plans', 'tickets', 'theory', 'recording', 'incidents', 'practical', 'supervision', 'scores',
    'complaints', 'certificates', 'archives', 'quality', 'dashboard',
)  # the functions in the order of an evaluation's life; a function imports earlier ones only (tests/test_floors.py)
