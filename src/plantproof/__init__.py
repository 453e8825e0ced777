"""Compliance as code for plants where IT and OT meet."""

__version__ = "0.1.0"
