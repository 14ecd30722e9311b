"""What is right? Money, mapping, locks and decisions: pure, no clock, no I/O, nothing of ours imported."""
