"""Who leads: small caps against large caps, their returns, relative strength and its regime."""
