"""The steps of a recipe, one file for each kind of work."""
