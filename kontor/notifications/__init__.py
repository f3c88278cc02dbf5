"""Which event tells whom, by which channel, in which language: mails with their text and HTML, and people's choices."""
