"""Which steps led to today's tables, in order?"""
