"""The composition root: the only place that creates concrete things and joins them.

``build`` joins every protocol; ``services`` alone is what the command line needs.
"""
