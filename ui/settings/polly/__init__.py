"""The settings page for Amazon Polly: the account, the region, a check, the account's voices, what was spent.

Nothing here asks for keys or calls Amazon until the user wants that, or has chosen one of its voices. What may take a
while goes through `Bridge.ask`, so that the window never waits.
"""
