"""What an operator does besides letting An Sinh run: backups, and looking a set-up over."""
