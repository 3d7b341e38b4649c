"""The time machine: any past moment as the same fold over the archived streams, for one viewer alone."""
