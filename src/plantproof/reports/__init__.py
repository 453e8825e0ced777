"""Who reads it: one view of an assessment, and one module a format. The other half is reports/ at the root."""
