"""Settlement: cash set against receivables, reserves released, what is late chased, what is lost written off."""
