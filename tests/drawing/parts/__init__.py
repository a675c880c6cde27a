"""Tests of the parts that views are composed of."""
