"""Which AWS account is used, and where its keys are kept. No other package looks for, stores or removes them.

Everything that can be slow, hang or ask a person (botocore's files and services, the programs that profiles name, the
system's keyring) is done by a child process, which answers one question and is killed at its time limit. Keys travel
over its pipe and nowhere else: not in the log, the settings, an error or a command line.

These sources are searched, and the first with keys wins. A source with unusable contents ends the search, so that
speech is never billed to an account the user did not intend:

  1. the profile that Harken's settings name (`polly.profile`), and then only this one, as botocore reads it
  2. the environment: AWS_ACCESS_KEY_ID and the variables that go with it
  3. Harken's own keys in the keyring, unless the environment names a profile: a user who starts Harken with AWS_PROFILE
     means that profile; a user who gave Harken keys means them before the files of other programs
  4. the rest of botocore's chain: the profile's role, sign-in, keys or program, container, instance metadata

If `polly.source` names the environment or the keyring, only that one is searched.
"""
