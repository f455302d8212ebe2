"""Programs around the product: set-up, replay, screenshots."""
