"""What does the settings page show and do? Tests in a real browser against a scripted server."""
