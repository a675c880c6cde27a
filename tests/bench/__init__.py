"""Speed, size and memory, measured in one run: `make bench`."""
