"""The project document, and the Session that works on it; the only place that calls the rooms, each in its turn."""
