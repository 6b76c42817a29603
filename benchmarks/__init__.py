"""Measurements of speed: `python -m benchmarks`. docs/benchmarks.md explains the lines."""
