"""Notifications: what to say, by which channel, and delivery that outlives crashes."""
