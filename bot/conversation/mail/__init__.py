"""Mail: messages of channels that acknowledge first and answer later, kept until they are dealt with."""
