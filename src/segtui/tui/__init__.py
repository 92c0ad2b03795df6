"""The terminal app: screens and widgets, thin over the project."""
