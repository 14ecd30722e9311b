"""What does a person see in a real browser, over the real stack?"""
