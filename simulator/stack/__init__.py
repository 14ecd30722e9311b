"""How does the whole product run on one machine? Its processes, a Redis and the simulator, kept alive."""
