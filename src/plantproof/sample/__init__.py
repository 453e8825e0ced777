"""The sample: the reference plants with a history, made anew by collecting their exports as they were."""
