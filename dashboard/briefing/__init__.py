"""The weekly briefing: what a week was like, by figures that each say what they are made of."""
