"""How pictures look: themes, frames, shared marks, and drawing to PNG."""
