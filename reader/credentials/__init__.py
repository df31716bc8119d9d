"""Whose AWS account speaks, and where its keys are kept. The only room that sees them come and go.

Everything that can be slow, hang or ask a person (botocore's files and services, the programs that profiles
name, the system's keyring) is done by a child process that lives for one question and is ended at its time
limit. Keys travel over its pipe and nowhere else: not the log, the settings, an error or a command line.

Who is asked, the first that answers wins; one that has something which can't be used ends the search, so that
nobody speaks at the cost of another account than the one he meant:
  1. the profile that Harken's settings name (`polly.profile`), and then only this one, as botocore has it
  2. the environment: AWS_ACCESS_KEY_ID and what goes with it
  3. Harken's own keys in the keyring, unless the environment names a profile: whoever starts Harken with
     AWS_PROFILE means that profile now, whoever gave Harken keys means them before the files of other programs
  4. the rest of botocore's chain: the profile's role, sign-in, keys or program, container, instance metadata
Where `polly.source` names the environment or the keyring, it is asked alone.
"""
