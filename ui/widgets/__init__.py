"""Parts the screens are made of; each shows, none decides."""
