"""What happens when a process dies, or stops and wakes, between any two steps of a push?"""
