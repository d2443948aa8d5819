"""``python -m scenedex``."""

from scenedex.cli import main

main()
