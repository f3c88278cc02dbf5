"""Which tax a line bears: rates by country, category and date, and the treatment between two companies."""
