"""The page Pronunciation: the latest sentences heard, the fields of an entry, and the list of all entries."""
