"""What we know: records, rules, numbers, the journal. No web and no network source in here."""
