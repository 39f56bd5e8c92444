"""What comes in, at the one place where it enters: files, words, addresses of ports. Each is read
within limits, checked, and refused in one line. Knows nothing of the product; pure but for `files`.
"""
