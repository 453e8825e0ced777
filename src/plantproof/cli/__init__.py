"""The command line: one module a verb. Each parses, calls one function, prints, returns its exit code."""
