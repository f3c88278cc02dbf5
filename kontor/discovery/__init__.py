"""What people leave behind while they look for goods: saved searches, watched products, questions to sellers; and where
old addresses of categories lead. Not the search itself, which stands below, and not the mails, which stand above."""
