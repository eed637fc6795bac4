"""How long the work takes and how much memory, each beside a named peer measured in the same run."""
