<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en">
<context>
    <name>reader</name>
    <message numerus="yes">
        <source>{sentence} This happened %n more times in the last minute.</source>
        <translation>
            <numerusform>{sentence} This happened once more in the last minute.</numerusform>
            <numerusform>{sentence} This happened %n more times in the last minute.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{file}, {problem} %n more line(s) can&apos;t be used.</source>
        <translation>
            <numerusform>{file}, {problem} %n more line can&apos;t be used.</numerusform>
            <numerusform>{file}, {problem} %n more lines can&apos;t be used.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Added. %n text(s) in the queue.</source>
        <translation>
            <numerusform>Added. %n text in the queue.</numerusform>
            <numerusform>Added. %n texts in the queue.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Reading stops in %n minute(s).</source>
        <translation>
            <numerusform>Reading stops in %n minute.</numerusform>
            <numerusform>Reading stops in %n minutes.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n words a minute</source>
        <translation>
            <numerusform>%n word a minute</numerusform>
            <numerusform>%n words a minute</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The list is full: it has %n entries. Remove some first.</source>
        <translation>
            <numerusform>The list is full: it has %n entry. Remove it first.</numerusform>
            <numerusform>The list is full: it has %n entries. Remove some first.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The list is full: it has %n expressions. Remove some first.</source>
        <translation>
            <numerusform>The list is full: it has %n expression. Remove it first.</numerusform>
            <numerusform>The list is full: it has %n expressions. Remove some first.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The SSML is too long: the limit is %Ln characters.</source>
        <translation>
            <numerusform>The SSML is too long: the limit is one character.</numerusform>
            <numerusform>The SSML is too long: the limit is %Ln characters.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The SSML has too much text: the limit is %Ln characters without markup.</source>
        <translation>
            <numerusform>The SSML has too much text: the limit is one character without markup.</numerusform>
            <numerusform>The SSML has too much text: the limit is %Ln characters without markup.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui</name>
    <message numerus="yes">
        <source>%n words a minute</source>
        <translation>
            <numerusform>%n word a minute</numerusform>
            <numerusform>%n words a minute</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>In %n minute(s)</source>
        <translation>
            <numerusform>In %n minute</numerusform>
            <numerusform>In %n minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Spee&amp;d: %n words a minute</source>
        <translation>
            <numerusform>Spee&amp;d: %n word a minute</numerusform>
            <numerusform>Spee&amp;d: %n words a minute</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{factor}× (about %n words a minute)</source>
        <translation>
            <numerusform>{factor}× (about %n word a minute)</numerusform>
            <numerusform>{factor}× (about %n words a minute)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n found</numerusform>
            <numerusform>%n found</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Reset these %n setting(s)?</source>
        <translation>
            <numerusform>Reset this setting?</numerusform>
            <numerusform>Reset these %n settings?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>A voice says a sentence of about %n character(s), which Amazon bills; the rest is free.</source>
        <translation>
            <numerusform>A voice says a sentence of about %n character, which Amazon bills; the rest is free.</numerusform>
            <numerusform>A voice says a sentence of about %n characters, which Amazon bills; the rest is free.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>3. A voice: {voice} spoke %n character(s).</source>
        <translation>
            <numerusform>3. A voice: {voice} spoke %n character.</numerusform>
            <numerusform>3. A voice: {voice} spoke %n characters.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Amazon has billed %Ln character(s).</source>
        <translation>
            <numerusform>Amazon has billed %Ln character.</numerusform>
            <numerusform>Amazon has billed %Ln characters.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Up to %Ln more character(s) were sent for readings that you stopped. Amazon does not say how many of these it bills.</source>
        <translation>
            <numerusform>Up to %Ln more character was sent for readings that you stopped. Amazon does not say whether it bills this one.</numerusform>
            <numerusform>Up to %Ln more characters were sent for readings that you stopped. Amazon does not say how many of these it bills.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln character(s) are left of the monthly limit.</source>
        <translation>
            <numerusform>%Ln character is left of the monthly limit.</numerusform>
            <numerusform>%Ln characters are left of the monthly limit.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n voice(s) listed.</source>
        <translation>
            <numerusform>%n voice listed.</numerusform>
            <numerusform>%n voices listed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n voice(s) found.</source>
        <translation>
            <numerusform>%n voice found.</numerusform>
            <numerusform>%n voices found.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Spoken: about %n character(s), which Amazon bills.</source>
        <translation>
            <numerusform>Spoken: about %n character, which Amazon bills.</numerusform>
            <numerusform>Spoken: about %n characters, which Amazon bills.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n text(s) forgotten. Bookmarks stay.</source>
        <translation>
            <numerusform>%n text forgotten. Bookmarks stay.</numerusform>
            <numerusform>%n texts forgotten. Bookmarks stay.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) found</source>
        <translation>
            <numerusform>%n setting found</numerusform>
            <numerusform>%n settings found</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n word(s) imported.</source>
        <translation>
            <numerusform>%n word imported.</numerusform>
            <numerusform>%n words imported.</numerusform>
        </translation>
    </message>
</context>
</TS>
