"""When it changes: one module a screen, the live wire, the intake and who may see what."""
