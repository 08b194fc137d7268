"""What the tables show, read page by page."""
