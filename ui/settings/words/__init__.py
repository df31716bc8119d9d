"""The page Pronunciation: the sentences heard last, the fields of an entry, and the list of all of them."""
