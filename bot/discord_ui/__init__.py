"""Everything that speaks Discord: cards, controls, parameters, errors."""
