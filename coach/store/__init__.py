"""Where rehearsals, people and scenario versions are kept. Rows never leave this package; values do."""
