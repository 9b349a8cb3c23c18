"""``python -m policydsl``."""

from policydsl.cli import main

if __name__ == "__main__":
    main()
