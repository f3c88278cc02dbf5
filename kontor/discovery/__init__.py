"""What people leave behind while they look for goods: saved searches, watched products, questions to sellers; where old
addresses of categories lead; and what the page of a product tells. Not the search itself, which stands below, and not
the mails, which stand above."""
