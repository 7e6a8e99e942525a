"""The demo: the main job from a supplier's file to settled receivables and reports, played through real commands."""
