"""What stands round every screen: top bar, strip, steps, alarm history, keys of the screen."""
