"""A bad day, repeatable by its seed: seats, workers and imports at work while everything around them fails."""
