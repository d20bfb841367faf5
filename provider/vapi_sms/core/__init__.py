"""The pure core: values, handlers, captures, goals and plans.

Nothing here reads a clock, the environment, a network or a vendor's library, so everything here can be tested with
two values in and one value out.
"""
