"""Trains the block model of ``extractors/model`` from public page sets: ``python -m tests.benchmarks.train --help``."""
