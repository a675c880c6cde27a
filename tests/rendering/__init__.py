"""Tests of the pixels."""
