"""Rubric packs: reading them from YAML, checking them, and rating calls by them."""
