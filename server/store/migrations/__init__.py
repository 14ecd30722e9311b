"""How did the tables come to be? Alembic's environment and versions."""
