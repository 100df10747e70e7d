"""The officers' console: pages for those who keep the assistant's knowledge current and answer citizens."""
