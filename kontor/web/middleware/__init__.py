"""What happens around every request, one light function each, in the order of `settings.MIDDLEWARE`."""
