"""What the operator does with the platform as a whole: backup, restore, the export of an organisation that leaves."""
