"""Settings of all tests: property tests try the same examples each time, and a busy machine fails none."""

from hypothesis import HealthCheck, settings

settings.register_profile("presskeep", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("presskeep")
