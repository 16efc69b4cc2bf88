"""`python -m flowrun`: the same as the command `flowrun`."""

from flowrun.cli import main

if __name__ == "__main__":
    main()
