"""Use cases of the trainee: rehearse, read the debrief, try again."""
