"""What people see; the upper floor."""
