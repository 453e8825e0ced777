"""What observations mean: parts, findings, security levels, gaps and their causes, for every framework at once."""
