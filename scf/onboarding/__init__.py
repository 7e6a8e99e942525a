"""Onboarding: a party's dossier from its application to the periodic review, and who may read it."""
