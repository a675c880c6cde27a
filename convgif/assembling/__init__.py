"""The assembler: the frames of a figure become files of any format."""
