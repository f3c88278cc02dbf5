"""Journeys of people through the running product in a real Chromium: web and worker as `kontor up` starts them."""
