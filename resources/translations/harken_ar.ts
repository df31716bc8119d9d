<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ar_EG" sourcelanguage="en">
<context>
    <name>settings</name>
    <message>
        <source>Voice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The voice for everything it can say. Automatic: by the text&apos;s language.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 is the voice&apos;s own speed, about 175 words a minute.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language of all texts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic: found for each part of a text.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language of short texts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For texts too short to tell their language.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When a voice fails, another one reads on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Otherwise Harken says what happened and waits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Voice that reads on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When the chosen one can&apos;t. Automatic: the best one on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With nothing selected, read the focused text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the caret&apos;s paragraph on; or the focused control is described.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With nothing else to read, read the clipboard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was copied last.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read new selections automatically</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each one as soon as it is made, without a key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remember the last twenty readings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Until Harken ends, to read them again. They are never written to a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say aloud why nothing is read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Otherwise it is shown only. Where a screen reader runs, that says it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A tone when reading pauses and goes on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Low for the pause, high for going on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A tone when a text has been read to its end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>So that a long pause is not taken for the end.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say a new speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When it is changed while nothing is read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask all programs to report their focused text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turns the desktop&apos;s accessibility on while Harken runs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read what is selected; again: stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the focused text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the clipboard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause, and go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next sentence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous sentence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This sentence again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Faster</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slower</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Louder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quieter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Esc stops, while something is read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At other times Esc belongs to the program in front.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Media keys and headset buttons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play, pause, next and previous work while something is read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Output device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic: the system&apos;s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Harken&apos;s own, beside the system&apos;s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other programs&apos; volume while reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>100: they stay as loud as they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the output awake after speech</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For headsets that swallow the first word after a silence.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AWS profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic: the account is found as AWS&apos;s own programs find it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the voices are computed. Automatic: the profile&apos;s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sound format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is sent over the network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PCM, heard first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MP3, fuller sound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ogg Vorbis, fuller sound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lexicons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names of the account&apos;s pronunciation lexicons, up to five, with commas.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Monthly limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>After so many characters a voice on this computer reads. 0: no limit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>characters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start at login</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Harken is in the tray when the desktop is there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the screen from locking during a reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>So that a long text is not cut off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language of Harken&apos;s windows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Holds when Harken is started again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light on dark, or dark on light.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for a new version once a week</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Harken tells you and installs nothing.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
