"""What `make` runs: building the environments, training, starting and stopping the processes."""
