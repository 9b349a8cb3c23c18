"""How long a test waits for what another process must do before it gives up: it decides nothing but that a run ends."""

from __future__ import annotations

HANG = 600  # seconds; an answer takes one or two, and on a busy machine it may take many
