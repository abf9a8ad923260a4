"""The review screen: what the machine said, what people decided, and what is left to do."""
