"""What a customer and a seller agreed on for a time: contracts, project prices, and how much is used."""
