"""Public employment-service offices and other prescribers of inclusion: places where a person who looks for work is received."""
