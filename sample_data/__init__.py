"""A seeded help desk with planted truths: ``python -m sample_data.generate --help``."""
