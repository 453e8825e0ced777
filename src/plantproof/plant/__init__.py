"""Claims merged into one plant: population, freshness, zones, coverage, and the records derived from them."""
