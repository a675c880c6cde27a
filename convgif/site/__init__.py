"""Pages and snippets: figures where people look at them, and where people write."""
