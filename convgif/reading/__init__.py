"""Layers read from where people have them: modules of frameworks, files of models, lines of code."""
