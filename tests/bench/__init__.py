"""The figures of the product, measured with real processes and a real browser: `python -m tests.bench`.

Nothing here is a test: a machine is noisy, so a missed figure is printed and does not fail. Every process
that is started here ends here; everything is printed, nothing is kept.
"""
