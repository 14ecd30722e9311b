"""Do our clients and the simulator speak as the official descriptions say?"""
