"""Scenarios: loading and checking the files, the dialogue engine, play-tests."""
