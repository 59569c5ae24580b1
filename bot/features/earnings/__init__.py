"""Whether an earnings handoff is under way: growth and revisions in three forms, and a company's estimates."""
