"""A run of the training: trains a model on what reviewers taught, and puts it side by side with the one in use."""
