"""`python -m convgif` is the `convgif` command."""

from convgif.cli.commands import main

if __name__ == "__main__":
    main()
