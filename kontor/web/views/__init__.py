"""Pages that belong to no office: errors and the living page of components."""
