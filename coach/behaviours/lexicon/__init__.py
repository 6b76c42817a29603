"""Phrase lists of the reader: one file per language, edited by people who know the call floor."""
