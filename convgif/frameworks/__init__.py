"""Layers in the words of deep learning frameworks: what each calls a layer, its arguments and their defaults."""
