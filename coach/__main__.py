"""`python -m coach`."""

from coach.bootstrap import main

main()
