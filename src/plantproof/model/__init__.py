"""The vocabulary: frozen values without I/O. Imports nothing of ours but `errors`."""
