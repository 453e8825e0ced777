"""Synthetic plants and what they are measured with."""
