"""`python -m console` is the command `cryoprobe`."""

from console.cli import main

if __name__ == "__main__":
    main()
