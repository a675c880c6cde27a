"""The tests of `convgif.pages`."""
