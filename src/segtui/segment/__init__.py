"""Segment: a method fits, its output is checked, segments are named; saved models are loaded and applied."""
