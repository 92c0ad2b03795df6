"""What workers do for the Session: each public function is a job, handed over by name, and calls the rooms in turn."""
