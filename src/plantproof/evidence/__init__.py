"""What is so: exports of other people's tools, kept in git with custody, and read back as claims."""
