"""Record closes: when a fund or an index last closed above everything before, and how far it is from there."""
