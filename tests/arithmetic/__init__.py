"""The tests of `convgif.arithmetic`, a file for each of its modules."""
