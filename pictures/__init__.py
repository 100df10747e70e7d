"""Takes the pictures of the guides and of the README from a running An Sinh."""
