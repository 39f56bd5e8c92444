"""What every screen is made of: colours, sizes, words, buttons, pads, blocks of time."""
