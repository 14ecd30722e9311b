"""What does whoever runs the product see and do? Metrics, logs, warm stops."""
