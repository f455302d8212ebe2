"""Speed and causality, measured: `make bench`. Part of the repository, not of the product."""
