"""Property tests draw the same examples in every run, so that a red run can be repeated.

HYPOTHESIS_PROFILE=random draws new ones.
"""

import os

from hypothesis import settings

settings.register_profile("fixed", derandomize=True)
settings.register_profile("random", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))
