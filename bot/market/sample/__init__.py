"""The bundled sample: recorded data up to one day, for the demo and the tests."""
