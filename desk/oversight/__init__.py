"""What a supervisor and an inspector ask: how far duties are met, what failed, and the proof of one outage."""
