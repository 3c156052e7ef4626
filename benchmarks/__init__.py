"""Speed, as ratios: ``make bench`` or ``python -m benchmarks [name …]``. Nothing here is a test; machines differ."""
