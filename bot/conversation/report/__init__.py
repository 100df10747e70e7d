"""The periodic report to the Standing Committee: its content once, and the files that show it."""
