"""How it looks: one module a screen, state in, components or props out. No I/O and no clock in here."""
