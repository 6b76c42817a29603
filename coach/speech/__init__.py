"""Offline speech both ways: lines become WAV files, recordings become text with word times."""
