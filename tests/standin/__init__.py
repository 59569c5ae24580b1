"""Discord, pretended: its REST and its gateway, in a process of their own."""

API = "/api/v10"
