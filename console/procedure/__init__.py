"""What is being done: the session from plan to probe out, pure. Time is passed in."""
