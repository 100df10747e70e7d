"""What channels share that acknowledge a message at once and push the answer afterwards."""
