"""One folder per screen: screen.py shows, presenter.py decides. Screens do not know each other."""
