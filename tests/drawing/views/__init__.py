"""Tests of the views: what each draws is what the layer computes."""
