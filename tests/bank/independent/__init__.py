"""Keys and known wrong answers worked out again from what is printed, with nothing of the maker's own arithmetic."""
