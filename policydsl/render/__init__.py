"""Verdicts as text and as JSON. Rendering reads verdicts and knows nothing of how they were reached."""
