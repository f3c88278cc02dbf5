"""The buyer's pages: find, compare, collect, ask, order, follow, return."""
