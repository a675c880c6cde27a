"""Pages and snippets."""
