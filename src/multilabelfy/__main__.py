"""`python -m multilabelfy` is the command line."""

from multilabelfy.cli.main import main

if __name__ == "__main__":
    main()
