"""Analyse: an Analysis looks at Segmentations and says what it found, as a Report whose every rule was checked."""
