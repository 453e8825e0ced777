"""Does it hold: policies in Rego, what they may see, the engines that evaluate them, and their tests."""
