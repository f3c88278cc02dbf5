"""The pages of sellers and of the platform's operator."""
