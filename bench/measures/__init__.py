"""Which figures does `make bench` take? One file a question; each measures on a stack of its own."""
