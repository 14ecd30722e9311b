"""Does the running product do what it promises? HTTP in, state out: real workers, a real Redis, the simulator."""
