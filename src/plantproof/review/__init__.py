"""Change review: what a change does to compliance, who must approve it, and what was adopted."""
