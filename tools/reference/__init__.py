"""The pages of docs/reference that are made from the code and the content, one module a subject."""
