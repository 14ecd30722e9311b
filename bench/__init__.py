"""What is measured and checked from outside? Smoke run, packing, and the browser they need."""
