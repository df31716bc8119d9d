"""The settings page of Amazon Polly: the account, the region, a check, the account's voices, what was spent.

Nothing here asks for keys or calls Amazon before the user wishes it, or has chosen one of its voices. What may take a
while is asked through `Bridge.ask`, so that the window never waits.
"""
