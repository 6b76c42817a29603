"""Use cases of mentors and QA."""
