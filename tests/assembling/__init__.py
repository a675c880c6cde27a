"""The tests of `convgif.assembling`, a file for each of its modules."""
