"""What is fast, and against what: `python -m benchmarks`."""
