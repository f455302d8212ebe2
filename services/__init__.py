"""Use cases behind the API: what the product does when a person asks."""
