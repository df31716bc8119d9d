<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>controls</name>
    <message>
        <source>{before}, {behind}</source>
        <translation>{before}, {behind}</translation>
    </message>
    <message>
        <source>{number}%</source>
        <translation>{number} %</translation>
    </message>
    <message>
        <source>row {row}, column {column}</source>
        <translation>Zeile {row}, Spalte {column}</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{number} von {count}</translation>
    </message>
    <message>
        <source>level {level}</source>
        <translation>Ebene {level}</translation>
    </message>
    <message>
        <source>unavailable</source>
        <translation>nicht verfügbar</translation>
    </message>
    <message>
        <source>alert</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>check box</source>
        <translation>Kontrollkästchen</translation>
    </message>
    <message>
        <source>menu item</source>
        <translation>Menüeintrag</translation>
    </message>
    <message>
        <source>column header</source>
        <translation>Spaltenüberschrift</translation>
    </message>
    <message>
        <source>drop-down list</source>
        <translation>Auswahlliste</translation>
    </message>
    <message>
        <source>dial</source>
        <translation>Drehregler</translation>
    </message>
    <message>
        <source>dialog</source>
        <translation>Dialog</translation>
    </message>
    <message>
        <source>window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>icon</source>
        <translation>Symbol</translation>
    </message>
    <message>
        <source>image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>list</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>list item</source>
        <translation>Listeneintrag</translation>
    </message>
    <message>
        <source>menu</source>
        <translation>Menü</translation>
    </message>
    <message>
        <source>menu bar</source>
        <translation>Menüleiste</translation>
    </message>
    <message>
        <source>tab</source>
        <translation>Registerkarte</translation>
    </message>
    <message>
        <source>password field</source>
        <translation>Passwortfeld</translation>
    </message>
    <message>
        <source>progress bar</source>
        <translation>Fortschrittsbalken</translation>
    </message>
    <message>
        <source>button</source>
        <translation>Schaltfläche</translation>
    </message>
    <message>
        <source>radio button</source>
        <translation>Optionsfeld</translation>
    </message>
    <message>
        <source>row header</source>
        <translation>Zeilenüberschrift</translation>
    </message>
    <message>
        <source>scroll bar</source>
        <translation>Bildlaufleiste</translation>
    </message>
    <message>
        <source>slider</source>
        <translation>Schieberegler</translation>
    </message>
    <message>
        <source>number field</source>
        <translation>Zahlenfeld</translation>
    </message>
    <message>
        <source>table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>cell</source>
        <translation>Zelle</translation>
    </message>
    <message>
        <source>terminal</source>
        <translation>Terminal</translation>
    </message>
    <message>
        <source>text field</source>
        <translation>Textfeld</translation>
    </message>
    <message>
        <source>toggle button</source>
        <translation>Umschalter</translation>
    </message>
    <message>
        <source>tree</source>
        <translation>Baum</translation>
    </message>
    <message>
        <source>heading</source>
        <translation>Überschrift</translation>
    </message>
    <message>
        <source>link</source>
        <translation>Link</translation>
    </message>
    <message>
        <source>tree item</source>
        <translation>Eintrag im Baum</translation>
    </message>
    <message>
        <source>web page</source>
        <translation>Webseite</translation>
    </message>
    <message>
        <source>level bar</source>
        <translation>Pegelanzeige</translation>
    </message>
    <message>
        <source>switch</source>
        <translation>Schalter</translation>
    </message>
    <message>
        <source>checked</source>
        <translation>aktiviert</translation>
    </message>
    <message>
        <source>not checked</source>
        <translation>nicht aktiviert</translation>
    </message>
    <message>
        <source>selected</source>
        <translation>ausgewählt</translation>
    </message>
    <message>
        <source>not selected</source>
        <translation>nicht ausgewählt</translation>
    </message>
    <message>
        <source>pressed</source>
        <translation>gedrückt</translation>
    </message>
    <message>
        <source>not pressed</source>
        <translation>nicht gedrückt</translation>
    </message>
    <message>
        <source>on</source>
        <translation>ein</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>partially checked</source>
        <translation>teilweise aktiviert</translation>
    </message>
    <message>
        <source>expanded</source>
        <translation>aufgeklappt</translation>
    </message>
    <message>
        <source>collapsed</source>
        <translation>zugeklappt</translation>
    </message>
    <message>
        <source>visited</source>
        <translation>besucht</translation>
    </message>
    <message>
        <source>read-only</source>
        <translation>schreibgeschützt</translation>
    </message>
    <message>
        <source>required</source>
        <translation>erforderlich</translation>
    </message>
    <message>
        <source>not valid</source>
        <translation>ungültig</translation>
    </message>
    <message>
        <source>busy</source>
        <translation>beschäftigt</translation>
    </message>
</context>
<context>
    <name>languages</name>
    <message>
        <source>Arabic</source>
        <translation>Arabisch</translation>
    </message>
    <message>
        <source>Bulgarian</source>
        <translation>Bulgarisch</translation>
    </message>
    <message>
        <source>Bengali</source>
        <translation>Bengalisch</translation>
    </message>
    <message>
        <source>Catalan</source>
        <translation>Katalanisch</translation>
    </message>
    <message>
        <source>Czech</source>
        <translation>Tschechisch</translation>
    </message>
    <message>
        <source>Danish</source>
        <translation>Dänisch</translation>
    </message>
    <message>
        <source>German</source>
        <translation>Deutsch</translation>
    </message>
    <message>
        <source>Greek</source>
        <translation>Griechisch</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Englisch</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Spanisch</translation>
    </message>
    <message>
        <source>Persian</source>
        <translation>Persisch</translation>
    </message>
    <message>
        <source>Finnish</source>
        <translation>Finnisch</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Französisch</translation>
    </message>
    <message>
        <source>Gujarati</source>
        <translation>Gujarati</translation>
    </message>
    <message>
        <source>Hebrew</source>
        <translation>Hebräisch</translation>
    </message>
    <message>
        <source>Hindi</source>
        <translation>Hindi</translation>
    </message>
    <message>
        <source>Croatian</source>
        <translation>Kroatisch</translation>
    </message>
    <message>
        <source>Hungarian</source>
        <translation>Ungarisch</translation>
    </message>
    <message>
        <source>Indonesian</source>
        <translation>Indonesisch</translation>
    </message>
    <message>
        <source>Italian</source>
        <translation>Italienisch</translation>
    </message>
    <message>
        <source>Japanese</source>
        <translation>Japanisch</translation>
    </message>
    <message>
        <source>Kannada</source>
        <translation>Kannada</translation>
    </message>
    <message>
        <source>Korean</source>
        <translation>Koreanisch</translation>
    </message>
    <message>
        <source>Malayalam</source>
        <translation>Malayalam</translation>
    </message>
    <message>
        <source>Marathi</source>
        <translation>Marathi</translation>
    </message>
    <message>
        <source>Norwegian</source>
        <translation>Norwegisch</translation>
    </message>
    <message>
        <source>Dutch</source>
        <translation>Niederländisch</translation>
    </message>
    <message>
        <source>Punjabi</source>
        <translation>Panjabi</translation>
    </message>
    <message>
        <source>Polish</source>
        <translation>Polnisch</translation>
    </message>
    <message>
        <source>Portuguese</source>
        <translation>Portugiesisch</translation>
    </message>
    <message>
        <source>Romanian</source>
        <translation>Rumänisch</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>Russisch</translation>
    </message>
    <message>
        <source>Slovak</source>
        <translation>Slowakisch</translation>
    </message>
    <message>
        <source>Serbian</source>
        <translation>Serbisch</translation>
    </message>
    <message>
        <source>Swedish</source>
        <translation>Schwedisch</translation>
    </message>
    <message>
        <source>Swahili</source>
        <translation>Suaheli</translation>
    </message>
    <message>
        <source>Tamil</source>
        <translation>Tamil</translation>
    </message>
    <message>
        <source>Telugu</source>
        <translation>Telugu</translation>
    </message>
    <message>
        <source>Thai</source>
        <translation>Thailändisch</translation>
    </message>
    <message>
        <source>Turkish</source>
        <translation>Türkisch</translation>
    </message>
    <message>
        <source>Ukrainian</source>
        <translation>Ukrainisch</translation>
    </message>
    <message>
        <source>Urdu</source>
        <translation>Urdu</translation>
    </message>
    <message>
        <source>Vietnamese</source>
        <translation>Vietnamesisch</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Chinesisch</translation>
    </message>
    <message>
        <source>America</source>
        <translation>Amerika</translation>
    </message>
    <message>
        <source>Belgium</source>
        <translation>Belgien</translation>
    </message>
    <message>
        <source>Brazil</source>
        <translation>Brasilien</translation>
    </message>
    <message>
        <source>France</source>
        <translation>Frankreich</translation>
    </message>
    <message>
        <source>Great Britain</source>
        <translation>Großbritannien</translation>
    </message>
    <message>
        <source>Latin America</source>
        <translation>Lateinamerika</translation>
    </message>
    <message>
        <source>Portugal</source>
        <translation>Portugal</translation>
    </message>
    <message>
        <source>Scotland</source>
        <translation>Schottland</translation>
    </message>
    <message>
        <source>Spain</source>
        <translation>Spanien</translation>
    </message>
    <message>
        <source>Switzerland</source>
        <translation>Schweiz</translation>
    </message>
</context>
<context>
    <name>reader</name>
    <message>
        <source>There is no desktop to read from.</source>
        <translation>Es gibt keine Arbeitsumgebung, aus der vorgelesen werden kann.</translation>
    </message>
    <message>
        <source>Harken no longer remembers this text. “harken history” lists the ones it does.</source>
        <translation>Dieser Text ist nicht mehr gespeichert. „harken history“ zeigt die gespeicherten Texte.</translation>
    </message>
    <message>
        <source>Harken is running. Select text and press {key}.</source>
        <translation>Harken läuft. Markieren Sie einen Text und drücken Sie {key}.</translation>
    </message>
    <message>
        <source>Harken is running. Select text and choose “Read selection”.</source>
        <translation>Harken läuft. Markieren Sie einen Text und wählen Sie „Markiertes lesen“.</translation>
    </message>
    <message>
        <source>No voice here speaks “{language}”. Another voice will read it.</source>
        <translation>Keine Stimme hier spricht „{language}“. Eine andere liest den Text.</translation>
    </message>
    <message>
        <source>There is no sound output “{name}” at the moment. Did you mean “{other}”?</source>
        <translation>Die Tonausgabe „{name}“ gibt es zurzeit nicht. Meinten Sie „{other}“?</translation>
    </message>
    <message>
        <source>There is no sound output “{name}” at the moment. Harken will use it when it is connected.</source>
        <translation>Die Tonausgabe „{name}“ gibt es zurzeit nicht. Sie wird verwendet, sobald sie angeschlossen ist.</translation>
    </message>
    <message>
        <source>There is no AWS profile “{name}” at the moment.</source>
        <translation>Das AWS-Profil „{name}“ gibt es zurzeit nicht.</translation>
    </message>
    <message>
        <source>There is no AWS profile “{name}” at the moment. Did you mean “{other}”?</source>
        <translation>Das AWS-Profil „{name}“ gibt es zurzeit nicht. Meinten Sie „{other}“?</translation>
    </message>
    <message>
        <source>As far as Harken knows, Amazon Polly is not available in “{name}”.</source>
        <translation>Soweit Harken weiß, gibt es Amazon Polly in „{name}“ nicht.</translation>
    </message>
    <message>
        <source>As far as Harken knows, Amazon Polly is not available in “{name}”. Did you mean “{other}”?</source>
        <translation>Soweit Harken weiß, gibt es Amazon Polly in „{name}“ nicht. Meinten Sie „{other}“?</translation>
    </message>
    <message>
        <source>{file} can&apos;t be written: {reason}.</source>
        <translation>{file} lässt sich nicht schreiben: {reason}.</translation>
    </message>
    <message>
        <source>The sound output “{missing}” is not available. Harken uses {used} instead.</source>
        <translation>Die Tonausgabe „{missing}“ ist nicht verfügbar. Harken verwendet stattdessen {used}.</translation>
    </message>
    <message>
        <source>The sound was lost but is back ({device}). Reading continues.</source>
        <translation>Der Ton war unterbrochen und ist wieder da ({device}). Es wird weitergelesen.</translation>
    </message>
    <message>
        <source>The sound system is not responding.</source>
        <translation>Das Audiosystem antwortet nicht.</translation>
    </message>
    <message>
        <source>The sound system is not responding. Harken will try again.</source>
        <translation>Das Audiosystem antwortet nicht. Harken versucht es noch einmal.</translation>
    </message>
    <message>
        <source>There is no sound output. Connect speakers or headphones, or start the sound system.</source>
        <translation>Es gibt keine Tonausgabe. Schließen Sie Lautsprecher oder Kopfhörer an, oder starten Sie das Audiosystem.</translation>
    </message>
    <message>
        <source>The program in front is not responding. Wait a moment, then press the key again.</source>
        <translation>Das Programm im Vordergrund antwortet nicht. Warten Sie einen Augenblick und drücken Sie die Taste noch einmal.</translation>
    </message>
    <message>
        <source>There is no text to read here.</source>
        <translation>Hier gibt es keinen Text zum Vorlesen.</translation>
    </message>
    <message>
        <source>This is a password field. Harken does not read passwords aloud.</source>
        <translation>Das ist ein Passwortfeld. Harken liest keine Passwörter vor.</translation>
    </message>
    <message>
        <source>Nothing is selected. Select some text and press the key again.</source>
        <translation>Es ist nichts markiert. Markieren Sie einen Text und drücken Sie die Taste noch einmal.</translation>
    </message>
    <message>
        <source>Harken can&apos;t see selections on this desktop yet. Use “harken speak” instead.</source>
        <translation>Harken kann in dieser Arbeitsumgebung noch nicht sehen, was markiert ist. Verwenden Sie stattdessen „harken speak“.</translation>
    </message>
    <message>
        <source>Harken can&apos;t see the focused text on this desktop. Select text instead.</source>
        <translation>Harken kann in dieser Arbeitsumgebung den Text mit dem Fokus nicht sehen. Markieren Sie stattdessen einen Text.</translation>
    </message>
    <message>
        <source>The connection to the display was lost. Start Harken again.</source>
        <translation>Die Verbindung zum Anzeigeserver ist abgerissen. Starten Sie Harken neu.</translation>
    </message>
    <message>
        <source>The clipboard is empty.</source>
        <translation>Die Zwischenablage ist leer.</translation>
    </message>
    <message>
        <source>Nothing is selected.</source>
        <translation>Es ist nichts markiert.</translation>
    </message>
    <message>
        <source>Harken could not get the selection. Press the key again.</source>
        <translation>Harken hat die Markierung nicht bekommen. Drücken Sie die Taste noch einmal.</translation>
    </message>
    <message>
        <source>The program that has the text is not responding. Wait a moment, then press the key again.</source>
        <translation>Das Programm mit dem Text antwortet nicht. Warten Sie einen Augenblick und drücken Sie die Taste noch einmal.</translation>
    </message>
    <message>
        <source>The program that had the text has closed.</source>
        <translation>Das Programm mit dem Text wurde geschlossen.</translation>
    </message>
    <message>
        <source>The selection is not text.</source>
        <translation>Was markiert ist, ist kein Text.</translation>
    </message>
    <message>
        <source>The sound library on this computer can&apos;t write {format} files. Use .wav instead.</source>
        <translation>Die Tonbibliothek dieses Computers kann keine {format}-Dateien schreiben. Nehmen Sie stattdessen .wav.</translation>
    </message>
    <message>
        <source>The program has closed this text. Harken reads only the part it already has.</source>
        <translation>Das Programm hat seinen Text geschlossen. Harken liest nur den Teil, den es schon hat.</translation>
    </message>
    <message>
        <source>Harken does not press Ctrl+C in a terminal, because that could end what is running there. Copy the text, then choose “Read clipboard”.</source>
        <translation>In einem Terminal drückt Harken nicht Strg+C, weil das beenden könnte, was dort läuft. Kopieren Sie den Text und wählen Sie dann „Zwischenablage lesen“.</translation>
    </message>
    <message>
        <source>Copying the selection would have overwritten what is on the clipboard, so Harken did not copy it. Copy it yourself, then choose “Read clipboard”.</source>
        <translation>Was in der Zwischenablage ist, ließe sich nicht zurücklegen, deshalb hat Harken die Markierung nicht kopiert. Kopieren Sie den Text selbst und wählen Sie dann „Zwischenablage lesen“.</translation>
    </message>
    <message>
        <source>Another program is using the clipboard. Press the key again.</source>
        <translation>Ein anderes Programm benutzt gerade die Zwischenablage. Drücken Sie die Taste noch einmal.</translation>
    </message>
    <message>
        <source>Harken can&apos;t say what gets the focus: this session has no accessibility service. Install at-spi2-core.</source>
        <translation>Harken kann nicht ansagen, was den Fokus bekommt: Diese Sitzung hat keinen Dienst für Barrierefreiheit. Installieren Sie at-spi2-core.</translation>
    </message>
    <message>
        <source>Harken can&apos;t say what the pointer rests on: this session has no accessibility service, or no X server.</source>
        <translation>Harken kann nicht ansagen, worauf der Mauszeiger ruht: Diese Sitzung hat keinen Dienst für Barrierefreiheit oder keinen X-Server.</translation>
    </message>
    <message>
        <source>Harken can&apos;t say what the pointer rests on: on Wayland, programs can&apos;t see where the pointer is.</source>
        <translation>Harken kann nicht ansagen, worauf der Mauszeiger ruht: Unter Wayland sehen Programme nicht, wo er ist.</translation>
    </message>
    <message>
        <source>Harken can&apos;t follow the focus or the pointer on this system yet.</source>
        <translation>Auf diesem System kann Harken dem Fokus und dem Mauszeiger noch nicht folgen.</translation>
    </message>
    <message>
        <source>This is a password. Harken does not read passwords aloud.</source>
        <translation>Das ist ein Passwort. Harken liest keine Passwörter vor.</translation>
    </message>
    <message>
        <source>This program reports its text only when accessibility is on. Turn on “{setting}” in Harken&apos;s settings. If that is not enough, restart the program.</source>
        <translation>Dieses Programm gibt seinen Text nur heraus, wenn die Barrierefreiheit eingeschaltet ist. Schalten Sie in Harkens Einstellungen „{setting}“ ein. Genügt das nicht, starten Sie das Programm neu.</translation>
    </message>
    <message>
        <source>This program was started before accessibility was turned on. Restart it, then press the key again.</source>
        <translation>Dieses Programm lief schon, bevor die Barrierefreiheit eingeschaltet wurde. Starten Sie es neu, und drücken Sie die Taste noch einmal.</translation>
    </message>
    <message>
        <source>This program reports its pages only if you start it with --force-renderer-accessibility.</source>
        <translation>Dieses Programm gibt seine Seiten nur heraus, wenn Sie es mit --force-renderer-accessibility starten.</translation>
    </message>
    <message>
        <source>The program in front does not report its text. Firefox and some others do once you turn on “{setting}” in Harken&apos;s settings and restart them.</source>
        <translation>Das Programm im Vordergrund gibt seinen Text nicht heraus. Firefox und einige andere tun es, sobald Sie in Harkens Einstellungen „{setting}“ eingeschaltet und sie neu gestartet haben.</translation>
    </message>
    <message>
        <source>Another key was pressed.</source>
        <translation>Es wurde eine andere Taste gedrückt.</translation>
    </message>
    <message>
        <source>This session has no accessibility service. Install at-spi2-core, then log out and in again.</source>
        <translation>Diese Sitzung hat keinen Dienst für Barrierefreiheit. Installieren Sie at-spi2-core, und melden Sie sich ab und wieder an.</translation>
    </message>
    <message>
        <source>Accessibility is on. Programs that are already open may not report their text until you restart them.</source>
        <translation>Die Barrierefreiheit ist eingeschaltet. Programme, die schon offen sind, geben ihren Text vielleicht erst nach einem Neustart heraus.</translation>
    </message>
    <message>
        <source>Accessibility is off. Programs you start from now on may not report their text.</source>
        <translation>Die Barrierefreiheit ist ausgeschaltet. Programme, die Sie ab jetzt starten, geben ihren Text vielleicht nicht heraus.</translation>
    </message>
    <message>
        <source>The desktop did not turn accessibility on. Turn it on in the desktop&apos;s settings.</source>
        <translation>Die Arbeitsumgebung hat die Barrierefreiheit nicht eingeschaltet. Schalten Sie sie in deren Einstellungen ein.</translation>
    </message>
    <message>
        <source>Accessibility stays on, because something other than Harken turned it on.</source>
        <translation>Die Barrierefreiheit bleibt eingeschaltet, weil nicht Harken sie eingeschaltet hat.</translation>
    </message>
    <message>
        <source>Your desktop is asking whether Harken may use keys. Allow it there to make them work.</source>
        <translation>Ihre Arbeitsumgebung fragt, ob Harken Tasten verwenden darf. Erlauben Sie es dort, damit sie funktionieren.</translation>
    </message>
    <message>
        <source>The key for “{command}” is now {key}.</source>
        <translation>Die Taste für „{command}“ ist jetzt {key}.</translation>
    </message>
    <message>
        <source>While a screen reader is running, Harken leaves this to it and reads nothing by itself.</source>
        <translation>Solange ein Screenreader läuft, überlässt Harken das ihm und liest nichts von selbst.</translation>
    </message>
    <message>
        <source>Continuing where you stopped. Open the file again to start from the beginning.</source>
        <translation>Es geht weiter, wo Sie aufgehört haben. Öffnen Sie die Datei noch einmal, um von vorn zu beginnen.</translation>
    </message>
    <message>
        <source>There is no text with this number. “harken recent” lists them all.</source>
        <translation>Es gibt keinen Text mit dieser Nummer. „harken recent“ zählt die vorhandenen auf.</translation>
    </message>
    <message>
        <source>There is no bookmark with this number. “harken bookmarks” lists them all.</source>
        <translation>Es gibt kein Lesezeichen mit dieser Nummer. „harken bookmarks“ zählt die vorhandenen auf.</translation>
    </message>
    <message>
        <source>Bookmark set.</source>
        <translation>Das Lesezeichen ist gesetzt.</translation>
    </message>
    <message>
        <source>Bookmark set, but only until Harken quits, because this text is not kept.</source>
        <translation>Das Lesezeichen gilt, bis Harken endet: Der Text selbst wird nicht gespeichert.</translation>
    </message>
    <message>
        <source>{file} has changed. Harken reads it from the beginning.</source>
        <translation>{file} wurde geändert. Harken liest die Datei von Anfang an.</translation>
    </message>
    <message>
        <source>This text was not kept. Have it read again to continue where you stopped.</source>
        <translation>Dieser Text wurde nicht gespeichert. Lassen Sie ihn noch einmal lesen, dann geht es an derselben Stelle weiter.</translation>
    </message>
    <message>
        <source>All voices for “{language}” have an unclear licence. Name the one you want, such as “{voice}”.</source>
        <translation>Für „{language}“ gibt es nur Stimmen, deren Lizenz nicht klar ist. Nennen Sie eine, etwa „{voice}“.</translation>
    </message>
    <message>
        <source>There is no voice “{voice}” to download. “harken voices available” lists them all.</source>
        <translation>Es gibt keine Stimme „{voice}“ zum Herunterladen. „harken voices available“ zeigt alle.</translation>
    </message>
    <message>
        <source>Stopped. If you download the voice again, Harken continues from there.</source>
        <translation>Angehalten. Harken macht dort weiter, wenn Sie die Stimme wieder herunterladen.</translation>
    </message>
    <message>
        <source>some of its lines can&apos;t be used</source>
        <translation>einige ihrer Zeilen sind nicht verwendbar</translation>
    </message>
    <message>
        <source>The sound is taking a while to start. Harken reads as soon as it is ready.</source>
        <translation>Der Ton braucht eine Weile zum Starten. Harken liest vor, sobald er bereit ist.</translation>
    </message>
    <message>
        <source>The program makes only part of this long document available. To hear all of it, select everything and read the selection, or open the file in Harken.</source>
        <translation>Das Programm stellt von diesem langen Dokument nur einen Teil bereit. Um alles zu hören, markieren Sie alles und lassen Sie die Markierung lesen, oder öffnen Sie die Datei in Harken.</translation>
    </message>
    <message>
        <source>macOS does not let Harken see other programs&apos; text yet. Choose “First steps” in Harken&apos;s menu and allow it there.</source>
        <translation>macOS lässt Harken den Text anderer Programme noch nicht sehen. Wählen Sie „Erste Schritte“ in Harkens Menü und erlauben Sie es dort.</translation>
    </message>
    <message>
        <source>A program is waiting for a password, so Harken presses no keys and can&apos;t copy what is selected. Close the password dialog, or copy the text and choose “Read clipboard”.</source>
        <translation>Ein Programm wartet auf ein Passwort, deshalb drückt Harken keine Tasten und kann die Markierung nicht kopieren. Schließen Sie die Passwortabfrage, oder kopieren Sie den Text und wählen Sie „Zwischenablage lesen“.</translation>
    </message>
    <message>
        <source>The program in front is running as administrator, so Windows does not let Harken see what is selected in it. Copy the text, then choose “Read clipboard”.</source>
        <translation>Das Programm im Vordergrund wurde als Administrator gestartet, deshalb lässt Windows Harken nicht sehen, was darin markiert ist. Kopieren Sie den Text und wählen Sie dann „Zwischenablage lesen“.</translation>
    </message>
    <message>
        <source>The pronunciation list was rewritten ({why}). The old one is kept as {file}.</source>
        <translation>Die Ausspracheliste wurde neu geschrieben ({why}). Die alte ist als {file} aufgehoben.</translation>
    </message>
    <message>
        <source>{file} can&apos;t be read ({why}). Harken ignores it until you correct it.</source>
        <translation>{file} lässt sich nicht lesen ({why}). Harken übergeht die Datei, bis Sie sie berichtigen.</translation>
    </message>
    <message numerus="yes">
        <source>{file}, {problem} %n more line(s) can&apos;t be used.</source>
        <translation>
            <numerusform>{file}, {problem} %n weitere Zeile ist nicht verwendbar.</numerusform>
            <numerusform>{file}, {problem} %n weitere Zeilen sind nicht verwendbar.</numerusform>
        </translation>
    </message>
    <message>
        <source>{file} can&apos;t be imported: {why}.</source>
        <translation>{file} lässt sich nicht importieren: {why}.</translation>
    </message>
    <message>
        <source>The queue is full. Read some of it, or empty it.</source>
        <translation>Die Warteliste ist voll. Lesen Sie etwas davon, oder leeren Sie sie.</translation>
    </message>
    <message>
        <source>The queue is empty. Select some text and choose “Read selection later”.</source>
        <translation>Die Warteliste ist leer. Markieren Sie einen Text und wählen Sie „Markiertes später lesen“.</translation>
    </message>
    <message numerus="yes">
        <source>Added. %n text(s) in the queue.</source>
        <translation>
            <numerusform>Hinzugefügt. %n Text in der Warteliste.</numerusform>
            <numerusform>Hinzugefügt. %n Texte in der Warteliste.</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no text to save. Read one first.</source>
        <translation>Es gibt keinen Text zum Speichern. Lassen Sie zuerst einen vorlesen.</translation>
    </message>
    <message numerus="yes">
        <source>Reading stops in %n minute(s).</source>
        <translation>
            <numerusform>In %n Minute hört Harken auf zu lesen.</numerusform>
            <numerusform>In %n Minuten hört Harken auf zu lesen.</numerusform>
        </translation>
    </message>
    <message>
        <source>The sleep timer is off.</source>
        <translation>Der Schlaf-Timer ist aus.</translation>
    </message>
    <message>
        <source>Reading stops at the end of the paragraph.</source>
        <translation>Am Ende des Absatzes hört Harken auf zu lesen.</translation>
    </message>
    <message>
        <source>The sleep timer has stopped the reading. Choose “Resume” to continue.</source>
        <translation>Der Schlaf-Timer hat das Lesen beendet. Mit „Weiterlesen“ geht es dort weiter.</translation>
    </message>
    <message>
        <source>Harken could not do this. Run “harken doctor” to find the log.</source>
        <translation>Harken konnte das nicht ausführen. „harken doctor“ zeigt, wo das Protokoll liegt.</translation>
    </message>
    <message>
        <source>profile “{profile}” (role)</source>
        <translation>Profil „{profile}“ (Rolle)</translation>
    </message>
    <message>
        <source>profile “{profile}” (role with a web identity)</source>
        <translation>Profil „{profile}“ (Rolle mit Web-Identität)</translation>
    </message>
    <message>
        <source>profile “{profile}” (AWS sign-in, SSO)</source>
        <translation>Profil „{profile}“ (AWS-Anmeldung, SSO)</translation>
    </message>
    <message>
        <source>profile “{profile}” (keys)</source>
        <translation>Profil „{profile}“ (Schlüssel)</translation>
    </message>
    <message>
        <source>profile “{profile}” (AWS sign-in)</source>
        <translation>Profil „{profile}“ (AWS-Anmeldung)</translation>
    </message>
    <message>
        <source>profile “{profile}” (credential_process)</source>
        <translation>Profil „{profile}“ (credential_process)</translation>
    </message>
    <message>
        <source>environment</source>
        <translation>Umgebung</translation>
    </message>
    <message>
        <source>keyring</source>
        <translation>Schlüsselbund</translation>
    </message>
    <message>
        <source>old AWS files</source>
        <translation>alte AWS-Dateien</translation>
    </message>
    <message>
        <source>container</source>
        <translation>Container</translation>
    </message>
    <message>
        <source>instance metadata</source>
        <translation>Metadaten der Instanz</translation>
    </message>
    <message>
        <source>not checked, because polly.profile names a profile</source>
        <translation>nicht geprüft, weil polly.profile ein Profil nennt</translation>
    </message>
    <message>
        <source>not checked, because the {source} comes first</source>
        <translation>nicht geprüft, weil dies Vorrang hat: {source}</translation>
    </message>
    <message>
        <source>not checked, because the settings select the {source}</source>
        <translation>nicht geprüft, weil in den Einstellungen dies gewählt ist: {source}</translation>
    </message>
    <message>
        <source>The settings select the {source}, but it has no AWS keys for Harken. Choose another source.</source>
        <translation>In den Einstellungen ist gewählt: {source}. Dort gibt es keine AWS-Schlüssel für Harken. Wählen Sie eine andere Quelle.</translation>
    </message>
    <message>
        <source>Harken found no AWS keys. Store yours with “harken account set”, or set up a profile with “aws configure”.</source>
        <translation>Harken hat keine AWS-Schlüssel gefunden. Geben Sie ihm Ihre mit „harken account set“, oder richten Sie ein Profil mit „aws configure“ ein.</translation>
    </message>
    <message>
        <source>the environment</source>
        <translation>die Umgebung</translation>
    </message>
    <message>
        <source>AWS_ACCESS_KEY_ID is not set</source>
        <translation>AWS_ACCESS_KEY_ID ist nicht gesetzt</translation>
    </message>
    <message>
        <source>not checked, because AWS_PROFILE names a profile</source>
        <translation>nicht geprüft, weil AWS_PROFILE ein Profil nennt</translation>
    </message>
    <message>
        <source>there is none</source>
        <translation>gibt es nicht</translation>
    </message>
    <message>
        <source>it has no keys, role, sign-in or credential_process</source>
        <translation>es hat keine Schlüssel, keine Rolle, keine Anmeldung und keinen credential_process</translation>
    </message>
    <message>
        <source>profile “{profile}”</source>
        <translation>Profil „{profile}“</translation>
    </message>
    <message>
        <source>there are none</source>
        <translation>gibt es nicht</translation>
    </message>
    <message>
        <source>AWS_CONTAINER_CREDENTIALS_… is not set</source>
        <translation>AWS_CONTAINER_CREDENTIALS_… ist nicht gesetzt</translation>
    </message>
    <message>
        <source>off, as it should be on a desktop; {variable}=false turns it on</source>
        <translation>abgeschaltet, wie es an einem Arbeitsplatz sein soll; {variable}=false schaltet es ein</translation>
    </message>
    <message>
        <source>this is not an AWS instance, or it has no role</source>
        <translation>dies ist keine Instanz von AWS, oder sie hat keine Rolle</translation>
    </message>
    <message>
        <source>That is not an access key. Copy it from the AWS console exactly as it is shown there.</source>
        <translation>Das ist kein Zugriffsschlüssel. Kopieren Sie ihn genau so aus der AWS-Konsole, wie er dort steht.</translation>
    </message>
    <message>
        <source>That is not a secret key. Copy it from the AWS console exactly as it is shown there.</source>
        <translation>Das ist kein geheimer Schlüssel. Kopieren Sie ihn genau so aus der AWS-Konsole, wie er dort steht.</translation>
    </message>
    <message>
        <source>That is not a session token. Copy it from the AWS console exactly as it is shown there.</source>
        <translation>Das ist kein Sitzungstoken. Kopieren Sie es genau so aus der AWS-Konsole, wie es dort steht.</translation>
    </message>
    <message>
        <source>That is not a key. Copy it exactly as it is shown where you got it, without spaces.</source>
        <translation>Das ist kein Schlüssel. Kopieren Sie ihn genau so, wie er dort steht, wo Sie ihn bekommen haben, ohne Leerzeichen.</translation>
    </message>
    <message>
        <source>it did not answer within {seconds} s</source>
        <translation>keine Antwort innerhalb von {seconds} s</translation>
    </message>
    <message>
        <source>Harken&apos;s request to it was interrupted</source>
        <translation>Harkens Anfrage wurde unterbrochen</translation>
    </message>
    <message>
        <source>search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Harken can&apos;t look for your AWS keys: {reason}. Close some programs, then try again.</source>
        <translation>Harken kann Ihre AWS-Schlüssel nicht suchen: {reason}. Schließen Sie einige Programme und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Your keyring did not answer within {seconds} s. Restart it, then try again.</source>
        <translation>Ihr Schlüsselbund hat innerhalb von {seconds} s nicht geantwortet. Starten Sie ihn neu und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Your keyring is locked and was not unlocked within {seconds} s. Unlock it, then try again.</source>
        <translation>Ihr Schlüsselbund ist gesperrt und wurde innerhalb von {seconds} s nicht entsperrt. Entsperren Sie ihn und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The search for your AWS keys took longer than {seconds} s and was stopped. Try again.</source>
        <translation>Die Suche nach Ihren AWS-Schlüsseln dauerte länger als {seconds} s und wurde beendet. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The search for your AWS keys was interrupted. Try again.</source>
        <translation>Die Suche nach Ihren AWS-Schlüsseln wurde unterbrochen. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Harken&apos;s request to your keyring was interrupted. Try again.</source>
        <translation>Harkens Anfrage an Ihren Schlüsselbund wurde unterbrochen. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Harken&apos;s keys in the keyring</source>
        <translation>Harkens Schlüssel im Schlüsselbund</translation>
    </message>
    <message>
        <source>it has no keys for Harken; “harken account set” stores some</source>
        <translation>er hat keine Schlüssel für Harken; „harken account set“ legt welche hinein</translation>
    </message>
    <message>
        <source>no program on this desktop provides one</source>
        <translation>kein Programm dieser Arbeitsumgebung bietet einen an</translation>
    </message>
    <message>
        <source>the D-Bus session is not responding</source>
        <translation>die D-Bus-Sitzung antwortet nicht</translation>
    </message>
    <message>
        <source>there is no D-Bus session</source>
        <translation>es gibt keine D-Bus-Sitzung</translation>
    </message>
    <message>
        <source>there is none: {why}</source>
        <translation>gibt es nicht: {why}</translation>
    </message>
    <message>
        <source>Harken&apos;s entry in the keyring is damaged. Store your keys again with “harken account set”.</source>
        <translation>Harkens Eintrag im Schlüsselbund ist beschädigt. Geben Sie Ihre Schlüssel noch einmal mit „harken account set“ ein.</translation>
    </message>
    <message>
        <source>There is no keyring to keep your key in: {why}. Start one, then try again.</source>
        <translation>Es gibt keinen Schlüsselbund für Ihren Schlüssel: {why}. Starten Sie einen und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>There is no keyring to keep your keys in: {why}. Start one, or use a profile (“aws configure”).</source>
        <translation>Es gibt keinen Schlüsselbund für Ihre Schlüssel: {why}. Starten Sie einen, oder verwenden Sie ein Profil („aws configure“).</translation>
    </message>
    <message>
        <source>Your keyring is locked and was not unlocked. Try again, and unlock it when asked.</source>
        <translation>Ihr Schlüsselbund ist gesperrt und wurde nicht entsperrt. Versuchen Sie es noch einmal, und entsperren Sie ihn, wenn Sie dazu aufgefordert werden.</translation>
    </message>
    <message>
        <source>Your keyring reported an error ({code}). Try again.</source>
        <translation>Ihr Schlüsselbund hat einen Fehler gemeldet ({code}). Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The {where} can&apos;t be used ({code}, {place}).</source>
        <translation>{where}: nicht verwendbar ({code}, {place}).</translation>
    </message>
    <message>
        <source>Your AWS sign-in has expired. Run “aws sso login{option}”, then try again.</source>
        <translation>Ihre AWS-Anmeldung ist abgelaufen. Führen Sie „aws sso login{option}“ aus und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>AWS does not let the {where} renew its sign-in. Ask for the permission signin:CreateOAuth2Token.</source>
        <translation>{where}: AWS erlaubt nicht, die Anmeldung zu erneuern. Bitten Sie um die Berechtigung signin:CreateOAuth2Token.</translation>
    </message>
    <message>
        <source>Your AWS sign-in has expired. Run “aws login{option}”, then try again.</source>
        <translation>Ihre AWS-Anmeldung ist abgelaufen. Führen Sie „aws login{option}“ aus und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The {where} uses “aws login”, which Harken can&apos;t renew by itself. Create another profile with “credential_process = aws configure export-credentials{option} --format process” and choose it.</source>
        <translation>{where}: Hier wird „aws login“ verwendet, was Harken nicht selbst erneuern kann. Legen Sie ein weiteres Profil mit „credential_process = aws configure export-credentials{option} --format process“ an und wählen Sie dieses.</translation>
    </message>
    <message>
        <source>The {where} requires a code from your authenticator, which Harken can&apos;t ask for. Choose a profile with a sign-in or a credential_process.</source>
        <translation>{where}: Hier wird ein Code Ihres Authentifikators verlangt, nach dem Harken nicht fragen kann. Wählen Sie ein Profil mit einer Anmeldung oder einem credential_process.</translation>
    </message>
    <message>
        <source>There is no AWS profile “{profile}”. Name an existing one with “harken settings set polly.profile” or AWS_PROFILE.</source>
        <translation>Es gibt kein AWS-Profil „{profile}“. Nennen Sie ein vorhandenes mit „harken settings set polly.profile“ oder in AWS_PROFILE.</translation>
    </message>
    <message>
        <source>The {where} is incomplete: {missing} is missing.</source>
        <translation>{where}: unvollständig, es fehlt {missing}.</translation>
    </message>
    <message>
        <source>{file} is not a valid AWS configuration: Harken can&apos;t understand a line in it.</source>
        <translation>{file} ist keine gültige AWS-Konfiguration: Eine Zeile darin ist unverständlich.</translation>
    </message>
    <message>
        <source>The {where} contradicts itself: {problem}</source>
        <translation>{where}: widersprüchliche Angaben: {problem}</translation>
    </message>
    <message>
        <source>“{region}” is not an AWS region. Set polly.region to one.</source>
        <translation>„{region}“ ist keine AWS-Region. Setzen Sie polly.region auf eine.</translation>
    </message>
    <message>
        <source>The credential_process of the {where} failed. Run it in a terminal to see why.</source>
        <translation>{where}: Der credential_process ist gescheitert. Führen Sie ihn in einem Terminal aus, um zu sehen, warum.</translation>
    </message>
    <message>
        <source>The {where} gave no keys. Run “aws sts get-caller-identity” to see why.</source>
        <translation>{where}: Es kamen keine Schlüssel. Führen Sie „aws sts get-caller-identity“ aus, um zu sehen, warum.</translation>
    </message>
    <message>
        <source>The {where} needs AWS&apos;s sign-in service, whose certificate is out of date. Check this computer&apos;s date.</source>
        <translation>{where}: Der Anmeldedienst von AWS wird gebraucht, doch sein Zertifikat gilt nach der Uhr dieses Computers nicht. Prüfen Sie das Datum.</translation>
    </message>
    <message>
        <source>The {where} needs AWS&apos;s sign-in service, whose certificate is not trusted here.</source>
        <translation>{where}: Der Anmeldedienst von AWS wird gebraucht, doch seinem Zertifikat wird hier nicht vertraut.</translation>
    </message>
    <message>
        <source>The {where} needs AWS&apos;s sign-in service, but the proxy does not let Harken reach it. Check the proxy&apos;s address in HTTPS_PROXY or in the desktop&apos;s settings.</source>
        <translation>{where}: Der Anmeldedienst von AWS wird gebraucht, doch der Proxy lässt Harken nicht zu ihm durch. Prüfen Sie die Adresse des Proxys in HTTPS_PROXY oder in den Einstellungen der Arbeitsumgebung.</translation>
    </message>
    <message>
        <source>The {where} needs AWS&apos;s sign-in service, which can&apos;t be reached. Check your network connection.</source>
        <translation>{where}: Der Anmeldedienst von AWS wird gebraucht, ist aber nicht erreichbar. Prüfen Sie Ihre Netzverbindung.</translation>
    </message>
    <message>
        <source>AWS&apos;s sign-in service can&apos;t issue keys for the {where} at the moment ({code}). Try again.</source>
        <translation>{where}: Der Anmeldedienst von AWS gibt gerade keine Schlüssel heraus ({code}). Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>AWS refused to issue keys for the {where} ({code}).</source>
        <translation>{where}: AWS hat keine Schlüssel ausgestellt ({code}).</translation>
    </message>
    <message>
        <source>The {where} can&apos;t be read:{file} {reason}.</source>
        <translation>{where}: nicht lesbar:{file} {reason}.</translation>
    </message>
    <message>
        <source>The {where} gave an answer that AWS&apos;s own tools would not understand.</source>
        <translation>{where}: Die Antwort ist so, dass auch die Programme von AWS sie nicht verstehen würden.</translation>
    </message>
    <message>
        <source>The keys from the {where} have expired. Renew them, then try again.</source>
        <translation>{where}: Die Schlüssel sind abgelaufen. Erneuern Sie sie und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>{file} can&apos;t be changed: {why}.</source>
        <translation>{file} lässt sich nicht ändern: {why}.</translation>
    </message>
    <message>
        <source>macOS asks you first. Turn on Harken in System Settings, General, Login Items.</source>
        <translation>macOS fragt Sie vorher. Schalten Sie Harken in den Systemeinstellungen unter „Allgemein“, „Anmeldeobjekte“ ein.</translation>
    </message>
    <message>
        <source>macOS does not let Harken change what starts at login: {why}.</source>
        <translation>macOS lässt Harken nicht ändern, was bei der Anmeldung startet: {why}.</translation>
    </message>
    <message>
        <source>Harken can&apos;t be started at login on this system yet.</source>
        <translation>Harken kann auf diesem System noch nicht bei der Anmeldung gestartet werden.</translation>
    </message>
    <message>
        <source>Harken is reading aloud</source>
        <translation>Harken liest vor</translation>
    </message>
    <message>
        <source>Windows does not let Harken change what starts at login: {why}.</source>
        <translation>Windows lässt Harken nicht ändern, was bei der Anmeldung startet: {why}.</translation>
    </message>
    <message>
        <source>Reads selected text aloud</source>
        <translation>Liest markierten Text vor</translation>
    </message>
    <message>
        <source>macOS is not responding.</source>
        <translation>macOS antwortet nicht.</translation>
    </message>
    <message>
        <source>A Mac has no key for {chord}.</source>
        <translation>Ein Mac hat keine Taste für {chord}.</translation>
    </message>
    <message>
        <source>macOS does not give {chord} to any program.</source>
        <translation>macOS gibt {chord} keinem Programm.</translation>
    </message>
    <message>
        <source>Windows is not responding.</source>
        <translation>Windows antwortet nicht.</translation>
    </message>
    <message>
        <source>Windows does not give {chord} to any program.</source>
        <translation>Windows gibt {chord} keinem Programm.</translation>
    </message>
    <message>
        <source>“{url}” is not the address of a speech server. It looks like http://127.0.0.1:8880/v1.</source>
        <translation>„{url}“ ist keine Adresse eines Sprachservers. Eine solche sieht aus wie http://127.0.0.1:8880/v1.</translation>
    </message>
    <message>
        <source>The address of the speech server {host} must begin with https://. Otherwise, anyone on the network could read your texts and your key. Only a server on this computer may use http://.</source>
        <translation>Die Adresse des Sprachservers {host} muss mit https:// beginnen: Sonst könnten alle im Netz Ihre Texte und Ihren Schlüssel lesen. Nur auf diesem Computer genügt http://.</translation>
    </message>
    <message>
        <source>Harken has kept only the place where you stopped. Have the same text read again to continue from there.</source>
        <translation>Harken hat sich nur die Stelle gemerkt. Lassen Sie denselben Text noch einmal lesen, dann geht es dort weiter.</translation>
    </message>
    <message>
        <source>Continuing where you stopped. Press the key twice to start from the beginning.</source>
        <translation>Es geht dort weiter, wo Sie aufgehört haben. Drücken Sie die Taste zweimal, um von vorn zu beginnen.</translation>
    </message>
    <message>
        <source>Use a colour such as #fbf3dc: “#” and six digits or letters from a to f.</source>
        <translation>Verwenden Sie eine Farbe wie #fbf3dc: „#“ und sechs Ziffern oder Buchstaben von a bis f.</translation>
    </message>
    <message>
        <source>{name} (natural, British English)</source>
        <translation>{name} (natürlich, britisches Englisch)</translation>
    </message>
    <message>
        <source>{name} (natural, American English)</source>
        <translation>{name} (natürlich, amerikanisches Englisch)</translation>
    </message>
    <message>
        <source>This version of Harken can&apos;t speak with the voice “{voice}”. Look for a newer version of Harken.</source>
        <translation>Diese Version von Harken kann mit der Stimme „{voice}“ nicht sprechen. Sehen Sie nach einer neueren.</translation>
    </message>
    <message>
        <source>The download was interrupted. Try again to continue from there.</source>
        <translation>Das Herunterladen ist abgebrochen. Harken macht dort weiter, wenn Sie es noch einmal versuchen.</translation>
    </message>
    <message>
        <source>What was downloaded has the wrong checksum and was deleted. Try again later.</source>
        <translation>Was ankam, ist nicht die Stimme: Die Prüfsumme ist falsch. Es wurde gelöscht. Versuchen Sie es später.</translation>
    </message>
    <message>
        <source>The voice is no longer at its address. Look for a newer version of Harken.</source>
        <translation>Die Stimme ist nicht mehr an ihrer Adresse. Sehen Sie nach einer neueren Version von Harken.</translation>
    </message>
    <message>
        <source>The server refused the download (HTTP {status}). Try again later.</source>
        <translation>Der Server hat das Herunterladen abgelehnt (HTTP {status}). Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>The download is too slow to finish. Try again later.</source>
        <translation>Das Herunterladen ist zu langsam, um je fertig zu werden. Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>The file on the server does not have the expected size. Try again later.</source>
        <translation>Was der Server hat, ist nicht die gemeinte Stimme: Die Größe ist eine andere. Versuchen Sie es später.</translation>
    </message>
    <message>
        <source>The download can&apos;t be saved: {reason}.</source>
        <translation>Das Heruntergeladene kann nicht gespeichert werden: {reason}.</translation>
    </message>
    <message>
        <source>This voice is already being downloaded.</source>
        <translation>Diese Stimme wird schon heruntergeladen.</translation>
    </message>
    <message>
        <source>{variable} must begin with https://, or with http:// for this computer only, not “{address}”.</source>
        <translation>{variable} muss mit https:// beginnen, oder nur für diesen Rechner mit http://, nicht „{address}“.</translation>
    </message>
    <message>
        <source>There is not enough disk space: the voice needs {needed} MB, but only {free} MB are free.</source>
        <translation>Dafür ist kein Platz: Sie braucht {needed} MB, und {free} MB sind frei.</translation>
    </message>
    <message>
        <source>The file on the server has changed since you first downloaded it, so Harken did not keep it.</source>
        <translation>Die Datei auf dem Server hat sich geändert, seit Sie sie zum ersten Mal heruntergeladen haben, deshalb hat Harken sie nicht behalten.</translation>
    </message>
    <message>
        <source>The voice “{voice}” can&apos;t be downloaded: {reason}.</source>
        <translation>Die Stimme „{voice}“ kann nicht heruntergeladen werden: {reason}.</translation>
    </message>
    <message>
        <source>“{voice}” was not downloaded. {problem}</source>
        <translation>„{voice}“ wurde nicht heruntergeladen. {problem}</translation>
    </message>
    <message>
        <source>The list of voices is damaged, or was made for a different version of Harken.</source>
        <translation>Die Liste der Stimmen ist beschädigt oder von einer anderen Version.</translation>
    </message>
    <message>
        <source>The server redirected Harken too many times. Try again later.</source>
        <translation>Der Server hat Harken zu oft weitergeschickt. Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>{host} can&apos;t be found. Check your network connection.</source>
        <translation>{host} ist nicht zu finden. Prüfen Sie die Netzwerkverbindung.</translation>
    </message>
    <message>
        <source>The server redirects Harken to {host}, which is not in the list of voices.</source>
        <translation>Der Server schickt Harken zu {host} weiter, das die Liste der Stimmen nicht nennt.</translation>
    </message>
    <message>
        <source>“{name}” does not describe a voice in Piper&apos;s format.</source>
        <translation>„{name}“ beschreibt keine Stimme im Format von Piper.</translation>
    </message>
    <message>
        <source>The voice “{name}” needs its text as “{phonemes}”, which Harken can&apos;t produce. Only voices that use eSpeak&apos;s sounds can be added.</source>
        <translation>Die Stimme „{name}“ braucht ihren Text als „{phonemes}“, was Harken nicht erzeugen kann. Hinzufügen lassen sich Stimmen, die die Laute von eSpeak verwenden.</translation>
    </message>
    <message>
        <source>“{file}” is not a voice. Voices in Piper&apos;s format are files named “….onnx”.</source>
        <translation>„{file}“ ist keine Stimme: Stimmen im Format von Piper sind Dateien mit Namen „….onnx“.</translation>
    </message>
    <message>
        <source>There is no file “{file}”. A voice needs “….onnx” and “….onnx.json” in the same folder.</source>
        <translation>Die Datei „{file}“ gibt es nicht. Eine Stimme braucht „….onnx“ und „….onnx.json“ im selben Ordner.</translation>
    </message>
    <message>
        <source>The voice “{file}” can&apos;t be added: {reason}.</source>
        <translation>Die Stimme „{file}“ kann nicht hinzugefügt werden: {reason}.</translation>
    </message>
    <message>
        <source>“{file}” is not a voice in Piper&apos;s format, or it is damaged.</source>
        <translation>„{file}“ ist keine Stimme im Format von Piper, oder sie ist beschädigt.</translation>
    </message>
    <message>
        <source>Speech server</source>
        <translation>Sprachserver</translation>
    </message>
    <message>
        <source>your speech server</source>
        <translation>Ihren Sprachserver</translation>
    </message>
    <message>
        <source>Piper</source>
        <translation>Piper</translation>
    </message>
    <message>
        <source>Amazon Polly, generative</source>
        <translation>Amazon Polly, generativ</translation>
    </message>
    <message>
        <source>Amazon Polly, not generative</source>
        <translation>Amazon Polly, nicht generativ</translation>
    </message>
    <message>
        <source>Speech server, the voice in the settings</source>
        <translation>Sprachserver, die Stimme aus den Einstellungen</translation>
    </message>
    <message>
        <source>No speech server answers at {url}. Start it, or check its address on the Speech server page of the settings.</source>
        <translation>Unter {url} antwortet kein Sprachserver. Starten Sie ihn, oder prüfen Sie die Adresse in den Einstellungen, Seite Sprachserver.</translation>
    </message>
    <message>
        <source>The speech server {host} can&apos;t be found. Check your network connection, and the address in the settings.</source>
        <translation>Der Sprachserver {host} ist nicht zu finden. Prüfen Sie Ihre Netzverbindung und die Adresse in den Einstellungen.</translation>
    </message>
    <message>
        <source>This computer does not trust the certificate of the speech server {host}. Install the certificate here, or use the address it was issued for.</source>
        <translation>Dem Zertifikat des Sprachservers {host} wird hier nicht vertraut. Lassen Sie diesen Computer ihm vertrauen, oder nehmen Sie eine Adresse, für die es gilt.</translation>
    </message>
    <message>
        <source>{voice} (speech server)</source>
        <translation>{voice} (Sprachserver)</translation>
    </message>
    <message>
        <source>The speech server {host} requires a key. Enter it on the Speech server page of the settings.</source>
        <translation>Der Sprachserver {host} verlangt einen Schlüssel. Geben Sie ihn in den Einstellungen ein, Seite Sprachserver.</translation>
    </message>
    <message>
        <source>The speech server {host} does not accept your key. Enter it again on the Speech server page of the settings.</source>
        <translation>Der Sprachserver {host} nimmt Ihren Schlüssel nicht an. Geben Sie ihn in den Einstellungen neu ein, Seite Sprachserver.</translation>
    </message>
    <message>
        <source>Your key for {host} does not allow speech. Ask for one that does.</source>
        <translation>Ihr Schlüssel darf bei {host} nicht für Sprache benutzt werden. Bitten Sie um einen, der es darf.</translation>
    </message>
    <message>
        <source>There is no speech server at {url}. Check its address on the Speech server page of the settings.</source>
        <translation>Unter {url} gibt es keinen Sprachserver. Prüfen Sie die Adresse in den Einstellungen, Seite Sprachserver.</translation>
    </message>
    <message>
        <source>The speech server {host} does not have this model. Choose another on the Speech server page of the settings.</source>
        <translation>Der Sprachserver {host} hat dieses Modell nicht. Wählen Sie in den Einstellungen ein anderes, Seite Sprachserver.</translation>
    </message>
    <message>
        <source>The speech server {host} redirects Harken to a different address. Enter that one in the settings.</source>
        <translation>Der Sprachserver {host} schickt Harken zu einer anderen Adresse. Tragen Sie diese in den Einstellungen ein.</translation>
    </message>
    <message>
        <source>This sentence is too long for the speech server {host}.</source>
        <translation>Dieser Satz ist zu lang für den Sprachserver {host}.</translation>
    </message>
    <message>
        <source>The speech server {host} is getting too many requests.</source>
        <translation>Der Sprachserver {host} bekommt zu viele Anfragen.</translation>
    </message>
    <message>
        <source>You have no credit left at the speech server {host}.</source>
        <translation>Ihr Guthaben beim Sprachserver {host} ist aufgebraucht.</translation>
    </message>
    <message>
        <source>The speech server {host} does not accept this voice, model or format. Choose another in the settings.</source>
        <translation>Der Sprachserver {host} nimmt diese Stimme, dieses Modell oder dieses Format nicht an. Wählen Sie in den Einstellungen etwas anderes.</translation>
    </message>
    <message>
        <source>The speech server {host} refused: “{reason}”. Check the voice, model and format in the settings.</source>
        <translation>Der Sprachserver {host} lehnt ab: „{reason}“. Prüfen Sie Stimme, Modell und Format in den Einstellungen.</translation>
    </message>
    <message>
        <source>The speech server {host} has an internal problem.</source>
        <translation>Der Sprachserver {host} hat selbst eine Störung.</translation>
    </message>
    <message>
        <source>The speech server {host} sent “{what}” instead of sound. Check its address and the format in the settings.</source>
        <translation>Der Sprachserver {host} hat keinen Klang geschickt, sondern „{what}“. Prüfen Sie seine Adresse und das Format in den Einstellungen.</translation>
    </message>
    <message>
        <source>it does not list its models</source>
        <translation>er zählt seine Modelle nicht auf</translation>
    </message>
    <message>
        <source>it does not list the model {model}; it lists {others}</source>
        <translation>er zählt das Modell {model} nicht auf, sondern {others}</translation>
    </message>
    <message>
        <source>{file} can&apos;t be read: {why}.</source>
        <translation>{file} kann nicht gelesen werden: {why}.</translation>
    </message>
    <message>
        <source>The extension is for GNOME, but this is a different desktop.</source>
        <translation>Die Erweiterung ist für GNOME, dies ist aber eine andere Arbeitsumgebung.</translation>
    </message>
    <message>
        <source>Harken&apos;s extension does not support this version of GNOME ({version}).</source>
        <translation>Harkens Erweiterung unterstützt diese Version von GNOME nicht ({version}).</translation>
    </message>
    <message>
        <source>GNOME&apos;s settings can&apos;t be changed: {why}.</source>
        <translation>Die Einstellungen von GNOME lassen sich nicht ändern: {why}.</translation>
    </message>
    <message>
        <source>Harken&apos;s extension for GNOME is running.</source>
        <translation>Harkens Erweiterung für GNOME läuft.</translation>
    </message>
    <message>
        <source>Harken&apos;s extension for GNOME is not installed.</source>
        <translation>Harkens Erweiterung für GNOME ist nicht installiert.</translation>
    </message>
    <message>
        <source>Harken&apos;s extension for GNOME is installed. Log out and in again: GNOME loads it only then.</source>
        <translation>Harkens Erweiterung für GNOME ist installiert. Melden Sie sich ab und wieder an: Erst dann lädt GNOME sie.</translation>
    </message>
    <message>
        <source>Harken&apos;s extension for GNOME is installed, but turned off.</source>
        <translation>Harkens Erweiterung für GNOME ist installiert, aber ausgeschaltet.</translation>
    </message>
    <message>
        <source>All extensions are turned off in GNOME. Turn them on in its Extensions app.</source>
        <translation>In GNOME sind alle Erweiterungen ausgeschaltet. Schalten Sie sie in der App „Erweiterungen“ ein.</translation>
    </message>
    <message>
        <source>Harken&apos;s extension for GNOME is installed, and GNOME will start it.</source>
        <translation>Harkens Erweiterung für GNOME ist installiert, und GNOME startet sie gleich.</translation>
    </message>
    <message>
        <source>GNOME could not run Harken&apos;s extension. “harken doctor” shows why.</source>
        <translation>GNOME konnte Harkens Erweiterung nicht ausführen. „harken doctor“ zeigt den Grund.</translation>
    </message>
    <message>
        <source>Harken&apos;s extension for GNOME was updated. Log out and in again to run the new version.</source>
        <translation>Harkens Erweiterung für GNOME wurde aktualisiert. Melden Sie sich ab und wieder an, damit die neue Version läuft.</translation>
    </message>
    <message>
        <source>Settings, Keyboard, View and Customize Shortcuts, Custom Shortcuts</source>
        <translation>Einstellungen, Tastatur, Tastenkürzel ansehen und anpassen, Eigene Tastenkürzel</translation>
    </message>
    <message>
        <source>System Settings, Shortcuts, Add New, Command</source>
        <translation>Systemeinstellungen, Kurzbefehle, Neu hinzufügen, Befehl</translation>
    </message>
    <message>
        <source>Settings, Keyboard, Keyboard Shortcuts, Custom</source>
        <translation>Einstellungen, Tastatur, Tastenkürzel, Eigene</translation>
    </message>
    <message>
        <source>Settings, Keyboard, Application Shortcuts</source>
        <translation>Einstellungen, Tastatur, Tastenkürzel für Anwendungen</translation>
    </message>
    <message>
        <source>In a terminal, “harken speak” reads a file or a text aloud.</source>
        <translation>In einem Terminal liest „harken speak“ eine Datei oder einen Text vor.</translation>
    </message>
    <message>
        <source>Assign a key to the command “{command}” in the desktop&apos;s settings: {place}.</source>
        <translation>Geben Sie dem Befehl „{command}“ in den Einstellungen der Arbeitsumgebung eine Taste: {place}.</translation>
    </message>
    <message>
        <source>Assign a key to the command “{command}” in the desktop&apos;s own settings.</source>
        <translation>Geben Sie dem Befehl „{command}“ in den Einstellungen der Arbeitsumgebung eine Taste.</translation>
    </message>
    <message>
        <source>Add this line to {file}: {line}</source>
        <translation>Fügen Sie diese Zeile in {file} ein: {line}</translation>
    </message>
    <message>
        <source>Add this line to {file}, then run “{reload}”: {line}</source>
        <translation>Fügen Sie diese Zeile in {file} ein und rufen Sie dann „{reload}“ auf: {line}</translation>
    </message>
    <message>
        <source>Harken&apos;s extension for GNOME is off. Harken now asks your desktop for its keys in another way.</source>
        <translation>Harkens Erweiterung für GNOME ist ausgeschaltet. Harken bittet die Arbeitsumgebung jetzt auf anderem Weg um seine Tasten.</translation>
    </message>
    <message>
        <source>Harken&apos;s extension for GNOME is on and now handles the keys.</source>
        <translation>Harkens Erweiterung für GNOME ist eingeschaltet und übernimmt jetzt die Tasten.</translation>
    </message>
    <message>
        <source>You have removed the key for “{command}” in GNOME&apos;s settings.</source>
        <translation>Sie haben die Taste für „{command}“ in den Einstellungen von GNOME entfernt.</translation>
    </message>
    <message>
        <source>The program “harken-key” is not installed.</source>
        <translation>Das Programm „harken-key“ ist nicht installiert.</translation>
    </message>
    <message>
        <source>GNOME uses {chord} for “{action}”.</source>
        <translation>GNOME verwendet {chord} für „{action}“.</translation>
    </message>
    <message>
        <source>Harken can&apos;t set up keys on this desktop. Assign a key to the command “harken-key read” in the desktop&apos;s own settings.</source>
        <translation>In dieser Arbeitsumgebung kann Harken keine Tasten belegen. Geben Sie dem Befehl „harken-key read“ in deren Einstellungen eine Taste.</translation>
    </message>
    <message>
        <source>This session has no desktop that could give Harken keys.</source>
        <translation>In dieser Sitzung gibt es keine Arbeitsumgebung, die Harken Tasten geben könnte.</translation>
    </message>
    <message>
        <source>Your desktop is not responding. Harken keeps asking it for its keys.</source>
        <translation>Ihre Arbeitsumgebung antwortet nicht. Harken bittet sie weiter um seine Tasten.</translation>
    </message>
    <message>
        <source>Your desktop does not know Harken yet, so Harken has no keys. Log out and in again.</source>
        <translation>Ihre Arbeitsumgebung kennt Harken noch nicht, deshalb hat es keine Tasten. Melden Sie sich ab und wieder an.</translation>
    </message>
    <message>
        <source>Your desktop gave Harken no keys. Quit Harken and start it again to be asked again.</source>
        <translation>Ihre Arbeitsumgebung hat Harken keine Tasten gegeben. Beenden Sie Harken und starten Sie es neu, um wieder gefragt zu werden.</translation>
    </message>
    <message>
        <source>Your desktop has taken Harken&apos;s keys away. Quit Harken and start it again to be asked again.</source>
        <translation>Ihre Arbeitsumgebung hat Harken die Tasten wieder genommen. Beenden Sie Harken und starten Sie es neu, um wieder gefragt zu werden.</translation>
    </message>
    <message>
        <source>Harken has not connected to the session bus yet.</source>
        <translation>Harken hat sich noch nicht mit dem Sitzungsbus verbunden.</translation>
    </message>
    <message>
        <source>There is no session bus: DBUS_SESSION_BUS_ADDRESS is not set.</source>
        <translation>Es gibt keinen Sitzungsbus: DBUS_SESSION_BUS_ADDRESS ist nicht gesetzt.</translation>
    </message>
    <message>
        <source>The session bus is gone. Harken keeps trying to reach it.</source>
        <translation>Der Sitzungsbus ist weg. Harken versucht weiter, ihn zu erreichen.</translation>
    </message>
    <message>
        <source>The session bus can&apos;t be used ({why}). Harken keeps trying.</source>
        <translation>Der Sitzungsbus lässt sich nicht benutzen ({why}). Harken versucht es weiter.</translation>
    </message>
    <message>
        <source>Another program is using the name {name} on the session bus.</source>
        <translation>Ein anderes Programm benutzt den Namen {name} auf dem Sitzungsbus.</translation>
    </message>
    <message>
        <source>There is no text at the cursor.</source>
        <translation>Am Cursor ist kein Text.</translation>
    </message>
    <message>
        <source>No voice of “{engine}” speaks “{language}”.</source>
        <translation>Keine Stimme von „{engine}“ spricht „{language}“.</translation>
    </message>
    <message>
        <source>the addresses behind links</source>
        <translation>die Adressen hinter Links</translation>
    </message>
    <message>
        <source>Markdown marks</source>
        <translation>Markdown-Zeichen</translation>
    </message>
    <message>
        <source>HTML tags</source>
        <translation>HTML-Tags</translation>
    </message>
    <message>
        <source>hidden HTML</source>
        <translation>verborgene Teile von HTML</translation>
    </message>
    <message>
        <source>colour codes</source>
        <translation>Farbcodes</translation>
    </message>
    <message>
        <source>subtitle times</source>
        <translation>die Zeiten von Untertiteln</translation>
    </message>
    <message>
        <source>a language model&apos;s thoughts</source>
        <translation>die Überlegungen eines Sprachmodells</translation>
    </message>
    <message>
        <source>footnote marks</source>
        <translation>Fußnotenzeichen</translation>
    </message>
    <message>
        <source>web addresses</source>
        <translation>Webadressen</translation>
    </message>
    <message>
        <source>code</source>
        <translation>Quelltext</translation>
    </message>
    <message>
        <source>emoji</source>
        <translation>Emojis</translation>
    </message>
    <message>
        <source>text in brackets</source>
        <translation>Text in Klammern</translation>
    </message>
    <message>
        <source>repeated symbols</source>
        <translation>wiederholte Zeichen</translation>
    </message>
    <message>
        <source>page numbers and running heads</source>
        <translation>Seitenzahlen und Kolumnentitel</translation>
    </message>
    <message>
        <source>Harken left out {percent}% of this text: {what}.</source>
        <translation>Harken hat {percent} % dieses Textes ausgelassen: {what}.</translation>
    </message>
    <message>
        <source>There is nothing left to read in this text: Harken leaves out {what}.</source>
        <translation>In diesem Text bleibt nichts vorzulesen: Harken lässt {what} aus.</translation>
    </message>
    <message>
        <source>“{name}” in {file} is not a table, so it is ignored.</source>
        <translation>„{name}“ in {file} ist keine Tabelle und wird nicht beachtet.</translation>
    </message>
    <message>
        <source>it is not a table</source>
        <translation>sie ist keine Tabelle aus Text</translation>
    </message>
    <message>
        <source>its first line does not name the columns {columns}</source>
        <translation>ihre erste Zeile nennt nicht die Spalten {columns}</translation>
    </message>
    <message>
        <source>line {number}: {problem}</source>
        <translation>Zeile {number}: {problem}</translation>
    </message>
    <message>
        <source>Use {kinds} as the kind of an entry, not “{value}”.</source>
        <translation>Wählen Sie als Art eines Eintrags {kinds}, nicht „{value}“.</translation>
    </message>
    <message numerus="yes">
        <source>The list is full: it has %n entries. Remove some first.</source>
        <translation>
            <numerusform>Die Liste ist voll: Sie hat %n Eintrag. Entfernen Sie zuerst einen.</numerusform>
            <numerusform>Die Liste ist voll: Sie hat %n Einträge. Entfernen Sie zuerst einige.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The list is full: it has %n expressions. Remove some first.</source>
        <translation>
            <numerusform>Die Liste ist voll: Sie hat %n Ausdruck. Entfernen Sie zuerst einen.</numerusform>
            <numerusform>Die Liste ist voll: Sie hat %n Ausdrücke. Entfernen Sie zuerst einige.</numerusform>
        </translation>
    </message>
    <message>
        <source>a closing “)” is missing</source>
        <translation>eine schließende Klammer „)“ fehlt</translation>
    </message>
    <message>
        <source>there is one “)” too many</source>
        <translation>eine schließende Klammer „)“ ist zu viel</translation>
    </message>
    <message>
        <source>a closing “]” is missing</source>
        <translation>eine schließende Klammer „]“ fehlt</translation>
    </message>
    <message>
        <source>a range between “[” and “]” runs backwards</source>
        <translation>ein Bereich zwischen „[“ und „]“ läuft rückwärts</translation>
    </message>
    <message>
        <source>there is nothing before “*”, “+” or “?” to repeat</source>
        <translation>vor „*“, „+“ oder „?“ steht nichts, was sich wiederholen ließe</translation>
    </message>
    <message>
        <source>there are two repetition signs in a row</source>
        <translation>zwei Wiederholungszeichen folgen aufeinander</translation>
    </message>
    <message>
        <source>the smaller number of repetitions must come first</source>
        <translation>die kleinere Zahl der Wiederholungen muss zuerst stehen</translation>
    </message>
    <message>
        <source>“\” is followed by something that has no meaning here</source>
        <translation>auf „\“ folgt etwas, was keine Bedeutung hat</translation>
    </message>
    <message>
        <source>it refers to a group that does not exist</source>
        <translation>er verweist auf eine Gruppe, die es nicht gibt</translation>
    </message>
    <message>
        <source>Use one line of at most {limit} characters, not “{text}”.</source>
        <translation>Verwenden Sie eine Zeile mit höchstens {limit} Zeichen, nicht „{text}“.</translation>
    </message>
    <message>
        <source>Enter the word that is mispronounced.</source>
        <translation>Geben Sie das Wort ein, das falsch gelesen wird.</translation>
    </message>
    <message>
        <source>Enter how “{word}” should sound, in letters.</source>
        <translation>Geben Sie mit Buchstaben an, wie „{word}“ klingen soll.</translation>
    </message>
    <message>
        <source>Use a language code such as en or de, not “{value}”.</source>
        <translation>Verwenden Sie ein Sprachkürzel wie en oder de, nicht „{value}“.</translation>
    </message>
    <message>
        <source>“{voice}” is not the name of a voice. “harken voices” lists them.</source>
        <translation>„{voice}“ ist nicht der Name einer Stimme. „harken voices“ zeigt alle Stimmen.</translation>
    </message>
    <message>
        <source>The expression “{word}” takes too long, so it is not used. Write it more simply.</source>
        <translation>Der Ausdruck „{word}“ braucht zu lange und wird nicht verwendet. Schreiben Sie ihn einfacher.</translation>
    </message>
    <message>
        <source>“{word}” can&apos;t be used as an expression: {why}.</source>
        <translation>„{word}“ ist als Ausdruck nicht verwendbar: {why}.</translation>
    </message>
    <message>
        <source>this is not a regular expression</source>
        <translation>das ist kein regulärer Ausdruck</translation>
    </message>
    <message>
        <source>{why} (character {position})</source>
        <translation>{why} (Zeichen {position})</translation>
    </message>
    <message>
        <source>Amazon Polly stopped in the middle of the text.</source>
        <translation>Amazon Polly hat mitten im Text abgebrochen.</translation>
    </message>
    <message>
        <source>Amazon Polly is getting too many requests from this account.</source>
        <translation>Amazon Polly bekommt zu viele Anfragen von diesem Konto.</translation>
    </message>
    <message>
        <source>Amazon Polly ended the session because it reached its time limit.</source>
        <translation>Amazon Polly hat die Sitzung nach Ablauf ihrer Zeit beendet.</translation>
    </message>
    <message>
        <source>Amazon Polly has an internal problem.</source>
        <translation>Amazon Polly hat selbst eine Störung.</translation>
    </message>
    <message>
        <source>Amazon Polly</source>
        <translation>Amazon Polly</translation>
    </message>
    <message>
        <source>Amazon</source>
        <translation>Amazon</translation>
    </message>
    <message>
        <source>natural, on this computer</source>
        <translation>natürlich, auf diesem Computer</translation>
    </message>
    <message>
        <source>eSpeak NG</source>
        <translation>eSpeak NG</translation>
    </message>
    <message>
        <source>eSpeak NG, in the text&apos;s language (clear when very fast)</source>
        <translation>eSpeak NG, in der Sprache des Textes (deutlich auch bei hohem Tempo)</translation>
    </message>
    <message>
        <source>The connection to the voice service is busy.</source>
        <translation>Die Verbindung zum Sprachdienst ist belegt.</translation>
    </message>
    <message>
        <source>Harken is not running. Start it with “harken”.</source>
        <translation>Harken läuft nicht. Starten Sie es mit „harken“.</translation>
    </message>
    <message>
        <source>“{name}” in “{text}” is not a modifier key. Use one of these: {modifiers}.</source>
        <translation>„{name}“ in „{text}“ ist keine Zusatztaste. Möglich sind {modifiers}.</translation>
    </message>
    <message>
        <source>Harken does not know the key “{key}” in “{text}”.</source>
        <translation>Harken kennt die Taste „{key}“ in „{text}“ nicht.</translation>
    </message>
    <message>
        <source>“{text}” would fire while you type. Add Ctrl, Alt or Super.</source>
        <translation>„{text}“ würde beim Tippen auslösen. Nehmen Sie Ctrl, Alt oder Super dazu.</translation>
    </message>
    <message>
        <source>another program, possibly one of these: {names}</source>
        <translation>einem anderen Programm, vielleicht einem von diesen: {names}</translation>
    </message>
    <message>
        <source>another program</source>
        <translation>einem anderen Programm</translation>
    </message>
    <message>
        <source>The display is not responding.</source>
        <translation>Der Anzeigeserver antwortet nicht.</translation>
    </message>
    <message>
        <source>This keyboard has no key {key}.</source>
        <translation>Diese Tastatur hat keine Taste {key}.</translation>
    </message>
    <message>
        <source>{chord} is taken by {owner}.</source>
        <translation>{chord} ist belegt von {owner}.</translation>
    </message>
    <message>
        <source>The running Harken has closed the connection.</source>
        <translation>Das laufende Harken hat die Verbindung geschlossen.</translation>
    </message>
    <message>
        <source>The running Harken is not responding. Quit it and start it again.</source>
        <translation>Das laufende Harken antwortet nicht. Beenden Sie es und starten Sie es neu.</translation>
    </message>
    <message>
        <source>The running Harken refused the command.</source>
        <translation>Das laufende Harken hat den Befehl abgelehnt.</translation>
    </message>
    <message>
        <source>Harken is already running.</source>
        <translation>Harken läuft schon.</translation>
    </message>
    <message>
        <source>Commands can&apos;t be received at {address}: {reason}.</source>
        <translation>Unter {address} können keine Befehle empfangen werden: {reason}.</translation>
    </message>
    <message>
        <source>The running Harken is a different version. Quit it and start it again.</source>
        <translation>Das laufende Harken hat eine andere Version. Beenden Sie es und starten Sie es neu.</translation>
    </message>
    <message>
        <source>Choose another key on the Keys page of the settings.</source>
        <translation>Wählen Sie in den Einstellungen auf der Seite „Tasten“ eine andere.</translation>
    </message>
    <message>
        <source>{keys} works now.</source>
        <translation>{keys} funktioniert jetzt.</translation>
    </message>
    <message>
        <source>{host} does not support HTTP/2, which this voice needs. A proxy in between may be the cause.</source>
        <translation>{host} unterstützt kein HTTP/2, das diese Stimme braucht. Vielleicht liegt es an einem Proxy dazwischen.</translation>
    </message>
    <message>
        <source>The address of the voice service must begin with https://, but it is “{url}”.</source>
        <translation>Die Adresse des Sprachdienstes muss mit https:// beginnen, lautet aber „{url}“.</translation>
    </message>
    <message>
        <source>The certificates in {file} (AWS_CA_BUNDLE) can&apos;t be read.</source>
        <translation>Die Zertifikate in {file} (AWS_CA_BUNDLE) lassen sich nicht lesen.</translation>
    </message>
    <message>
        <source>{host} can&apos;t be found. Check your network connection and the region.</source>
        <translation>{host} ist nicht zu finden. Prüfen Sie Ihre Netzverbindung und die Region.</translation>
    </message>
    <message>
        <source>Nothing was heard. Try again.</source>
        <translation>Es war nichts zu hören. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The client has disconnected.</source>
        <translation>Das aufrufende Programm hat die Verbindung beendet.</translation>
    </message>
    <message>
        <source>({script} text)</source>
        <translation>(Text in {script}-Schrift)</translation>
    </message>
    <message>
        <source>There is no voice on this computer. Reinstall Harken.</source>
        <translation>Auf diesem Computer gibt es keine Stimme. Installieren Sie Harken neu.</translation>
    </message>
    <message>
        <source>There is nothing to resume. Select some text and read it.</source>
        <translation>Es gibt nichts weiterzulesen. Markieren Sie einen Text und lassen Sie ihn vorlesen.</translation>
    </message>
    <message>
        <source>Nothing is being read. Select some text and read it.</source>
        <translation>Gerade wird nichts gelesen. Markieren Sie einen Text und lassen Sie ihn vorlesen.</translation>
    </message>
    <message numerus="yes">
        <source>%n words a minute</source>
        <translation>
            <numerusform>%n Wort pro Minute</numerusform>
            <numerusform>%n Wörter pro Minute</numerusform>
        </translation>
    </message>
    <message>
        <source>Harken could not look for text. Run “harken doctor” to find the log.</source>
        <translation>Harken konnte nicht nach Text suchen. „harken doctor“ zeigt, wo das Protokoll liegt.</translation>
    </message>
    <message>
        <source>{problem} {voice} will read instead.</source>
        <translation>{problem} Stattdessen liest {voice}.</translation>
    </message>
    <message>
        <source>There is no voice “{voice}” here. “harken voices” lists all voices.</source>
        <translation>Hier gibt es keine Stimme „{voice}“. „harken voices“ zeigt alle Stimmen.</translation>
    </message>
    <message>
        <source>The text is too long. Harken reads only the first part.</source>
        <translation>Der Text ist zu lang. Harken liest nur den ersten Teil.</translation>
    </message>
    <message>
        <source>Harken could not read this. Run “harken doctor” to find the log.</source>
        <translation>Harken konnte das nicht lesen. „harken doctor“ zeigt, wo das Protokoll liegt.</translation>
    </message>
    <message>
        <source>The voices of “{voice}” are not ready yet. Try again in a moment.</source>
        <translation>Die Stimmen von „{voice}“ sind noch nicht bereit. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>There is nothing in this text that can be read aloud.</source>
        <translation>In diesem Text ist nichts, was sich vorlesen lässt.</translation>
    </message>
    <message>
        <source>{voice} can&apos;t say part of this text. {other} says that part.</source>
        <translation>{voice} kann einen Teil dieses Textes nicht sprechen. {other} spricht ihn.</translation>
    </message>
    <message>
        <source>{voice} can&apos;t say part of this text. That part is left out.</source>
        <translation>{voice} kann einen Teil dieses Textes nicht sprechen. Er wird ausgelassen.</translation>
    </message>
    <message>
        <source>{problem} Reading will resume when it is back.</source>
        <translation>{problem} Weitergelesen wird, sobald die Stimme wieder da ist.</translation>
    </message>
    <message>
        <source>a line in it is thousands of characters long</source>
        <translation>eine Zeile darin ist Tausende von Zeichen lang</translation>
    </message>
    <message>
        <source>a number in it is too large, or it is nested too deeply</source>
        <translation>eine Zahl darin ist zu groß, oder sie ist zu tief verschachtelt</translation>
    </message>
    <message>
        <source>“{name}” in it is not a table</source>
        <translation>„{name}“ darin ist keine Tabelle</translation>
    </message>
    <message>
        <source>its comments could not be kept</source>
        <translation>ihre Kommentare ließen sich nicht erhalten</translation>
    </message>
    <message>
        <source>{folder} can&apos;t be used ({reason}). Set XDG_RUNTIME_DIR to a folder of your own.</source>
        <translation>{folder} ist nicht verwendbar ({reason}). Setzen Sie XDG_RUNTIME_DIR auf einen eigenen Ordner.</translation>
    </message>
    <message>
        <source>Other users can open {folder}. Restrict it to yourself (mode 700), then start Harken again.</source>
        <translation>Andere Benutzer können {folder} öffnen. Beschränken Sie den Zugriff auf sich selbst (Modus 700), und starten Sie Harken neu.</translation>
    </message>
    <message>
        <source>{key}: {problem}</source>
        <translation>{key}: {problem}</translation>
    </message>
    <message>
        <source>{chord} is already used for “{command}”. Change that first.</source>
        <translation>{chord} ist schon mit „{command}“ belegt. Ändern Sie zuerst diese Belegung.</translation>
    </message>
    <message>
        <source>There is no setting “{key}”. “harken settings list” lists them all.</source>
        <translation>Es gibt keine Einstellung „{key}“. „harken settings list“ zeigt alle.</translation>
    </message>
    <message>
        <source>{chord} is set twice. It is used for “{kept}”, and “{lost}” has no key.</source>
        <translation>{chord} ist zweimal belegt. Die Taste gilt für „{kept}“, und „{lost}“ hat keine.</translation>
    </message>
    <message>
        <source>it is too large</source>
        <translation>sie ist zu groß</translation>
    </message>
    <message>
        <source>it is not UTF-8 text</source>
        <translation>sie ist kein UTF-8-Text</translation>
    </message>
    <message>
        <source>it is not JSON</source>
        <translation>sie ist kein JSON</translation>
    </message>
    <message>
        <source>another program is changing it</source>
        <translation>ein anderes Programm ändert sie gerade</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>sie ist ein Ordner</translation>
    </message>
    <message>
        <source>it is not a file but a device, a pipe or a socket</source>
        <translation>sie ist keine Datei, sondern ein Gerät, eine Pipe oder ein Socket</translation>
    </message>
    <message numerus="yes">
        <source>The SSML is too long: the limit is %Ln characters.</source>
        <translation>
            <numerusform>Das SSML ist zu lang: Möglich ist ein Zeichen.</numerusform>
            <numerusform>Das SSML ist zu lang: Möglich sind %Ln Zeichen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The SSML has too much text: the limit is %Ln characters without markup.</source>
        <translation>
            <numerusform>Das SSML hat zu viel Text: Ohne Auszeichnung ist ein Zeichen möglich.</numerusform>
            <numerusform>Das SSML hat zu viel Text: Ohne Auszeichnung sind %Ln Zeichen möglich.</numerusform>
        </translation>
    </message>
    <message>
        <source>The SSML is not well-formed: {what}, line {line}.</source>
        <translation>Das SSML ist nicht wohlgeformt: {what}, Zeile {line}.</translation>
    </message>
    <message>
        <source>The SSML must begin with &lt;speak&gt; and end with &lt;/speak&gt;.</source>
        <translation>Das SSML muss mit &lt;speak&gt; beginnen und mit &lt;/speak&gt; enden.</translation>
    </message>
    <message>
        <source>What the voice service sent was damaged on the way.</source>
        <translation>Was der Sprachdienst gesendet hat, wurde unterwegs beschädigt.</translation>
    </message>
    <message>
        <source>Too many programs are connected to Harken. Try again in a moment.</source>
        <translation>Zu viele Programme sind mit Harken verbunden. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>Harken did not understand the message ({why}).</source>
        <translation>Harken hat die Nachricht nicht verstanden ({why}).</translation>
    </message>
    <message>
        <source>the desktop&apos;s settings</source>
        <translation>den Einstellungen der Arbeitsumgebung</translation>
    </message>
    <message>
        <source>Settings, Apps, Harken, Global Shortcuts</source>
        <translation>Einstellungen, Apps, Harken, Globale Tastenkürzel</translation>
    </message>
    <message>
        <source>System Settings, Keyboard, Shortcuts</source>
        <translation>Systemeinstellungen, Tastatur, Kurzbefehle</translation>
    </message>
    <message>
        <source>the desktop&apos;s own settings</source>
        <translation>Einstellungen der Arbeitsumgebung</translation>
    </message>
    <message>
        <source>Your desktop remembers these keys. Change them in {place}.</source>
        <translation>Ihre Arbeitsumgebung merkt sich diese Tasten. Ändern Sie sie hier: {place}.</translation>
    </message>
    <message>
        <source>Your desktop gave “{command}” no key. Set one in {place}.</source>
        <translation>Ihre Arbeitsumgebung hat „{command}“ keine Taste gegeben. Legen Sie hier eine fest: {place}.</translation>
    </message>
    <message>
        <source>On this desktop, Harken&apos;s keys would also reach the program in front and could change its text. Choose F1 to F24 or Pause on the Keys page of the settings.</source>
        <translation>In dieser Arbeitsumgebung kämen Harkens Tasten auch beim Programm im Vordergrund an und könnten dort Text verändern. Wählen Sie in den Einstellungen auf der Seite „Tasten“ F1 bis F24 oder Pause.</translation>
    </message>
    <message>
        <source>{program} already uses {key} for “{action}”. Change one of the two in {place}.</source>
        <translation>{program} verwendet {key} schon für „{action}“. Ändern Sie eine der beiden Tasten hier: {place}.</translation>
    </message>
    <message>
        <source>The voice service did not answer in time.</source>
        <translation>Der Sprachdienst hat nicht rechtzeitig geantwortet.</translation>
    </message>
    <message>
        <source>The connection to the voice service was lost.</source>
        <translation>Die Verbindung zum Sprachdienst ist abgerissen.</translation>
    </message>
    <message>
        <source>Harken can&apos;t use the proxy “{proxy}” ({source}). It must have the form http://host:port or https://host:port.</source>
        <translation>Harken kann den Proxy „{proxy}“ nicht benutzen ({source}). Er muss die Form http://host:port oder https://host:port haben.</translation>
    </message>
    <message>
        <source>{problem} The proxy comes from {source}.</source>
        <translation>{problem} Der Proxy stammt aus {source}.</translation>
    </message>
    <message>
        <source>The proxy {proxy} requires a user name and password. Put them in its address, as in http://name:password@host:port ({source}).</source>
        <translation>Der Proxy {proxy} verlangt einen Benutzernamen und ein Passwort. Schreiben Sie beides in seine Adresse, wie in http://name:password@host:port ({source}).</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not accept the user name and password in its address ({source}). Correct them.</source>
        <translation>Der Proxy {proxy} nimmt Benutzernamen und Passwort in seiner Adresse nicht an ({source}). Berichtigen Sie beides.</translation>
    </message>
    <message>
        <source>The proxy {proxy} requires a kind of sign-in that Harken does not support ({kinds}). Ask its operator for one with a user name and password.</source>
        <translation>Der Proxy {proxy} verlangt eine Anmeldung, die Harken nicht beherrscht ({kinds}). Bitten Sie seinen Betreiber um eine mit Benutzernamen und Passwort.</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not allow connections to {host} ({status}). Ask its operator to allow them.</source>
        <translation>Der Proxy {proxy} erlaubt keine Verbindungen zu {host} ({status}). Bitten Sie seinen Betreiber, sie zu erlauben.</translation>
    </message>
    <message>
        <source>The proxy {proxy} can&apos;t reach {host} ({status}). Try again later, or ask its operator.</source>
        <translation>Der Proxy {proxy} kann {host} nicht erreichen ({status}). Versuchen Sie es später noch einmal, oder fragen Sie seinen Betreiber.</translation>
    </message>
    <message>
        <source>The proxy {proxy} refused to connect to {host} ({status}).</source>
        <translation>Der Proxy {proxy} hat die Verbindung zu {host} abgelehnt ({status}).</translation>
    </message>
    <message>
        <source>The server at {proxy} is not an HTTP proxy. Check the proxy&apos;s address ({source}).</source>
        <translation>Was unter {proxy} antwortet, ist kein HTTP-Proxy. Prüfen Sie die Adresse des Proxys ({source}).</translation>
    </message>
    <message>
        <source>The proxy {proxy} closed the connection without answering.</source>
        <translation>Der Proxy {proxy} hat die Verbindung ohne Antwort geschlossen.</translation>
    </message>
    <message>
        <source>The proxy {proxy} did not answer in time.</source>
        <translation>Der Proxy {proxy} hat nicht rechtzeitig geantwortet.</translation>
    </message>
    <message>
        <source>{host} refuses connections. It may be down, or blocked by a firewall.</source>
        <translation>{host} lehnt Verbindungen ab. Vielleicht ist der Dienst ausgefallen oder von einer Firewall gesperrt.</translation>
    </message>
    <message>
        <source>{host} can&apos;t be found: no name server answers. Check your network connection.</source>
        <translation>{host} ist nicht zu finden: Kein Namensserver antwortet. Prüfen Sie Ihre Netzverbindung.</translation>
    </message>
    <message>
        <source>There is no route to {host}. Check your network connection.</source>
        <translation>Es gibt keinen Weg zu {host}. Prüfen Sie Ihre Netzverbindung.</translation>
    </message>
    <message>
        <source>{host} did not answer in time. The network may be slow, or a firewall may be blocking it.</source>
        <translation>{host} hat nicht rechtzeitig geantwortet. Vielleicht ist das Netz langsam, oder eine Firewall sperrt die Verbindung.</translation>
    </message>
    <message>
        <source>This computer does not let Harken connect to {host}. Allow it in the firewall.</source>
        <translation>Dieser Computer lässt Harken keine Verbindung zu {host} aufbauen. Erlauben Sie das in der Firewall.</translation>
    </message>
    <message>
        <source>{host} closed the connection before it was secured. It may be down, or blocked by a firewall.</source>
        <translation>{host} hat die Verbindung geschlossen, bevor sie gesichert war. Vielleicht ist der Dienst ausgefallen oder von einer Firewall gesperrt.</translation>
    </message>
    <message>
        <source>{host} does not support TLS at this address. Check the address.</source>
        <translation>{host} unterstützt unter dieser Adresse kein TLS. Prüfen Sie die Adresse.</translation>
    </message>
    <message>
        <source>Harken can&apos;t make a secure connection to {host} ({reason}).</source>
        <translation>Zu {host} lässt sich keine sichere Verbindung herstellen ({reason}).</translation>
    </message>
    <message>
        <source>{host} can&apos;t be reached ({reason}).</source>
        <translation>{host} ist nicht erreichbar ({reason}).</translation>
    </message>
    <message>
        <source>The certificate of {host} has expired. If this computer&apos;s date is right, the operator of {host} has to renew it.</source>
        <translation>Das Zertifikat von {host} ist abgelaufen. Wenn das Datum dieses Computers stimmt, muss der Betreiber von {host} es erneuern.</translation>
    </message>
    <message>
        <source>The certificate of {host} is not valid yet. Correct this computer&apos;s date.</source>
        <translation>Das Zertifikat von {host} ist noch nicht gültig. Stellen Sie das Datum dieses Computers richtig.</translation>
    </message>
    <message>
        <source>The certificate of {host} is for a different name. Check the address. If this network requires it, sign in with a browser first.</source>
        <translation>Das Zertifikat von {host} gilt für einen anderen Namen. Prüfen Sie die Adresse. Wenn dieses Netz es verlangt, melden Sie sich zuerst im Browser an.</translation>
    </message>
    <message>
        <source>The certificate of {host} is not trusted because {host} signed it itself. If that is intended, set AWS_CA_BUNDLE to a file that contains it.</source>
        <translation>Dem Zertifikat von {host} wird nicht vertraut, weil {host} es selbst unterschrieben hat. Wenn das so sein soll, setzen Sie AWS_CA_BUNDLE auf eine Datei, die es enthält.</translation>
    </message>
    <message>
        <source>The certificate of {host} is not trusted because its issuer is unknown here. If your network inspects connections, set AWS_CA_BUNDLE to a file that contains its certificates.</source>
        <translation>Dem Zertifikat von {host} wird nicht vertraut, weil sein Aussteller hier nicht bekannt ist. Wenn Ihr Netz Verbindungen überprüft, setzen Sie AWS_CA_BUNDLE auf eine Datei, die dessen Zertifikate enthält.</translation>
    </message>
    <message>
        <source>The certificate of {host} is not accepted ({reason}).</source>
        <translation>Das Zertifikat von {host} wird nicht angenommen ({reason}).</translation>
    </message>
    <message>
        <source>{file} can&apos;t be written ({why}), so what is read is not recorded.</source>
        <translation>{file} kann nicht geschrieben werden ({why}). Deshalb wird nicht aufgezeichnet, was gelesen wird.</translation>
    </message>
    <message>
        <source>There is no voice “{voice}” here. Did you mean {voices}?</source>
        <translation>Die Stimme „{voice}“ gibt es hier nicht. Meinten Sie {voices}?</translation>
    </message>
    <message numerus="yes">
        <source>{sentence} This happened %n more times in the last minute.</source>
        <translation>
            <numerusform>{sentence} Das geschah in der letzten Minute noch einmal.</numerusform>
            <numerusform>{sentence} Das geschah in der letzten Minute noch %n-mal.</numerusform>
        </translation>
    </message>
    <message>
        <source>Harken left something out of this text: {what}. See “What is read” in the settings.</source>
        <translation>Harken hat in diesem Text etwas ausgelassen: {what}. Siehe „Was gelesen wird“ in den Einstellungen.</translation>
    </message>
    <message>
        <source>Harken left out {percent}% of this text: {what}. See “What is read” in the settings.</source>
        <translation>Harken hat {percent} % dieses Textes ausgelassen: {what}. Siehe „Was gelesen wird“ in den Einstellungen.</translation>
    </message>
    <message>
        <source>This is the fastest.</source>
        <translation>Schneller geht es nicht.</translation>
    </message>
    <message>
        <source>This is the slowest.</source>
        <translation>Langsamer geht es nicht.</translation>
    </message>
    <message>
        <source>This is the loudest.</source>
        <translation>Lauter geht es nicht.</translation>
    </message>
    <message>
        <source>This is the quietest.</source>
        <translation>Leiser geht es nicht.</translation>
    </message>
    <message>
        <source>{problem} {voice} continues.</source>
        <translation>{problem} Es liest weiter: {voice}.</translation>
    </message>
    <message>
        <source>“{value}” is not the name of a voice. “harken voices” lists them, for example neural/heart or espeak/de.</source>
        <translation>„{value}“ ist kein Name einer Stimme. „harken voices“ zeigt die Namen, zum Beispiel neural/heart oder espeak/de.</translation>
    </message>
    <message>
        <source>Use “on” or “off” for {key}, not “{text}”.</source>
        <translation>{key} ist „on“ oder „off“, nicht „{text}“.</translation>
    </message>
    <message>
        <source>Use true or false, not {value}.</source>
        <translation>Möglich ist true oder false, nicht {value}.</translation>
    </message>
    <message>
        <source>Use a number from {low:g} to {high:.10g} {unit}, not {value}.</source>
        <translation>Möglich ist eine Zahl von {low:g} bis {high:.10g} {unit}, nicht {value}.</translation>
    </message>
    <message>
        <source>Use a number from {low:g} to {high:.10g}, not {value}.</source>
        <translation>Möglich ist eine Zahl von {low:g} bis {high:.10g}, nicht {value}.</translation>
    </message>
    <message>
        <source>Choose {values} or {last}, not {value}.</source>
        <translation>Möglich ist {values} oder {last}, nicht {value}.</translation>
    </message>
    <message>
        <source>Choose {values} or {last}, or &quot;&quot; for automatic, not {value}.</source>
        <translation>Möglich ist {values} oder {last}, oder &quot;&quot; für automatisch, nicht {value}.</translation>
    </message>
    <message>
        <source>Use text, not {value}.</source>
        <translation>Möglich ist ein Text, nicht {value}.</translation>
    </message>
    <message>
        <source>Use one line of at most {limit} characters, not {value}.</source>
        <translation>Möglich ist eine Zeile mit höchstens {limit} Zeichen, nicht {value}.</translation>
    </message>
    <message>
        <source>{file} can&apos;t be read ({why}). Harken uses the defaults until you correct the file.</source>
        <translation>{file} kann nicht gelesen werden ({why}). Bis Sie die Datei berichtigen, gelten die Standardwerte.</translation>
    </message>
    <message>
        <source>{file} can&apos;t be read ({why}). Harken keeps the current settings until you correct the file.</source>
        <translation>{file} kann nicht gelesen werden ({why}). Bis Sie die Datei berichtigen, gelten die bisherigen Einstellungen.</translation>
    </message>
    <message>
        <source>{key} in {file}: {problem} Harken uses {value}.</source>
        <translation>{key} in {file}: {problem} Harken verwendet {value}.</translation>
    </message>
    <message>
        <source>The settings file was rewritten ({why}). The old one is kept as {file}.</source>
        <translation>Die Einstellungsdatei wurde neu geschrieben ({why}). Die alte ist als {file} aufbewahrt.</translation>
    </message>
    <message>
        <source>There is no setting “{key}”. Did you mean {keys}?</source>
        <translation>Es gibt keine Einstellung „{key}“. Meinten Sie {keys}?</translation>
    </message>
    <message>
        <source>The SSML can&apos;t have a document type (&lt;!DOCTYPE …&gt;).</source>
        <translation>Das SSML darf keinen Dokumenttyp haben (&lt;!DOCTYPE …&gt;).</translation>
    </message>
    <message>
        <source>Harken {newest} is available; you have {version}. {page}</source>
        <translation>Harken {newest} ist erschienen; Sie haben {version}. {page}</translation>
    </message>
    <message>
        <source>Heart (natural, American English)</source>
        <translation>Heart (natürlich, amerikanisches Englisch)</translation>
    </message>
    <message>
        <source>The voice “{voice}” does not start. Reinstall Harken.</source>
        <translation>Die Stimme „{voice}“ startet nicht. Installieren Sie Harken neu.</translation>
    </message>
    <message>
        <source>The voice “{voice}” can&apos;t be used on this computer. Reinstall Harken.</source>
        <translation>Die Stimme „{voice}“ ist auf diesem Computer nicht verwendbar. Installieren Sie Harken neu.</translation>
    </message>
    <message>
        <source>The voice “{voice}” keeps failing.</source>
        <translation>Die Stimme „{voice}“ fällt immer wieder aus.</translation>
    </message>
    <message>
        <source>The connection to Amazon Polly was lost.</source>
        <translation>Die Verbindung zu Amazon Polly ist abgerissen.</translation>
    </message>
    <message>
        <source>not checked, because {operation} failed</source>
        <translation>nicht geprüft, weil {operation} gescheitert ist</translation>
    </message>
    <message>
        <source>this region does not have it</source>
        <translation>in dieser Region gibt es das nicht</translation>
    </message>
    <message>
        <source>it does not accept {what}: {reason}</source>
        <translation>nicht angenommen wird {what}: {reason}</translation>
    </message>
    <message>
        <source>the account lacks the permission polly:{operation}.</source>
        <translation>dem Konto fehlt die Berechtigung polly:{operation}.</translation>
    </message>
    <message>
        <source>the account lacks the permission polly:{operation}. Amazon says: {said}</source>
        <translation>dem Konto fehlt die Berechtigung polly:{operation}. Amazon sagt: {said}</translation>
    </message>
    <message>
        <source>there is no voice {voice}</source>
        <translation>es gibt keine Stimme {voice}</translation>
    </message>
    <message>
        <source>{voice} in {format} at {rate} Hz</source>
        <translation>{voice} in {format} mit {rate} Hz</translation>
    </message>
    <message>
        <source>{voice} in {format} at {rate} Hz with the lexicons {lexicons}</source>
        <translation>{voice} in {format} mit {rate} Hz und den Lexika {lexicons}</translation>
    </message>
    <message>
        <source>Amazon Polly has stopped answering.</source>
        <translation>Amazon Polly antwortet nicht mehr.</translation>
    </message>
    <message>
        <source>Amazon Polly lists no voices. Try again later.</source>
        <translation>Amazon Polly nennt keine Stimmen. Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>Amazon Polly does not accept this request. Choose another voice in the settings.</source>
        <translation>Amazon Polly nimmt diese Anfrage nicht an. Wählen Sie in den Einstellungen eine andere Stimme.</translation>
    </message>
    <message>
        <source>This reading was stopped.</source>
        <translation>Das Vorlesen wurde beendet.</translation>
    </message>
    <message>
        <source>{file} can&apos;t be read ({why}), so earlier usage is not counted.</source>
        <translation>{file} kann nicht gelesen werden ({why}). Deshalb zählt der bisherige Verbrauch nicht mit.</translation>
    </message>
    <message>
        <source>This month&apos;s limit of {limit} characters for Amazon Polly has been reached.</source>
        <translation>Das Limit dieses Monats von {limit} Zeichen für Amazon Polly ist erreicht.</translation>
    </message>
    <message>
        <source>its contents are damaged</source>
        <translation>ihr Inhalt ist beschädigt</translation>
    </message>
    <message>
        <source>Amazon Polly does not accept these lexicons. Choose others, or none, in the settings.</source>
        <translation>Amazon Polly nimmt diese Lexika nicht an. Wählen Sie in den Einstellungen andere oder keine.</translation>
    </message>
    <message>
        <source>Amazon Polly does not accept this audio format. Choose another one in the settings.</source>
        <translation>Amazon Polly nimmt dieses Tonformat nicht an. Wählen Sie in den Einstellungen ein anderes.</translation>
    </message>
    <message>
        <source>Amazon Polly does not have this voice. Choose another one in the settings.</source>
        <translation>Amazon Polly hat diese Stimme nicht. Wählen Sie in den Einstellungen eine andere.</translation>
    </message>
    <message>
        <source>This text is too long for Amazon Polly. Choose another voice in the settings.</source>
        <translation>Dieser Text ist zu lang für Amazon Polly. Wählen Sie in den Einstellungen eine andere Stimme.</translation>
    </message>
    <message>
        <source>Your AWS sign-in has expired. Sign in again, for example with “aws sso login”.</source>
        <translation>Ihre AWS-Anmeldung ist abgelaufen. Melden Sie sich neu an, zum Beispiel mit „aws sso login“.</translation>
    </message>
    <message>
        <source>Your AWS account is not allowed to use this voice. Ask for the permissions polly:StartSpeechSynthesisStream, polly:SynthesizeSpeech and polly:DescribeVoices.</source>
        <translation>Ihr AWS-Konto darf diese Stimme nicht verwenden. Bitten Sie um die Berechtigungen polly:StartSpeechSynthesisStream, polly:SynthesizeSpeech und polly:DescribeVoices.</translation>
    </message>
    <message>
        <source>Amazon does not accept your AWS keys. Run “harken doctor” to see where they come from.</source>
        <translation>Amazon nimmt Ihre AWS-Schlüssel nicht an. „harken doctor“ zeigt, woher sie kommen.</translation>
    </message>
    <message>
        <source>Amazon Polly does not accept this voice, format or text. Choose another voice in the settings.</source>
        <translation>Amazon Polly nimmt diese Stimme, dieses Format oder diesen Text nicht an. Wählen Sie in den Einstellungen eine andere Stimme.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is wrong, so Amazon refuses its requests. Set the clock.</source>
        <translation>Die Uhr dieses Computers geht falsch, darum weist Amazon seine Anfragen ab. Stellen Sie die Uhr.</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Use a language code such as en or de, not “{value}”.</source>
        <translation>Möglich ist das Kürzel einer Sprache wie en oder de, nicht „{value}“.</translation>
    </message>
    <message>
        <source>Use up to five names, made of letters and digits and separated by commas, not “{value}”.</source>
        <translation>Möglich sind bis zu fünf Namen aus Buchstaben und Ziffern, mit Kommas getrennt, nicht „{value}“.</translation>
    </message>
    <message>
        <source>Use the name of a region, such as eu-central-1, not “{value}”.</source>
        <translation>Möglich ist der Name einer Region wie eu-central-1, nicht „{value}“.</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Stimme</translation>
    </message>
    <message>
        <source>A voice that you choose reads every language it knows. Automatic: the text&apos;s language decides.</source>
        <translation>Liest jede Sprache, die diese Stimme kann. Automatisch: nach der Sprache des Textes.</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>1 is the voice&apos;s normal speed, about 200 words a minute.</source>
        <translation>1 ist das normale Tempo der Stimme, etwa 200 Wörter pro Minute.</translation>
    </message>
    <message>
        <source>Always read as</source>
        <translation>Immer lesen als</translation>
    </message>
    <message>
        <source>Automatic: detected for each part of a text.</source>
        <translation>Automatisch: für jeden Teil eines Textes erkannt.</translation>
    </message>
    <message>
        <source>Assume for very short texts</source>
        <translation>Bei sehr kurzen Texten annehmen</translation>
    </message>
    <message>
        <source>Used when a text is too short to detect its language.</source>
        <translation>Wenn ein Text zu kurz ist, um seine Sprache zu erkennen.</translation>
    </message>
    <message>
        <source>When a voice fails, continue with another</source>
        <translation>Wenn eine Stimme ausfällt, mit einer anderen weiterlesen</translation>
    </message>
    <message>
        <source>Otherwise Harken says what happened and waits.</source>
        <translation>Sonst sagt Harken, was geschehen ist, und wartet.</translation>
    </message>
    <message>
        <source>Backup voice</source>
        <translation>Ersatzstimme</translation>
    </message>
    <message>
        <source>Used when the chosen voice fails. Automatic: the best one on this computer.</source>
        <translation>Wenn die gewählte Stimme ausfällt. Automatisch: die beste auf diesem Computer.</translation>
    </message>
    <message>
        <source>If nothing is selected, read the focused text</source>
        <translation>Ist nichts markiert, den Text mit dem Fokus lesen</translation>
    </message>
    <message>
        <source>Starts at the paragraph with the cursor. Buttons and lists are described.</source>
        <translation>Beginnt bei dem Absatz mit dem Cursor. Schaltflächen und Listen werden beschrieben.</translation>
    </message>
    <message>
        <source>If there is nothing else to read, read the clipboard</source>
        <translation>Gibt es sonst nichts zu lesen, die Zwischenablage lesen</translation>
    </message>
    <message>
        <source>Whatever you copied last.</source>
        <translation>Was Sie zuletzt kopiert haben.</translation>
    </message>
    <message>
        <source>Read new selections automatically</source>
        <translation>Neue Markierungen von selbst lesen</translation>
    </message>
    <message>
        <source>As soon as you select something, without a key.</source>
        <translation>Sobald Sie etwas markieren, ohne Taste.</translation>
    </message>
    <message>
        <source>Remember the last twenty texts</source>
        <translation>Die letzten zwanzig Texte merken</translation>
    </message>
    <message>
        <source>Until Harken quits, so that you can hear them again. Never written to a file.</source>
        <translation>Bis Harken beendet wird, damit Sie sie noch einmal hören können. Nie in einer Datei.</translation>
    </message>
    <message>
        <source>Speak messages</source>
        <translation>Meldungen sprechen</translation>
    </message>
    <message>
        <source>Otherwise they are only shown. A running screen reader speaks them instead.</source>
        <translation>Sonst werden sie nur angezeigt. Läuft ein Screenreader, spricht er sie.</translation>
    </message>
    <message>
        <source>A tone on pause and resume</source>
        <translation>Ein Ton beim Anhalten und Weiterlesen</translation>
    </message>
    <message>
        <source>Low for pause, high for resume.</source>
        <translation>Tief beim Anhalten, hoch beim Weiterlesen.</translation>
    </message>
    <message>
        <source>A tone at the end of a text</source>
        <translation>Ein Ton am Ende eines Textes</translation>
    </message>
    <message>
        <source>So that you can tell the end from a long pause.</source>
        <translation>Damit Sie das Ende von einer langen Pause unterscheiden können.</translation>
    </message>
    <message>
        <source>Say the new speed</source>
        <translation>Das neue Tempo ansagen</translation>
    </message>
    <message>
        <source>When you change it while nothing is being read.</source>
        <translation>Wenn Sie es ändern, während nichts gelesen wird.</translation>
    </message>
    <message>
        <source>Ask all programs to report their focused text</source>
        <translation>Alle Programme bitten, ihren Text mit dem Fokus zu melden</translation>
    </message>
    <message>
        <source>Read selection, or stop</source>
        <translation>Markiertes lesen oder aufhören</translation>
    </message>
    <message>
        <source>Read focused text</source>
        <translation>Den Text mit dem Fokus lesen</translation>
    </message>
    <message>
        <source>Read clipboard</source>
        <translation>Zwischenablage lesen</translation>
    </message>
    <message>
        <source>Read word at cursor</source>
        <translation>Wort am Cursor lesen</translation>
    </message>
    <message>
        <source>Read line at cursor</source>
        <translation>Zeile am Cursor lesen</translation>
    </message>
    <message>
        <source>Read sentence at cursor</source>
        <translation>Satz am Cursor lesen</translation>
    </message>
    <message>
        <source>Read paragraph at cursor</source>
        <translation>Absatz am Cursor lesen</translation>
    </message>
    <message>
        <source>Read from cursor to end</source>
        <translation>Vom Cursor bis zum Ende lesen</translation>
    </message>
    <message>
        <source>Read whole document</source>
        <translation>Ganzes Dokument lesen</translation>
    </message>
    <message>
        <source>Read selection later</source>
        <translation>Markiertes später lesen</translation>
    </message>
    <message>
        <source>Read the queue</source>
        <translation>Warteliste lesen</translation>
    </message>
    <message>
        <source>Pause or resume</source>
        <translation>Anhalten oder weiterlesen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Aufhören</translation>
    </message>
    <message>
        <source>Next sentence</source>
        <translation>Nächster Satz</translation>
    </message>
    <message>
        <source>Previous sentence</source>
        <translation>Voriger Satz</translation>
    </message>
    <message>
        <source>Next paragraph</source>
        <translation>Nächster Absatz</translation>
    </message>
    <message>
        <source>Previous paragraph</source>
        <translation>Voriger Absatz</translation>
    </message>
    <message>
        <source>Repeat sentence</source>
        <translation>Satz wiederholen</translation>
    </message>
    <message>
        <source>Faster</source>
        <translation>Schneller</translation>
    </message>
    <message>
        <source>Slower</source>
        <translation>Langsamer</translation>
    </message>
    <message>
        <source>Louder</source>
        <translation>Lauter</translation>
    </message>
    <message>
        <source>Quieter</source>
        <translation>Leiser</translation>
    </message>
    <message>
        <source>Set a bookmark</source>
        <translation>Lesezeichen setzen</translation>
    </message>
    <message>
        <source>Sleep timer</source>
        <translation>Schlaf-Timer</translation>
    </message>
    <message>
        <source>Open the player</source>
        <translation>Player öffnen</translation>
    </message>
    <message>
        <source>Open the player when a reading begins</source>
        <translation>Player öffnen, wenn das Vorlesen beginnt</translation>
    </message>
    <message>
        <source>Without taking the keyboard from the program in front.</source>
        <translation>Die Tastatur bleibt beim Programm, das vorn ist.</translation>
    </message>
    <message>
        <source>Keep the player on top of other windows</source>
        <translation>Player vor anderen Fenstern halten</translation>
    </message>
    <message>
        <source>Not on Wayland, where programs can&apos;t ask for that.</source>
        <translation>Nicht unter Wayland, wo Programme darum nicht bitten können.</translation>
    </message>
    <message>
        <source>Text colours</source>
        <translation>Farben des Textes</translation>
    </message>
    <message>
        <source>Harken&apos;s windows follow the system, including its high contrast.</source>
        <translation>Die von Harkens Fenstern folgen auch dem hohen Kontrast des Systems.</translation>
    </message>
    <message>
        <source>Same as Harken&apos;s windows</source>
        <translation>Wie Harkens Fenster</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>Papier</translation>
    </message>
    <message>
        <source>Yellow on black</source>
        <translation>Gelb auf Schwarz</translation>
    </message>
    <message>
        <source>Your own</source>
        <translation>Eigene</translation>
    </message>
    <message>
        <source>Your own text colour</source>
        <translation>Eigene Farbe des Textes</translation>
    </message>
    <message>
        <source>It is also the background of the word you hear.</source>
        <translation>Das Wort, das man hört, hat sie als Hintergrund.</translation>
    </message>
    <message>
        <source>Your own background colour</source>
        <translation>Eigene Farbe des Hintergrunds</translation>
    </message>
    <message>
        <source>A soft colour, such as cream, is less tiring than white.</source>
        <translation>Eine sanfte Farbe wie Creme ermüdet weniger als Weiß.</translation>
    </message>
    <message>
        <source>Typeface</source>
        <translation>Schrift</translation>
    </message>
    <message>
        <source>Scripts that these typefaces do not cover are shown in the system&apos;s typeface.</source>
        <translation>Für Schriftzeichen, die diese nicht haben, dient die Schrift des Systems.</translation>
    </message>
    <message>
        <source>Atkinson Hyperlegible, for low vision</source>
        <translation>Atkinson Hyperlegible, bei Sehbehinderung</translation>
    </message>
    <message>
        <source>OpenDyslexic, for dyslexia</source>
        <translation>OpenDyslexic, bei Legasthenie</translation>
    </message>
    <message>
        <source>Show one line at a time</source>
        <translation>Nur eine Zeile auf einmal zeigen</translation>
    </message>
    <message>
        <source>The rest is dimmed. In the player, Ctrl+L turns this on and off.</source>
        <translation>Der Rest ist blass. Im Player schaltet auch Strg+L um.</translation>
    </message>
    <message>
        <source>Type size</source>
        <translation>Schriftgröße</translation>
    </message>
    <message>
        <source>In the player, Ctrl with + or - changes it, too.</source>
        <translation>Im Player ändert sie auch Strg mit + und -.</translation>
    </message>
    <message>
        <source>pt</source>
        <translation>pt</translation>
    </message>
    <message>
        <source>Line length</source>
        <translation>Zeilenlänge</translation>
    </message>
    <message>
        <source>If the window is wide enough.</source>
        <translation>Soweit das Fenster breit genug ist.</translation>
    </message>
    <message>
        <source>Line spacing</source>
        <translation>Zeilenabstand</translation>
    </message>
    <message>
        <source>100%: as the typeface was designed.</source>
        <translation>100 %: so eng, wie es die Schrift vorsieht.</translation>
    </message>
    <message>
        <source>Letter spacing</source>
        <translation>Buchstabenabstand</translation>
    </message>
    <message>
        <source>Added between letters, as a share of the type size.</source>
        <translation>Anteil der Schriftgröße, zusätzlich zwischen Buchstaben.</translation>
    </message>
    <message>
        <source>Word spacing</source>
        <translation>Wortabstand</translation>
    </message>
    <message>
        <source>Added between words, as a share of the type size.</source>
        <translation>Anteil der Schriftgröße, zusätzlich zwischen Wörtern.</translation>
    </message>
    <message>
        <source>Use languages and voices, such as de=piper/de_DE-kerstin-low, not “{value}”.</source>
        <translation>Verwenden Sie Sprachen und Stimmen, etwa de=piper/de_DE-kerstin-low, nicht „{value}“.</translation>
    </message>
    <message>
        <source>Voices for particular languages</source>
        <translation>Stimmen für einzelne Sprachen</translation>
    </message>
    <message>
        <source>For example de=piper/de_DE-kerstin-low. Used while the voice is automatic.</source>
        <translation>Etwa de=piper/de_DE-kerstin-low; gilt, solange die Stimme automatisch ist.</translation>
    </message>
    <message>
        <source>Prepare each new selection</source>
        <translation>Jede neue Markierung vorbereiten</translation>
    </message>
    <message>
        <source>Its first words are ready when you press the key. Only with a voice on this computer.</source>
        <translation>Ihre ersten Worte sind bereit, wenn Sie die Taste drücken. Nur mit einer Stimme auf diesem Computer.</translation>
    </message>
    <message>
        <source>Say what gets the focus</source>
        <translation>Ansagen, was den Fokus bekommt</translation>
    </message>
    <message>
        <source>Each control as you move to it, with a voice on this computer.</source>
        <translation>Jedes Element, zu dem Sie kommen, mit einer Stimme auf diesem Computer.</translation>
    </message>
    <message>
        <source>Say what the pointer rests on</source>
        <translation>Ansagen, worauf der Mauszeiger ruht</translation>
    </message>
    <message>
        <source>Not on Wayland, where programs can&apos;t see where the pointer is.</source>
        <translation>Nicht unter Wayland: Dort sehen Programme nicht, wo der Mauszeiger ist.</translation>
    </message>
    <message>
        <source>Continue where you stopped</source>
        <translation>Dort weiterlesen, wo ein Text aufgehört hat</translation>
    </message>
    <message>
        <source>When you have the same text read again. Press the key twice to start from the beginning.</source>
        <translation>Wenn derselbe Text noch einmal gelesen wird. Zweimal drücken beginnt von vorn.</translation>
    </message>
    <message>
        <source>Remember the place in long texts and documents</source>
        <translation>Die Stelle in langen Texten und Dateien merken</translation>
    </message>
    <message>
        <source>Even after Harken quits: positions and fingerprints, not the texts.</source>
        <translation>Auch wenn Harken endet: Stellen und Fingerabdrücke, nicht die Texte.</translation>
    </message>
    <message>
        <source>Keep the texts as well</source>
        <translation>Auch die Texte behalten</translation>
    </message>
    <message>
        <source>In files that only you can read, so that Harken can continue them by itself.</source>
        <translation>In Dateien, die nur Sie lesen können. Dann kann Harken sie selbst fortsetzen.</translation>
    </message>
    <message>
        <source>Turns on the desktop&apos;s accessibility. Some programs must then be restarted.</source>
        <translation>Schaltet die Barrierefreiheit der Arbeitsumgebung ein. Einige Programme müssen dann neu gestartet werden.</translation>
    </message>
    <message>
        <source>Esc stops reading</source>
        <translation>Esc beendet das Vorlesen</translation>
    </message>
    <message>
        <source>When nothing is being read, Esc goes to the program in front.</source>
        <translation>Wird nichts gelesen, gehört Esc dem Programm im Vordergrund.</translation>
    </message>
    <message>
        <source>Media keys and headset buttons</source>
        <translation>Medientasten und Kopfhörertasten</translation>
    </message>
    <message>
        <source>Play, pause, next and previous work while something is being read.</source>
        <translation>Wiedergabe, Pause, Vor und Zurück funktionieren, während etwas gelesen wird.</translation>
    </message>
    <message>
        <source>Sound output</source>
        <translation>Tonausgabe</translation>
    </message>
    <message>
        <source>Automatic: the system&apos;s default.</source>
        <translation>Automatisch: der Standard des Systems.</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Lautstärke</translation>
    </message>
    <message>
        <source>Affects Harken only.</source>
        <translation>Gilt nur für Harken.</translation>
    </message>
    <message>
        <source>Other programs&apos; volume while reading</source>
        <translation>Lautstärke anderer Programme beim Vorlesen</translation>
    </message>
    <message>
        <source>100%: unchanged.</source>
        <translation>100 %: unverändert.</translation>
    </message>
    <message>
        <source>Keep the output awake after speech</source>
        <translation>Die Tonausgabe nach dem Sprechen wach halten</translation>
    </message>
    <message>
        <source>For headsets that cut off the first word after a silence.</source>
        <translation>Für Kopfhörer, die nach einer Stille das erste Wort verschlucken.</translation>
    </message>
    <message>
        <source>s</source>
        <translation>s</translation>
    </message>
    <message>
        <source>AWS profile</source>
        <translation>AWS-Profil</translation>
    </message>
    <message>
        <source>Automatic: the account is found the way AWS&apos;s own tools find it.</source>
        <translation>Automatisch: Das Konto wird gefunden, wie es die Programme von AWS finden.</translation>
    </message>
    <message>
        <source>Source of AWS keys</source>
        <translation>Quelle der AWS-Schlüssel</translation>
    </message>
    <message>
        <source>Used when no profile is chosen.</source>
        <translation>Wenn kein Profil gewählt ist.</translation>
    </message>
    <message>
        <source>Automatic: the first that has keys</source>
        <translation>Automatisch: die erste, die Schlüssel hat</translation>
    </message>
    <message>
        <source>The environment only</source>
        <translation>Nur die Umgebung</translation>
    </message>
    <message>
        <source>Harken&apos;s keys in the keyring only</source>
        <translation>Nur Harkens Schlüssel im Schlüsselbund</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Region</translation>
    </message>
    <message>
        <source>Where the speech is generated. Automatic: the profile&apos;s region.</source>
        <translation>Wo die Sprache erzeugt wird. Automatisch: die Region des Profils.</translation>
    </message>
    <message>
        <source>Sound format</source>
        <translation>Tonformat</translation>
    </message>
    <message>
        <source>What is sent over the network.</source>
        <translation>Was über das Netz geht.</translation>
    </message>
    <message>
        <source>PCM (starts soonest)</source>
        <translation>PCM (beginnt am schnellsten)</translation>
    </message>
    <message>
        <source>MP3 (fuller sound)</source>
        <translation>MP3 (vollerer Klang)</translation>
    </message>
    <message>
        <source>Ogg Vorbis (fuller sound)</source>
        <translation>Ogg Vorbis (vollerer Klang)</translation>
    </message>
    <message>
        <source>Lexicons</source>
        <translation>Lexika</translation>
    </message>
    <message>
        <source>Up to five of the account&apos;s pronunciation lexicons, separated by commas.</source>
        <translation>Bis zu fünf Aussprachelexika des Kontos, mit Kommas getrennt.</translation>
    </message>
    <message>
        <source>Monthly limit</source>
        <translation>Monatslimit</translation>
    </message>
    <message>
        <source>After this many characters, a voice on this computer takes over. 0: no limit.</source>
        <translation>Nach so vielen Zeichen übernimmt eine Stimme auf diesem Computer. 0: kein Limit.</translation>
    </message>
    <message>
        <source>characters</source>
        <translation>Zeichen</translation>
    </message>
    <message>
        <source>Begins with https://, or with http:// for a server on this computer.</source>
        <translation>Beginnt mit https://, oder mit http:// für einen Server auf diesem Computer.</translation>
    </message>
    <message>
        <source>Start at login</source>
        <translation>Bei der Anmeldung starten</translation>
    </message>
    <message>
        <source>Harken starts with your desktop, in the tray.</source>
        <translation>Harken startet zusammen mit Ihrer Arbeitsumgebung, in der Leiste.</translation>
    </message>
    <message>
        <source>Keep the screen from locking while reading</source>
        <translation>Den Bildschirm beim Vorlesen nicht sperren lassen</translation>
    </message>
    <message>
        <source>So that a long text is not interrupted.</source>
        <translation>Damit ein langer Text nicht unterbrochen wird.</translation>
    </message>
    <message>
        <source>Language of Harken&apos;s windows</source>
        <translation>Sprache von Harkens Fenstern</translation>
    </message>
    <message>
        <source>Takes effect the next time Harken starts.</source>
        <translation>Gilt ab dem nächsten Start von Harken.</translation>
    </message>
    <message>
        <source>Same as the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Dark text on light, or light text on dark.</source>
        <translation>Dunkle Schrift auf Hell oder helle auf Dunkel.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Server&apos;s voice</source>
        <translation>Stimme des Servers</translation>
    </message>
    <message>
        <source>Its name on the server. The server&apos;s documentation lists the voices.</source>
        <translation>Mit ihrem Namen dort. Die Anleitung des Servers zählt sie auf.</translation>
    </message>
    <message>
        <source>Use the name of one voice, without spaces or slashes, not “{value}”.</source>
        <translation>Nehmen Sie den Namen einer Stimme, ohne Leerzeichen und Schrägstriche, nicht „{value}“.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Its name on the server. Leave this empty if the server has only one.</source>
        <translation>Mit seinem Namen dort. Leer bei einem Server, der nur eines hat.</translation>
    </message>
    <message>
        <source>Use the name of one model, without spaces, not “{value}”.</source>
        <translation>Nehmen Sie den Namen eines Modells, ohne Leerzeichen, nicht „{value}“.</translation>
    </message>
    <message>
        <source>Server&apos;s sound format</source>
        <translation>Klangformat des Servers</translation>
    </message>
    <message>
        <source>WAV (if PCM sounds too slow or too fast)</source>
        <translation>WAV (wenn PCM zu langsam oder zu schnell klingt)</translation>
    </message>
    <message>
        <source>MP3 (smallest)</source>
        <translation>MP3 (am kleinsten)</translation>
    </message>
    <message>
        <source>Let other programs use Amazon Polly</source>
        <translation>Andere Programme dürfen Amazon Polly nutzen</translation>
    </message>
    <message>
        <source>Programs that speak with Harken&apos;s voices. What they say is then sent to Amazon.</source>
        <translation>Programme, die mit Harkens Stimmen sprechen. Was sie sagen, wird dann an Amazon gesendet.</translation>
    </message>
    <message>
        <source>Check for a new version once a week</source>
        <translation>Einmal pro Woche nach einer neuen Version suchen</translation>
    </message>
    <message>
        <source>Harken only tells you. It installs nothing.</source>
        <translation>Harken meldet sie nur und installiert nichts.</translation>
    </message>
    <message>
        <source>Read them</source>
        <translation>Vorlesen</translation>
    </message>
    <message>
        <source>Leave them out</source>
        <translation>Auslassen</translation>
    </message>
    <message>
        <source>Web addresses</source>
        <translation>Webadressen</translation>
    </message>
    <message>
        <source>In example.com/a/b, the site&apos;s name is example.com.</source>
        <translation>Bei example.com/a/b ist example.com der Name der Website.</translation>
    </message>
    <message>
        <source>Read them in full</source>
        <translation>Ganz vorlesen</translation>
    </message>
    <message>
        <source>Read the site&apos;s name</source>
        <translation>Den Namen der Website vorlesen</translation>
    </message>
    <message>
        <source>Say “link”</source>
        <translation>„Link“ sagen</translation>
    </message>
    <message>
        <source>The guide is at https://www.example.com/books/guide.html, in three languages.</source>
        <translation>Die Anleitung steht unter https://www.example.com/books/guide.html, in drei Sprachen.</translation>
    </message>
    <message>
        <source>Code blocks</source>
        <translation>Quelltextblöcke</translation>
    </message>
    <message>
        <source>In Markdown, between lines of ```.</source>
        <translation>In Markdown, zwischen Zeilen aus ```.</translation>
    </message>
    <message>
        <source>Say “code”</source>
        <translation>„Quelltext“ sagen</translation>
    </message>
    <message>
        <source>Type this line:
```
harken settings list
```
Then press Enter.</source>
        <translation>Geben Sie diese Zeile ein:
```
harken settings list
```
Drücken Sie dann die Eingabetaste.</translation>
    </message>
    <message>
        <source>Footnote marks</source>
        <translation>Fußnotenzeichen</translation>
    </message>
    <message>
        <source>Small raised numbers, and numbers in square brackets.</source>
        <translation>Kleine hochgestellte Zahlen und Zahlen in eckigen Klammern.</translation>
    </message>
    <message>
        <source>Leave out raised ones</source>
        <translation>Hochgestellte auslassen</translation>
    </message>
    <message>
        <source>This was found early.¹ Later it was shown again.[2]</source>
        <translation>Das fand man früh.¹ Später wurde es noch einmal gezeigt.[2]</translation>
    </message>
    <message>
        <source>Emoji</source>
        <translation>Emojis</translation>
    </message>
    <message>
        <source>If the same one comes several times in a row, it is named only once.</source>
        <translation>Dasselbe mehrmals hintereinander wird immer nur einmal genannt.</translation>
    </message>
    <message>
        <source>Say their names</source>
        <translation>Ihre Namen sagen</translation>
    </message>
    <message>
        <source>Name only the first of several</source>
        <translation>Von mehreren nur das erste nennen</translation>
    </message>
    <message>
        <source>Well done 🎉😀👍, see you soon.</source>
        <translation>Gut gemacht 🎉😀👍, bis bald.</translation>
    </message>
    <message>
        <source>Repeated symbols</source>
        <translation>Wiederholte Zeichen</translation>
    </message>
    <message>
        <source>Such as %%%%. Lines such as ----- are never read.</source>
        <translation>Etwa %%%%. Linien wie ----- werden nie gelesen.</translation>
    </message>
    <message>
        <source>Read each</source>
        <translation>Jedes vorlesen</translation>
    </message>
    <message>
        <source>Read one of them</source>
        <translation>Eines davon vorlesen</translation>
    </message>
    <message>
        <source>The prices are good %%%% in this shop.</source>
        <translation>Die Preise sind gut %%%% in diesem Laden.</translation>
    </message>
    <message>
        <source>Page numbers and running heads</source>
        <translation>Seitenzahlen und Kolumnentitel</translation>
    </message>
    <message>
        <source>In texts with pages, at each page break.</source>
        <translation>In Texten mit Seiten, bei jedem Seitenwechsel.</translation>
    </message>
    <message>
        <source>Read only between sentences</source>
        <translation>Nur zwischen Sätzen vorlesen</translation>
    </message>
    <message>
        <source>The Garden
A page may end in the
12{page_end}middle of a sentence.
13{page_end}The Garden
It grows.</source>
        <translation>Der Garten
Eine Seite endet manchmal
12{page_end}mitten in einem Satz.
13{page_end}Der Garten
Er wächst.</translation>
    </message>
    <message>
        <source>Read text in brackets</source>
        <translation>Text in Klammern vorlesen</translation>
    </message>
    <message>
        <source>Otherwise (this) and [this] are left out.</source>
        <translation>Sonst werden (dies) und [dies] ausgelassen.</translation>
    </message>
    <message>
        <source>The guide (which has pictures) is short.</source>
        <translation>Die Anleitung (mit Bildern) ist kurz.</translation>
    </message>
    <message>
        <source>Read Markdown marks</source>
        <translation>Markdown-Zeichen vorlesen</translation>
    </message>
    <message>
        <source>Marks such as ** and # by name, and the addresses behind links.</source>
        <translation>Etwa ** und # mit ihren Namen, und die Adressen hinter Links.</translation>
    </message>
    <message>
        <source>This is **important**, says [the guide](https://example.com/guide).</source>
        <translation>Das ist **wichtig**, sagt [die Anleitung](https://example.com/guide).</translation>
    </message>
    <message>
        <source>Read the thoughts of language models</source>
        <translation>Überlegungen von Sprachmodellen vorlesen</translation>
    </message>
    <message>
        <source>Anything between &lt;think&gt; and &lt;/think&gt; before an answer.</source>
        <translation>Was vor einer Antwort zwischen &lt;think&gt; und &lt;/think&gt; steht.</translation>
    </message>
    <message>
        <source>&lt;think&gt;The question is two plus two.&lt;/think&gt;It is four.</source>
        <translation>&lt;think&gt;Gefragt ist nach zwei plus zwei.&lt;/think&gt;Es ist vier.</translation>
    </message>
    <message>
        <source>Automatic uses the first source that has keys. A source you choose is the only one used.</source>
        <translation>Automatisch wird die erste Quelle mit Schlüsseln verwendet. Wählen Sie eine Quelle, wird nur diese verwendet.</translation>
    </message>
</context>
<context>
    <name>ui</name>
    <message>
        <source>{own} ({english})</source>
        <translation>{own} ({english})</translation>
    </message>
    <message>
        <source>&amp;Read selection</source>
        <translation>&amp;Markiertes lesen</translation>
    </message>
    <message>
        <source>Read &amp;clipboard</source>
        <translation>&amp;Zwischenablage lesen</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>A&amp;ufhören</translation>
    </message>
    <message>
        <source>Pre&amp;vious sentence</source>
        <translation>&amp;Voriger Satz</translation>
    </message>
    <message>
        <source>&amp;Next sentence</source>
        <translation>&amp;Nächster Satz</translation>
    </message>
    <message>
        <source>Repe&amp;at sentence</source>
        <translation>Satz wiederh&amp;olen</translation>
    </message>
    <message>
        <source>S&amp;ettings…</source>
        <translation>&amp;Einstellungen…</translation>
    </message>
    <message>
        <source>&amp;Quit Harken</source>
        <translation>Harken &amp;beenden</translation>
    </message>
    <message numerus="yes">
        <source>Spee&amp;d: %n words a minute</source>
        <translation>
            <numerusform>&amp;Tempo: %n Wort pro Minute</numerusform>
            <numerusform>&amp;Tempo: %n Wörter pro Minute</numerusform>
        </translation>
    </message>
    <message>
        <source>Read new selections au&amp;tomatically</source>
        <translation>Neue Markierungen von &amp;selbst lesen</translation>
    </message>
    <message>
        <source>Start at &amp;login</source>
        <translation>Bei der Anmel&amp;dung starten</translation>
    </message>
    <message>
        <source>&amp;Automatic, by the text&apos;s language</source>
        <translation>&amp;Automatisch, nach der Sprache des Textes</translation>
    </message>
    <message>
        <source>Recently used</source>
        <translation>Zuletzt verwendet</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>Auf diesem Computer</translation>
    </message>
    <message>
        <source>Amazon Polly</source>
        <translation>Amazon Polly</translation>
    </message>
    <message>
        <source>&amp;More voices…</source>
        <translation>&amp;Mehr Stimmen…</translation>
    </message>
    <message>
        <source>More &amp;languages</source>
        <translation>Weitere S&amp;prachen</translation>
    </message>
    <message>
        <source>Harken – ready</source>
        <translation>Harken – bereit</translation>
    </message>
    <message>
        <source>Harken – looking for text</source>
        <translation>Harken – sucht einen Text</translation>
    </message>
    <message>
        <source>Harken – reading</source>
        <translation>Harken – liest vor</translation>
    </message>
    <message>
        <source>Harken – paused</source>
        <translation>Harken – angehalten</translation>
    </message>
    <message>
        <source>{key} reads the selection</source>
        <translation>{key} liest, was markiert ist</translation>
    </message>
    <message>
        <source>{key} stops</source>
        <translation>{key} hört auf</translation>
    </message>
    <message>
        <source>{key} resumes</source>
        <translation>{key} liest weiter</translation>
    </message>
    <message>
        <source>Res&amp;ume</source>
        <translation>Weiter&amp;lesen</translation>
    </message>
    <message numerus="yes">
        <source>{factor}× (about %n words a minute)</source>
        <translation>
            <numerusform>{factor}× (etwa %n Wort pro Minute)</numerusform>
            <numerusform>{factor}× (etwa %n Wörter pro Minute)</numerusform>
        </translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>{language}: {voice}</source>
        <translation>{language}: {voice}</translation>
    </message>
    <message>
        <source>&amp;Find:</source>
        <translation>&amp;Suchen:</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>End of the text</source>
        <translation>Ende des Textes</translation>
    </message>
    <message numerus="yes">
        <source>%n words a minute</source>
        <translation>
            <numerusform>%n Wort pro Minute</numerusform>
            <numerusform>%n Wörter pro Minute</numerusform>
        </translation>
    </message>
    <message>
        <source>Harken could not start. Run “harken doctor” to see what is missing.</source>
        <translation>Harken konnte nicht starten. „harken doctor“ zeigt, was fehlt.</translation>
    </message>
    <message>
        <source>Harken could not do this. Run “harken doctor” to find the log.</source>
        <translation>Harken konnte das nicht ausführen. „harken doctor“ zeigt, wo das Protokoll liegt.</translation>
    </message>
    <message>
        <source>Keep Harken running without the player?</source>
        <translation>Soll Harken ohne den Player weiterlaufen?</translation>
    </message>
    <message>
        <source>Its keys keep working. {key} or “harken show” brings the player back.</source>
        <translation>Die Tasten funktionieren weiter. {key} oder „harken show“ holt den Player zurück.</translation>
    </message>
    <message>
        <source>Its keys keep working. “harken show” in a terminal brings the player back.</source>
        <translation>Die Tasten funktionieren weiter. „harken show“ in einem Terminal holt den Player zurück.</translation>
    </message>
    <message>
        <source>&amp;Keep running</source>
        <translation>&amp;Weiterlaufen lassen</translation>
    </message>
    <message>
        <source>Show &amp;crash report…</source>
        <translation>Absturzbericht an&amp;zeigen…</translation>
    </message>
    <message>
        <source>No program here can open the report. It is in {file}.</source>
        <translation>Hier kann kein Programm den Bericht öffnen. Er steht in {file}.</translation>
    </message>
    <message>
        <source>First steps with Harken</source>
        <translation>Erste Schritte mit Harken</translation>
    </message>
    <message>
        <source>3. Start Harken at &amp;login</source>
        <translation>3. Harken bei der An&amp;meldung starten</translation>
    </message>
    <message>
        <source>1. Choose a voice</source>
        <translation>1. Eine Stimme wählen</translation>
    </message>
    <message>
        <source>Each voice says a sentence when you choose it.</source>
        <translation>Jede Stimme sagt einen Satz, wenn Sie sie wählen.</translation>
    </message>
    <message>
        <source>2. Try the key</source>
        <translation>2. Die Taste ausprobieren</translation>
    </message>
    <message>
        <source>This text is selected, and the key reads it aloud. Press the key again to stop. It works the same way in every program.</source>
        <translation>Dieser Text ist markiert, und die Taste liest ihn vor. Drücken Sie die Taste noch einmal, um aufzuhören. So funktioniert es in jedem Programm.</translation>
    </message>
    <message>
        <source>Sample text</source>
        <translation>Beispieltext</translation>
    </message>
    <message>
        <source>“harken show” in a terminal brings the player back.</source>
        <translation>„harken show“ in einem Terminal holt den Player zurück.</translation>
    </message>
    <message>
        <source>4. Ask &amp;all programs to report their text</source>
        <translation>4. &amp;Alle Programme um ihren Text bitten</translation>
    </message>
    <message>
        <source>Some, such as Firefox, report it only when the desktop&apos;s accessibility is on.</source>
        <translation>Einige, zum Beispiel Firefox, geben ihn nur heraus, wenn die Barrierefreiheit der Arbeitsumgebung eingeschaltet ist.</translation>
    </message>
    <message>
        <source>&amp;Done</source>
        <translation>&amp;Fertig</translation>
    </message>
    <message>
        <source>Harken reads aloud what you select in any program.</source>
        <translation>Harken liest vor, was Sie in irgendeinem Programm markieren.</translation>
    </message>
    <message>
        <source>Press {key} to hear it.</source>
        <translation>Drücken Sie {key}, um es zu hören.</translation>
    </message>
    <message>
        <source>Press Esc to skip this. You can find it again in Harken&apos;s menu.</source>
        <translation>Drücken Sie Esc, um dies zu überspringen. Sie finden es in Harkens Menü wieder.</translation>
    </message>
    <message>
        <source>Choose one with the arrow keys. Press the space bar to hear it.</source>
        <translation>Wählen Sie eine mit den Pfeiltasten. Drücken Sie die Leertaste, um sie zu hören.</translation>
    </message>
    <message>
        <source>The text below is selected. Press {key}.</source>
        <translation>Der Text unten ist markiert. Drücken Sie {key}.</translation>
    </message>
    <message>
        <source>Your desktop is asking whether Harken may use keys. Allow it there to make them work.</source>
        <translation>Ihre Arbeitsumgebung fragt, ob Harken Tasten verwenden darf. Erlauben Sie es dort, damit sie funktionieren.</translation>
    </message>
    <message>
        <source>No key is set. Choose “Read selection” in Harken&apos;s menu, or set a key in the settings.</source>
        <translation>Es ist keine Taste eingestellt. Wählen Sie „Markiertes lesen“ in Harkens Menü, oder stellen Sie eine Taste in den Einstellungen ein.</translation>
    </message>
    <message>
        <source>Then try the key here: it reads the text below.</source>
        <translation>Probieren Sie die Taste dann hier aus: Sie liest den Text unten.</translation>
    </message>
    <message>
        <source>This text is selected. Harken reads what you select, in every program.</source>
        <translation>Dieser Text ist markiert. Harken liest in jedem Programm vor, was markiert ist.</translation>
    </message>
    <message>
        <source>There is a natural voice for {language}: {size}. Choose “Get more voices” in Harken&apos;s menu, under Voice.</source>
        <translation>Für {language} gibt es eine natürliche Stimme: {size}. Wählen Sie „Weitere Stimmen holen“ in Harkens Menü, bei den Stimmen.</translation>
    </message>
    <message>
        <source>Get a natural voice for {language}: {size}…</source>
        <translation>Eine natürliche Stimme für {language} holen: {size}…</translation>
    </message>
    <message>
        <source>no conditions</source>
        <translation>verlangt nichts</translation>
    </message>
    <message>
        <source>credit its makers if you publish what it says</source>
        <translation>verlangt, die Urheber zu nennen, wenn Sie Gesprochenes veröffentlichen</translation>
    </message>
    <message>
        <source>share what you make with it under the same licence</source>
        <translation>verlangt, was Sie daraus machen, unter derselben Lizenz weiterzugeben</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <source>installed</source>
        <translation>installiert</translation>
    </message>
    <message>
        <source>on this computer, not added</source>
        <translation>auf diesem Computer, nicht hinzugefügt</translation>
    </message>
    <message>
        <source>recommended</source>
        <translation>empfohlen</translation>
    </message>
    <message>
        <source>Licence: {licence}</source>
        <translation>Lizenz: {licence}</translation>
    </message>
    <message>
        <source>Its licence is not stated. Read its page before you publish what it says.</source>
        <translation>Niemand hat gesagt, was damit erlaubt ist. Lesen Sie ihre Seite, bevor Sie etwas veröffentlichen.</translation>
    </message>
    <message>
        <source>Credit: {credit}</source>
        <translation>Urheber: {credit}</translation>
    </message>
    <message>
        <source>Score for sounding natural and clear: {score} out of 100.</source>
        <translation>Bewertung: {score} von 100, für natürlichen Klang und Deutlichkeit.</translation>
    </message>
    <message>
        <source>Page: {page}</source>
        <translation>Seite: {page}</translation>
    </message>
    <message>
        <source>{number} MB</source>
        <translation>{number} MB</translation>
    </message>
    <message>
        <source>Get more voices</source>
        <translation>Weitere Stimmen holen</translation>
    </message>
    <message>
        <source>&amp;Look in:</source>
        <translation>&amp;Suchen in:</translation>
    </message>
    <message>
        <source>Files of &amp;type:</source>
        <translation>Datei&amp;typ:</translation>
    </message>
    <message>
        <source>&amp;Automatic: by the text&apos;s language</source>
        <translation>&amp;Automatisch: nach der Sprache des Textes</translation>
    </message>
    <message>
        <source>Natural voices that run on this computer. Once downloaded, they need no network.</source>
        <translation>Natürliche Stimmen, die auf diesem Computer lesen; sind sie einmal da, ohne Netzwerk.</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>About this voice</source>
        <translation>Über diese Stimme</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>&amp;Download</source>
        <translation>Heru&amp;nterladen</translation>
    </message>
    <message>
        <source>&amp;Stop the download</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>&amp;Remove…</source>
        <translation>&amp;Entfernen…</translation>
    </message>
    <message>
        <source>Open voice &amp;file…</source>
        <translation>Stimmda&amp;tei öffnen…</translation>
    </message>
    <message>
        <source>The voices you have added take up {size}.</source>
        <translation>Hinzugefügte Stimmen belegen {size}.</translation>
    </message>
    <message>
        <source>{percent}% downloaded</source>
        <translation>{percent} % heruntergeladen</translation>
    </message>
    <message>
        <source>A&amp;dd it</source>
        <translation>Hi&amp;nzufügen</translation>
    </message>
    <message>
        <source>{voice} is being downloaded.</source>
        <translation>{voice} wird heruntergeladen.</translation>
    </message>
    <message>
        <source>From now on, {voice} reads {language}.</source>
        <translation>Ab jetzt liest {voice} Texte auf {language}.</translation>
    </message>
    <message>
        <source>Remove the voice “{voice}” and free {size}?</source>
        <translation>Die Stimme „{voice}“ entfernen und {size} freigeben?</translation>
    </message>
    <message>
        <source>Voices in Piper&apos;s format (*.onnx)</source>
        <translation>Stimmen im Format von Piper (*.onnx)</translation>
    </message>
    <message>
        <source>Open a voice</source>
        <translation>Eine Stimme öffnen</translation>
    </message>
    <message>
        <source>Trying the voice. This takes a few seconds.</source>
        <translation>Die Stimme wird ausprobiert. Das dauert einige Sekunden.</translation>
    </message>
    <message>
        <source>{voice} was removed.</source>
        <translation>{voice} wurde entfernt.</translation>
    </message>
    <message>
        <source>{voice} was added. It reads texts in its language.</source>
        <translation>{voice} wurde hinzugefügt und liest Texte in ihrer Sprache.</translation>
    </message>
    <message>
        <source>{voice} was added. To have it read {language}, press “Use this voice”.</source>
        <translation>{voice} wurde hinzugefügt. Drücken Sie „Diese Stimme verwenden“, damit sie {language} liest.</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>Anleitung</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>&amp;Contents</source>
        <translation>&amp;Inhalt</translation>
    </message>
    <message>
        <source>&amp;Open in the browser</source>
        <translation>Im &amp;Browser öffnen</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>Sch&amp;ließen</translation>
    </message>
    <message>
        <source>Help for Harken</source>
        <translation>Hilfe zu Harken</translation>
    </message>
    <message>
        <source>The guide is missing. Reinstall Harken to get it.</source>
        <translation>Die Anleitung fehlt. Installieren Sie Harken neu, um sie zu bekommen.</translation>
    </message>
    <message>
        <source>“{text}” is not on this page.</source>
        <translation>„{text}“ steht nicht auf dieser Seite.</translation>
    </message>
    <message>
        <source>{language} (eSpeak)</source>
        <translation>{language} (eSpeak)</translation>
    </message>
    <message>
        <source>{language}, {variety} (eSpeak)</source>
        <translation>{language}, {variety} (eSpeak)</translation>
    </message>
    <message>
        <source>{variety} (eSpeak)</source>
        <translation>{variety} (eSpeak)</translation>
    </message>
    <message>
        <source>There is no display here for the tray app. “harken speak” works without one.</source>
        <translation>Hier gibt es keine Anzeige für das Programm in der Leiste. „harken speak“ funktioniert auch ohne.</translation>
    </message>
    <message>
        <source>Your desktop stopped responding but is back. Harken has restarted.</source>
        <translation>Ihre Arbeitsumgebung hatte nicht mehr geantwortet und ist wieder da. Harken wurde neu gestartet.</translation>
    </message>
    <message>
        <source>&amp;Bookmarks</source>
        <translation>L&amp;esezeichen</translation>
    </message>
    <message>
        <source>&amp;Set a bookmark</source>
        <translation>Lesezeichen &amp;setzen</translation>
    </message>
    <message>
        <source>A text that was not kept</source>
        <translation>Ein nicht gespeicherter Text</translation>
    </message>
    <message>
        <source>{number}. {name} {percent}</source>
        <translation>{number}. {name} {percent}</translation>
    </message>
    <message>
        <source>Previous para&amp;graph</source>
        <translation>Vori&amp;ger Absatz</translation>
    </message>
    <message>
        <source>Next paragrap&amp;h</source>
        <translation>Näc&amp;hster Absatz</translation>
    </message>
    <message>
        <source>Sound outp&amp;ut</source>
        <translation>Tonaus&amp;gabe</translation>
    </message>
    <message>
        <source>&amp;Automatic: the system&apos;s</source>
        <translation>&amp;Automatisch: wie das System</translation>
    </message>
    <message>
        <source>{name} (not connected)</source>
        <translation>{name} (nicht angeschlossen)</translation>
    </message>
    <message>
        <source>Recent te&amp;xts</source>
        <translation>Letzte Te&amp;xte</translation>
    </message>
    <message>
        <source>{time}  {words}</source>
        <translation>{time}  {words}</translation>
    </message>
    <message>
        <source>Remembering texts is off</source>
        <translation>Das Merken von Texten ist aus</translation>
    </message>
    <message>
        <source>Nothing has been read yet</source>
        <translation>Noch wurde nichts gelesen</translation>
    </message>
    <message>
        <source>Move &amp;around</source>
        <translation>Im Text be&amp;wegen</translation>
    </message>
    <message>
        <source>&amp;More</source>
        <translation>Weite&amp;res</translation>
    </message>
    <message>
        <source>Open the pla&amp;yer</source>
        <translation>&amp;Player öffnen</translation>
    </message>
    <message>
        <source>&amp;Read selection later</source>
        <translation>Markiertes s&amp;päter lesen</translation>
    </message>
    <message>
        <source>Read the &amp;queue</source>
        <translation>Warteliste &amp;lesen</translation>
    </message>
    <message>
        <source>&amp;Save as sound…</source>
        <translation>Als T&amp;on speichern…</translation>
    </message>
    <message>
        <source>&amp;What Harken reads and where it goes…</source>
        <translation>&amp;Was Harken liest und wohin es geht…</translation>
    </message>
    <message>
        <source>&amp;First steps…</source>
        <translation>Erste Sch&amp;ritte…</translation>
    </message>
    <message>
        <source>Correct a pro&amp;nunciation…</source>
        <translation>Das war &amp;falsch gelesen…</translation>
    </message>
    <message>
        <source>Sleep ti&amp;mer</source>
        <translation>Schlaf-&amp;Timer</translation>
    </message>
    <message>
        <source>&amp;Off</source>
        <translation>&amp;Aus</translation>
    </message>
    <message>
        <source>At the end of the &amp;paragraph</source>
        <translation>Am Ende des A&amp;bsatzes</translation>
    </message>
    <message numerus="yes">
        <source>In %n minute(s)</source>
        <translation>
            <numerusform>In %n Minute</numerusform>
            <numerusform>In %n Minuten</numerusform>
        </translation>
    </message>
    <message>
        <source>Automatic voice</source>
        <translation>Automatische Stimme</translation>
    </message>
    <message>
        <source>&amp;Get more voices…</source>
        <translation>&amp;Weitere Stimmen holen…</translation>
    </message>
    <message>
        <source>V&amp;oice: {name}</source>
        <translation>St&amp;imme: {name}</translation>
    </message>
    <message>
        <source>4. Let Harken see other programs&apos; text</source>
        <translation>4. Harken den Text anderer Programme sehen lassen</translation>
    </message>
    <message>
        <source>Allo&amp;w in System Settings…</source>
        <translation>In den &amp;Systemeinstellungen erlauben…</translation>
    </message>
    <message>
        <source>Harken can see other programs&apos; text now.</source>
        <translation>Harken kann den Text anderer Programme jetzt sehen.</translation>
    </message>
    <message>
        <source>macOS does not let Harken see it yet. Press the button, and turn on Harken in the list that appears.</source>
        <translation>macOS lässt Harken ihn noch nicht sehen. Drücken Sie die Schaltfläche, und schalten Sie Harken in der Liste ein, die erscheint.</translation>
    </message>
    <message>
        <source>Show the &amp;text</source>
        <translation>Te&amp;xt zeigen</translation>
    </message>
    <message>
        <source>&amp;Menu</source>
        <translation>M&amp;enü</translation>
    </message>
    <message>
        <source>Close the &amp;window</source>
        <translation>&amp;Fenster schließen</translation>
    </message>
    <message>
        <source>Show the text as it is read</source>
        <translation>Den Text zeigen, während er gelesen wird</translation>
    </message>
    <message>
        <source>Everything else</source>
        <translation>Alles Weitere</translation>
    </message>
    <message>
        <source>Close this window</source>
        <translation>Dieses Fenster schließen</translation>
    </message>
    <message>
        <source>Open a document</source>
        <translation>Dokument öffnen</translation>
    </message>
    <message>
        <source>Documents and texts ({names})</source>
        <translation>Dokumente und Texte ({names})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Save as sound</source>
        <translation>Als Ton speichern</translation>
    </message>
    <message>
        <source>Saving {file}…</source>
        <translation>{file} wird gespeichert…</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>Harken could not start saving. Try again, or restart Harken.</source>
        <translation>Harken konnte nicht mit dem Speichern beginnen. Versuchen Sie es noch einmal oder starten Sie Harken neu.</translation>
    </message>
    <message>
        <source>Saving was cancelled, and no file was written.</source>
        <translation>Das Speichern wurde abgebrochen; es wurde keine Datei geschrieben.</translation>
    </message>
    <message>
        <source>{file} could not be saved. Run “harken doctor” to find the log.</source>
        <translation>{file} konnte nicht gespeichert werden. „harken doctor“ zeigt, wo das Protokoll ist.</translation>
    </message>
    <message>
        <source>Saved in {file}: the part of the text that had arrived when you chose to save it.</source>
        <translation>In {file} gespeichert: so viel von dem Text, wie da war, als Sie das Speichern gewählt haben.</translation>
    </message>
    <message>
        <source>Saved in {file}.</source>
        <translation>In {file} gespeichert.</translation>
    </message>
    <message>
        <source>Text being read</source>
        <translation>Text, der gelesen wird</translation>
    </message>
    <message>
        <source>Place in the text</source>
        <translation>Stelle im Text</translation>
    </message>
    <message>
        <source>Text with a dotted underline is not read aloud.</source>
        <translation>Was mit Punkten unterstrichen ist, wird nicht vorgelesen.</translation>
    </message>
    <message>
        <source>Not read aloud: {what}</source>
        <translation>Wird nicht vorgelesen: {what}</translation>
    </message>
    <message>
        <source>Select some text anywhere and have Harken read it. It appears here.</source>
        <translation>Markieren Sie irgendwo Text und lassen Sie ihn vorlesen. Er erscheint hier.</translation>
    </message>
    <message>
        <source>Select some text anywhere and press {key}. It appears here.</source>
        <translation>Markieren Sie irgendwo Text und drücken Sie {key}. Er erscheint hier.</translation>
    </message>
    <message>
        <source>Go to what is b&amp;eing read</source>
        <translation>&amp;Dorthin, wo gelesen wird</translation>
    </message>
    <message>
        <source>Where your texts go</source>
        <translation>Wohin Ihre Texte gehen</translation>
    </message>
    <message>
        <source>What Harken looks at</source>
        <translation>Was Harken ansieht</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>What is kept</source>
        <translation>Was aufbewahrt wird</translation>
    </message>
    <message>
        <source>Nowhere. The voice is on this computer, and what you read stays on it.</source>
        <translation>Nirgendwohin. Die Stimme ist auf diesem Computer, und was Sie lesen, bleibt darauf.</translation>
    </message>
    <message>
        <source>It is sent to the region {region}.</source>
        <translation>Der Text wird in die Region {region} gesendet.</translation>
    </message>
    <message>
        <source>It is sent to the region set in your AWS configuration.</source>
        <translation>Der Text wird in die Region gesendet, die in Ihrer AWS-Konfiguration steht.</translation>
    </message>
    <message>
        <source>What other programs say with {service} is sent there too, as you have allowed.</source>
        <translation>Auch was andere Programme mit {service} sagen, wird dorthin gesendet, wie Sie es erlaubt haben.</translation>
    </message>
    <message>
        <source>Text is sent to the speech server at {address} only if you choose its voice.</source>
        <translation>An den Sprachserver unter {address} geht Text nur, wenn Sie seine Stimme wählen.</translation>
    </message>
    <message>
        <source>To the speech server at {address}. You have chosen its voice, and the speech is made there.</source>
        <translation>An den Sprachserver unter {address}. Sie haben seine Stimme gewählt, und die Sprache entsteht dort.</translation>
    </message>
    <message>
        <source>It is a program on this computer. Whether it passes your texts on depends on that program.</source>
        <translation>Das ist ein Programm auf diesem Computer. Ob es Texte weitergibt, hängt von diesem Programm ab.</translation>
    </message>
    <message>
        <source>It is another computer. Its operator can read the text, and may charge for it.</source>
        <translation>Das ist ein anderer Computer. Wer ihn betreibt, kann den Text lesen und etwas dafür berechnen.</translation>
    </message>
    <message>
        <source>What other programs say with it is sent there too, as you have allowed.</source>
        <translation>Was andere Programme damit sagen, geht auch dorthin, wie Sie es erlaubt haben.</translation>
    </message>
    <message>
        <source>If it can&apos;t be reached, a voice on this computer continues.</source>
        <translation>Ist er nicht erreichbar, liest eine Stimme auf diesem Computer weiter.</translation>
    </message>
    <message>
        <source>Each new selection, as soon as you make it: “Read new selections automatically” is on.</source>
        <translation>Jede neue Markierung, sobald sie entsteht: „Neue Markierungen von selbst lesen“ ist an.</translation>
    </message>
    <message>
        <source>The selection, only when you press the key.</source>
        <translation>Die Markierung, nur wenn Sie die Taste drücken.</translation>
    </message>
    <message>
        <source>The selection, when you press the key.</source>
        <translation>Die Markierung, wenn Sie die Taste drücken.</translation>
    </message>
    <message>
        <source>The beginning of each new selection, when you make it: “Prepare each new selection” is on.</source>
        <translation>Der Anfang jeder neuen Markierung, sobald sie entsteht: „Jede neue Markierung vorbereiten“ ist an.</translation>
    </message>
    <message>
        <source>The speech made from it stays in memory for a minute at most.</source>
        <translation>Was daraus entsteht, bleibt im Arbeitsspeicher, höchstens eine Minute.</translation>
    </message>
    <message>
        <source>If nothing is selected, the focused text.</source>
        <translation>Ist nichts markiert, den Text mit dem Fokus.</translation>
    </message>
    <message>
        <source>If nothing is selected, it does not look at the focused text.</source>
        <translation>Ist nichts markiert, sieht es den Text mit dem Fokus nicht an.</translation>
    </message>
    <message>
        <source>If there is nothing else to read, the clipboard.</source>
        <translation>Gibt es sonst nichts zu lesen, die Zwischenablage.</translation>
    </message>
    <message>
        <source>The clipboard only when you choose “Read clipboard”.</source>
        <translation>Die Zwischenablage nur, wenn Sie „Zwischenablage lesen“ wählen.</translation>
    </message>
    <message>
        <source>Never a password field.</source>
        <translation>Nie ein Passwortfeld.</translation>
    </message>
    <message>
        <source>The speech server at {address}, for speech.</source>
        <translation>Der Sprachserver unter {address}, für Sprache.</translation>
    </message>
    <message>
        <source>Once a week, Harken checks for a new version. It sends nothing about you.</source>
        <translation>Einmal pro Woche sucht Harken nach einer neuen Version. Es sendet dabei nichts über Sie.</translation>
    </message>
    <message>
        <source>None with these settings.</source>
        <translation>Mit diesen Einstellungen keines.</translation>
    </message>
    <message>
        <source>How far you got in a text is forgotten when Harken quits.</source>
        <translation>Wie weit Sie gelesen haben, wird vergessen, wenn Harken endet.</translation>
    </message>
    <message>
        <source>How far you got in each of the last 50 long texts, for 90 days: a position and a fingerprint.</source>
        <translation>Wie weit Sie jeden der letzten 50 langen Texte gelesen haben, 90 Tage lang: eine Stelle und ein Fingerabdruck.</translation>
    </message>
    <message>
        <source>The name of a file that you open is kept with its place.</source>
        <translation>Bei einer Datei, die Sie öffnen, wird auch ihr Name gespeichert.</translation>
    </message>
    <message>
        <source>The long texts themselves, for the same time, in files that only you can read.</source>
        <translation>Die langen Texte selbst, ebenso lange, in Dateien, die nur Sie lesen können.</translation>
    </message>
    <message>
        <source>Places, kept texts, bookmarks, recently used voices, billed characters and the like are in {path}.</source>
        <translation>Stellen, gespeicherte Texte, Lesezeichen, zuletzt benutzte Stimmen, berechnete Zeichen und Ähnliches stehen in {path}.</translation>
    </message>
    <message>
        <source>Your settings are in {path}.</source>
        <translation>Ihre Einstellungen liegen in {path}.</translation>
    </message>
    <message>
        <source>Recently used voices, billed characters and the like are in {path}. None of your text is there.</source>
        <translation>Zuletzt verwendete Stimmen, berechnete Zeichen und dergleichen liegen in {path}. Ihre Texte sind nicht darunter.</translation>
    </message>
    <message>
        <source>The log is {path}. It says what happened. It never contains what was read, or any keys.</source>
        <translation>Das Protokoll ist {path}. Darin steht, was geschah. Was gelesen wurde, steht nie darin, und auch keine Schlüssel.</translation>
    </message>
    <message>
        <source>The last twenty texts, until Harken quits. They are never written to a file.</source>
        <translation>Die letzten zwanzig Texte, bis Harken beendet wird. Sie werden nie in eine Datei geschrieben.</translation>
    </message>
    <message>
        <source>No text is kept once it has been read, except the last one, for “Repeat sentence”.</source>
        <translation>Kein Text wird aufbewahrt, nachdem er gelesen wurde, außer dem letzten, für „Satz wiederholen“.</translation>
    </message>
    <message>
        <source>AWS keys that you entered are in the system&apos;s keyring and nowhere else.</source>
        <translation>AWS-Schlüssel, die Sie eingegeben haben, liegen im Schlüsselbund des Systems und sonst nirgends.</translation>
    </message>
    <message>
        <source>The display {name} is not responding, so Harken can&apos;t start. Log out and in again. {command} still works.</source>
        <translation>Der Bildschirm {name} antwortet nicht, deshalb kann Harken nicht starten. Melden Sie sich ab und wieder an. {command} funktioniert trotzdem.</translation>
    </message>
    <message>
        <source>All voices: {engine}</source>
        <translation>Alle Stimmen: {engine}</translation>
    </message>
    <message>
        <source>Find by part of the name</source>
        <translation>Nach einem Teil des Namens suchen</translation>
    </message>
    <message>
        <source>{name}, {group}</source>
        <translation>{name}, {group}</translation>
    </message>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n gefunden</numerusform>
            <numerusform>%n gefunden</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Nichts gefunden</translation>
    </message>
    <message>
        <source>{name}: {value}</source>
        <translation>{name}: {value}</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Press Space and then the new keys. Esc cancels, Delete removes the keys.</source>
        <translation>Drücken Sie die Leertaste und dann die neuen Tasten. Esc bricht ab, Entf entfernt die Tasten.</translation>
    </message>
    <message>
        <source>Harken received no key. If you pressed one, another program has taken it. Choose other keys.</source>
        <translation>Es kam keine Taste an. Wenn Sie eine gedrückt haben, hat ein anderes Programm sie belegt. Wählen Sie andere Tasten.</translation>
    </message>
    <message>
        <source>Press the keys…</source>
        <translation>Tasten drücken…</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <source>Reset “{name}”</source>
        <translation>„{name}“ zurücksetzen</translation>
    </message>
    <message>
        <source>Default: {value}</source>
        <translation>Zurück zu: {value}</translation>
    </message>
    <message>
        <source>Extension for GNOME</source>
        <translation>Erweiterung für GNOME</translation>
    </message>
    <message>
        <source>With its extension, Harken gets its keys without a dialog, Esc stops reading, and Harken knows in which window you selected text.</source>
        <translation>Mit seiner Erweiterung bekommt Harken seine Tasten ohne Rückfrage, Esc beendet das Vorlesen, und Harken weiß, in welchem Fenster Text markiert wurde.</translation>
    </message>
    <message>
        <source>&amp;Install the extension</source>
        <translation>Erweiterung &amp;installieren</translation>
    </message>
    <message>
        <source>Re&amp;move the extension</source>
        <translation>Erweiterung &amp;entfernen</translation>
    </message>
    <message>
        <source>These keys work in every program.</source>
        <translation>Diese Tasten funktionieren in jedem Programm.</translation>
    </message>
    <message>
        <source>To assign keys to a command that has none, press its button and then the keys.</source>
        <translation>Um einem Befehl ohne Tasten welche zu geben, drücken Sie die Schaltfläche daneben und dann die Tasten.</translation>
    </message>
    <message>
        <source>A word and how it should sound</source>
        <translation>Ein Wort und wie es klingen soll</translation>
    </message>
    <message>
        <source>Hear the wor&amp;d</source>
        <translation>&amp;Wort anhören</translation>
    </message>
    <message>
        <source>Hear the &amp;sentence</source>
        <translation>Sat&amp;z anhören</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>Hinzu&amp;fügen</translation>
    </message>
    <message>
        <source>Chan&amp;ge</source>
        <translation>Än&amp;dern</translation>
    </message>
    <message>
        <source>Harken was not running and has been started.</source>
        <translation>Harken lief nicht und ist gestartet worden.</translation>
    </message>
    <message>
        <source>&amp;Forget all places and texts</source>
        <translation>Alle Stellen und Texte &amp;vergessen</translation>
    </message>
    <message numerus="yes">
        <source>%n text(s) forgotten. Bookmarks stay.</source>
        <translation>
            <numerusform>%n Text vergessen. Lesezeichen bleiben.</numerusform>
            <numerusform>%n Texte vergessen. Lesezeichen bleiben.</numerusform>
        </translation>
    </message>
    <message>
        <source>There was nothing to forget.</source>
        <translation>Es war nichts gemerkt.</translation>
    </message>
    <message>
        <source>Player</source>
        <translation>Player</translation>
    </message>
    <message>
        <source>Speech server</source>
        <translation>Sprachserver</translation>
    </message>
    <message>
        <source>The speech server is not chosen, so none of your text is sent to it.</source>
        <translation>Der Sprachserver ist nicht gewählt, also geht nichts von Ihrem Text an ihn.</translation>
    </message>
    <message>
        <source>The speech server is chosen: the text it reads aloud is sent to {address}.</source>
        <translation>Der Sprachserver ist gewählt: Was er vorliest, geht an {address}.</translation>
    </message>
    <message>
        <source>A speech server is a program with OpenAI&apos;s interface for speech, on this computer or another one.</source>
        <translation>Das ist ein Programm mit OpenAIs Schnittstelle für Sprache, auf diesem Computer oder einem anderen.</translation>
    </message>
    <message>
        <source>The server&apos;s key</source>
        <translation>Schlüssel des Servers</translation>
    </message>
    <message>
        <source>Only if the server requires one. A server on your own computer rarely does.</source>
        <translation>Nur, wenn der Server einen verlangt. Ein Server auf Ihrem eigenen Computer tut das selten.</translation>
    </message>
    <message>
        <source>&amp;Key:</source>
        <translation>S&amp;chlüssel:</translation>
    </message>
    <message>
        <source>The keyring has no key for the server.</source>
        <translation>Der Schlüsselbund hat keinen Schlüssel für den Server.</translation>
    </message>
    <message>
        <source>The keyring has the server&apos;s key: {ending}.</source>
        <translation>Der Schlüsselbund hat den Schlüssel des Servers: {ending}.</translation>
    </message>
    <message>
        <source>The keyring has the server&apos;s key.</source>
        <translation>Der Schlüsselbund hat den Schlüssel des Servers.</translation>
    </message>
    <message>
        <source>The server&apos;s voice</source>
        <translation>Die Stimme des Servers</translation>
    </message>
    <message>
        <source>From now on, the server&apos;s voice reads, and the text is sent to {address}.</source>
        <translation>Von nun an liest die Stimme des Servers, und der Text geht an {address}.</translation>
    </message>
    <message>
        <source>Get more &amp;voices…</source>
        <translation>Weitere St&amp;immen holen…</translation>
    </message>
    <message>
        <source>W&amp;ord:</source>
        <translation>W&amp;ort:</translation>
    </message>
    <message>
        <source>Word as it is written</source>
        <translation>Wort, wie es geschrieben wird</translation>
    </message>
    <message>
        <source>Sounds &amp;like:</source>
        <translation>&amp;Klingt wie:</translation>
    </message>
    <message>
        <source>How the word should sound</source>
        <translation>Wie das Wort klingen soll</translation>
    </message>
    <message>
        <source>Mat&amp;ches:</source>
        <translation>&amp;Gilt für:</translation>
    </message>
    <message>
        <source>What this entry matches</source>
        <translation>Wofür der Eintrag gilt</translation>
    </message>
    <message>
        <source>La&amp;nguage:</source>
        <translation>Sp&amp;rache:</translation>
    </message>
    <message>
        <source>For voices of this language</source>
        <translation>Für Stimmen dieser Sprache</translation>
    </message>
    <message>
        <source>&amp;Voice:</source>
        <translation>Stimm&amp;e:</translation>
    </message>
    <message>
        <source>For this voice</source>
        <translation>Für diese Stimme</translation>
    </message>
    <message>
        <source>All voices</source>
        <translation>Alle Stimmen</translation>
    </message>
    <message>
        <source>What was read</source>
        <translation>Was gelesen wurde</translation>
    </message>
    <message>
        <source>Sentence with the mispronounced word</source>
        <translation>Satz, der falsch gelesen wurde</translation>
    </message>
    <message>
        <source>Mispronounced word</source>
        <translation>Wort, das falsch gelesen wurde</translation>
    </message>
    <message>
        <source>Sen&amp;tence:</source>
        <translation>Sa&amp;tz:</translation>
    </message>
    <message>
        <source>&amp;Which word sounded wrong?</source>
        <translation>Wel&amp;ches Wort war falsch?</translation>
    </message>
    <message>
        <source>If a word is mispronounced, write it the way it should sound. Every voice then says it that way.</source>
        <translation>Wird ein Wort falsch gelesen, schreiben Sie es so, wie es klingen soll. Jede Stimme sagt es dann so.</translation>
    </message>
    <message>
        <source>Your list</source>
        <translation>Ihre Liste</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>E&amp;ntfernen</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>I&amp;mportieren…</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>E&amp;xportieren…</translation>
    </message>
    <message>
        <source>From the next sentence on, “{word}” sounds like “{spoken}”.</source>
        <translation>Ab dem nächsten Satz klingt „{word}“ wie „{spoken}“.</translation>
    </message>
    <message>
        <source>“{word}” is pronounced as before.</source>
        <translation>„{word}“ wird wieder wie vorher gelesen.</translation>
    </message>
    <message>
        <source>Import a list</source>
        <translation>Liste importieren</translation>
    </message>
    <message>
        <source>Export the list</source>
        <translation>Liste exportieren</translation>
    </message>
    <message>
        <source>Tables (*.csv *.tsv *.txt)</source>
        <translation>Tabellen (*.csv *.tsv *.txt)</translation>
    </message>
    <message numerus="yes">
        <source>%n word(s) imported.</source>
        <translation>
            <numerusform>%n Wort importiert.</numerusform>
            <numerusform>%n Wörter importiert.</numerusform>
        </translation>
    </message>
    <message>
        <source>Exported.</source>
        <translation>Exportiert.</translation>
    </message>
    <message>
        <source>Whole word</source>
        <translation>Ganzes Wort</translation>
    </message>
    <message>
        <source>Also within words</source>
        <translation>Auch in Wörtern</translation>
    </message>
    <message>
        <source>Regular expression</source>
        <translation>Regulärer Ausdruck</translation>
    </message>
    <message>
        <source>Words and how they should sound</source>
        <translation>Wörter und wie sie klingen sollen</translation>
    </message>
    <message>
        <source>Word</source>
        <translation>Wort</translation>
    </message>
    <message>
        <source>Sounds like</source>
        <translation>Klingt wie</translation>
    </message>
    <message>
        <source>Matches</source>
        <translation>Gilt für</translation>
    </message>
    <message>
        <source>{word} sounds like {spoken}</source>
        <translation>{word} klingt wie {spoken}</translation>
    </message>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>{normal} words a minute is a voice&apos;s normal speed. You hear changes at once.</source>
        <translation>{normal} Wörter pro Minute sind das normale Tempo einer Stimme. Änderungen hören Sie sofort.</translation>
    </message>
    <message>
        <source>words a minute</source>
        <translation>Wörter pro Minute</translation>
    </message>
    <message>
        <source>Reads a sentence with these settings. Press again to stop.</source>
        <translation>Liest einen Satz mit diesen Einstellungen. Drücken Sie noch einmal, um aufzuhören.</translation>
    </message>
    <message>
        <source>&amp;Hear it</source>
        <translation>&amp;Anhören</translation>
    </message>
    <message>
        <source>These keys work in every program. To change one, press its button and then the new keys. Esc cancels, Delete removes the keys.</source>
        <translation>Diese Tasten funktionieren in jedem Programm. Um eine zu ändern, drücken Sie die Schaltfläche daneben und dann die neuen Tasten. Esc bricht ab, Entf entfernt die Tasten.</translation>
    </message>
    <message>
        <source>Reset this page…</source>
        <translation>Diese Seite zurücksetzen…</translation>
    </message>
    <message>
        <source>All settings on this page have their default values.</source>
        <translation>Alle Einstellungen auf dieser Seite haben ihre Standardwerte.</translation>
    </message>
    <message numerus="yes">
        <source>Reset these %n setting(s)?</source>
        <translation>
            <numerusform>Diese Einstellung zurücksetzen?</numerusform>
            <numerusform>Diese %n Einstellungen zurücksetzen?</numerusform>
        </translation>
    </message>
    <message>
        <source>Found automatically</source>
        <translation>Automatisch gefunden</translation>
    </message>
    <message>
        <source>Harken&apos;s keys in the keyring</source>
        <translation>Harkens Schlüssel im Schlüsselbund</translation>
    </message>
    <message>
        <source>Environment ({name} is set)</source>
        <translation>Umgebung ({name} ist gesetzt)</translation>
    </message>
    <message>
        <source>Environment (no key is set)</source>
        <translation>Umgebung (kein Schlüssel ist gesetzt)</translation>
    </message>
    <message>
        <source>Profile “{name}” (keys)</source>
        <translation>Profil „{name}“ (Schlüssel)</translation>
    </message>
    <message>
        <source>Profile “{name}” (AWS sign-in, SSO)</source>
        <translation>Profil „{name}“ (AWS-Anmeldung, SSO)</translation>
    </message>
    <message>
        <source>Profile “{name}” (AWS sign-in)</source>
        <translation>Profil „{name}“ (AWS-Anmeldung)</translation>
    </message>
    <message>
        <source>Profile “{name}” (a role)</source>
        <translation>Profil „{name}“ (eine Rolle)</translation>
    </message>
    <message>
        <source>Profile “{name}” (keys from a program)</source>
        <translation>Profil „{name}“ (Schlüssel eines Programms)</translation>
    </message>
    <message>
        <source>Profile “{name}” (does not exist)</source>
        <translation>Profil „{name}“ (gibt es nicht)</translation>
    </message>
    <message>
        <source>Profile “{name}” (no keys)</source>
        <translation>Profil „{name}“ (keine Schlüssel)</translation>
    </message>
    <message numerus="yes">
        <source>%Ln character(s) are left of the monthly limit.</source>
        <translation>
            <numerusform>Vom Monatslimit bleibt %Ln Zeichen.</numerusform>
            <numerusform>Vom Monatslimit bleiben %Ln Zeichen.</numerusform>
        </translation>
    </message>
    <message>
        <source>The monthly limit has been reached. A voice on this computer reads instead.</source>
        <translation>Das Monatslimit ist erreicht. Stattdessen liest eine Stimme auf diesem Computer.</translation>
    </message>
    <message>
        <source>The account or region has changed. List the voices again.</source>
        <translation>Das Konto oder die Region hat sich geändert. Listen Sie die Stimmen noch einmal auf.</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Beendet.</translation>
    </message>
    <message>
        <source>Other programs&apos; volume can&apos;t be changed on this system.</source>
        <translation>Auf diesem System lässt sich die Lautstärke anderer Programme nicht ändern.</translation>
    </message>
    <message>
        <source>Harken crashed last time. A report without any of your text is in {file}. It was not sent anywhere.</source>
        <translation>Harken ist beim letzten Mal abgestürzt. Ein Bericht ohne Ihre Texte steht in {file}. Er wurde nirgendwohin gesendet.</translation>
    </message>
    <message>
        <source>Harken</source>
        <translation>Harken</translation>
    </message>
    <message>
        <source>The contrast of your own colours is {ratio} to 1: too low to read comfortably.</source>
        <translation>Der Kontrast Ihrer eigenen Farben ist {ratio} zu 1: zu wenig, um gut zu lesen.</translation>
    </message>
    <message>
        <source>Account in use</source>
        <translation>Verwendetes Konto</translation>
    </message>
    <message>
        <source>&amp;Find the account</source>
        <translation>K&amp;onto suchen</translation>
    </message>
    <message>
        <source>Not checked yet.</source>
        <translation>Noch nicht geprüft.</translation>
    </message>
    <message>
        <source>Looking for the account…</source>
        <translation>Das Konto wird gesucht…</translation>
    </message>
    <message>
        <source>Not used:</source>
        <translation>Nicht verwendet:</translation>
    </message>
    <message>
        <source>{source}: {why}</source>
        <translation>{source}: {why}</translation>
    </message>
    <message>
        <source>Found: {source}, access key {ending}.</source>
        <translation>Gefunden: {source}, Zugriffsschlüssel {ending}.</translation>
    </message>
    <message>
        <source>These keys are valid until {when}.</source>
        <translation>Diese Schlüssel gelten bis {when}.</translation>
    </message>
    <message>
        <source>Region {region}, set by {source}.</source>
        <translation>Region {region}, festgelegt durch: {source}.</translation>
    </message>
    <message>
        <source>Region {region} (default).</source>
        <translation>Region {region} (Standard).</translation>
    </message>
    <message>
        <source>Address of the service: {endpoint}</source>
        <translation>Adresse des Dienstes: {endpoint}</translation>
    </message>
    <message>
        <source>Keyring</source>
        <translation>Schlüsselbund</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Verbindung</translation>
    </message>
    <message numerus="yes">
        <source>A voice says a sentence of about %n character(s), which Amazon bills; the rest is free.</source>
        <translation>
            <numerusform>Eine Stimme sagt einen Satz von etwa %n Zeichen, den Amazon berechnet; alles andere kostet nichts.</numerusform>
            <numerusform>Eine Stimme sagt einen Satz von etwa %n Zeichen, den Amazon berechnet; alles andere kostet nichts.</numerusform>
        </translation>
    </message>
    <message>
        <source>Result of the check</source>
        <translation>Ergebnis der Prüfung</translation>
    </message>
    <message>
        <source>1. Looking for the account…</source>
        <translation>1. Das Konto wird gesucht…</translation>
    </message>
    <message>
        <source>1. Account: {sentence}</source>
        <translation>1. Konto: {sentence}</translation>
    </message>
    <message>
        <source>1. Account: {source}, access key {ending}, region {region}, {endpoint}</source>
        <translation>1. Konto: {source}, Zugriffsschlüssel {ending}, Region {region}, {endpoint}</translation>
    </message>
    <message>
        <source>2. Checking what the account may do…</source>
        <translation>2. Es wird geprüft, was das Konto darf…</translation>
    </message>
    <message>
        <source>2. Permissions: {sentence}</source>
        <translation>2. Berechtigungen: {sentence}</translation>
    </message>
    <message>
        <source>Not possible: {what} ({operation}): {why}</source>
        <translation>Nicht möglich: {what} ({operation}): {why}</translation>
    </message>
    <message>
        <source>Allowed, but: {what} ({operation}): {why}</source>
        <translation>Erlaubt, aber: {what} ({operation}): {why}</translation>
    </message>
    <message>
        <source>Allowed: {what} ({operation})</source>
        <translation>Erlaubt: {what} ({operation})</translation>
    </message>
    <message>
        <source>2. Permissions:</source>
        <translation>2. Berechtigungen:</translation>
    </message>
    <message>
        <source>3. A voice: not tried, because the account is not allowed to use one.</source>
        <translation>3. Eine Stimme: nicht versucht, weil das Konto keine verwenden darf.</translation>
    </message>
    <message>
        <source>3. Getting the voices…</source>
        <translation>3. Die Stimmen werden geholt…</translation>
    </message>
    <message>
        <source>3. A voice: {sentence}</source>
        <translation>3. Eine Stimme: {sentence}</translation>
    </message>
    <message>
        <source>3. A voice speaks…</source>
        <translation>3. Eine Stimme spricht…</translation>
    </message>
    <message>
        <source>3. A voice: {voice} was stopped.</source>
        <translation>3. Eine Stimme: {voice} wurde unterbrochen.</translation>
    </message>
    <message numerus="yes">
        <source>3. A voice: {voice} spoke %n character(s).</source>
        <translation>
            <numerusform>3. Eine Stimme: {voice} sprach %n Zeichen.</numerusform>
            <numerusform>3. Eine Stimme: {voice} sprach %n Zeichen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Everything works.</source>
        <translation>Alles funktioniert.</translation>
    </message>
    <message>
        <source>The check stops here: Amazon Polly can&apos;t be used like this.</source>
        <translation>Die Prüfung endet hier: So lässt sich Amazon Polly nicht verwenden.</translation>
    </message>
    <message>
        <source>list the voices</source>
        <translation>Stimmen auflisten</translation>
    </message>
    <message>
        <source>stream speech</source>
        <translation>Sprache fortlaufend senden</translation>
    </message>
    <message>
        <source>speak sentence by sentence</source>
        <translation>Satz für Satz sprechen</translation>
    </message>
    <message>
        <source>Keys for Harken</source>
        <translation>Schlüssel für Harken</translation>
    </message>
    <message>
        <source>&amp;Access key:</source>
        <translation>&amp;Zugriffsschlüssel:</translation>
    </message>
    <message>
        <source>Access key</source>
        <translation>Zugriffsschlüssel</translation>
    </message>
    <message>
        <source>&amp;Secret key:</source>
        <translation>&amp;Geheimer Schlüssel:</translation>
    </message>
    <message>
        <source>Secret key</source>
        <translation>Geheimer Schlüssel</translation>
    </message>
    <message>
        <source>Session &amp;token:</source>
        <translation>Sitzungs&amp;token:</translation>
    </message>
    <message>
        <source>Session token</source>
        <translation>Sitzungstoken</translation>
    </message>
    <message>
        <source>Only for temporary keys</source>
        <translation>Nur bei befristeten Schlüsseln</translation>
    </message>
    <message>
        <source>St&amp;ore in the keyring</source>
        <translation>Im Schlüsselbund auf&amp;bewahren</translation>
    </message>
    <message>
        <source>&amp;Remove from the keyring</source>
        <translation>Aus dem Schlüsselbund &amp;entfernen</translation>
    </message>
    <message>
        <source>Ope&amp;n a document…</source>
        <translation>Dokument ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>Text is sent to {company} only if you choose a voice of {service}.</source>
        <translation>Nur wenn Sie eine Stimme von {service} wählen, gehen Texte an {company}.</translation>
    </message>
    <message>
        <source>To {company}. You have chosen a voice of {service}, and the speech is generated there.</source>
        <translation>An {company}. Sie haben eine Stimme von {service} gewählt, und die Sprache wird dort erzeugt.</translation>
    </message>
    <message>
        <source>Text is sent slightly ahead of the speech. If you stop, the rest is not sent.</source>
        <translation>Der Text wird etwas früher gesendet, als er zu hören ist. Wenn Sie aufhören, wird der Rest nicht gesendet.</translation>
    </message>
    <message>
        <source>{company} bills your AWS account for it.</source>
        <translation>{company} stellt das Ihrem AWS-Konto in Rechnung.</translation>
    </message>
    <message>
        <source>If {service} can&apos;t be reached, a voice on this computer continues.</source>
        <translation>Ist {service} nicht erreichbar, liest eine Stimme auf diesem Computer weiter.</translation>
    </message>
    <message>
        <source>{company}, for speech and for the list of voices.</source>
        <translation>{company}, für die Sprachausgabe und für die Liste der Stimmen.</translation>
    </message>
    <message>
        <source>Voices that you have added are in {path}.</source>
        <translation>Stimmen, die Sie hinzugefügt haben, sind in {path}.</translation>
    </message>
    <message>
        <source>Bookmarks that you set: positions and fingerprints, until you remove them.</source>
        <translation>Lesezeichen, die Sie setzen: Stellen und Fingerabdrücke, bis Sie sie entfernen.</translation>
    </message>
    <message>
        <source>The key of your speech server, if you entered one, is there too.</source>
        <translation>Auch der Schlüssel Ihres Sprachservers ist dort, wenn Sie einen eingegeben haben.</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen …</translation>
    </message>
    <message>
        <source>Choose: {name}</source>
        <translation>Auswählen: {name}</translation>
    </message>
    <message>
        <source>To change a key, press its button and then the new keys. Esc cancels, Delete removes the keys.</source>
        <translation>Um eine Taste zu ändern, drücken Sie die Schaltfläche daneben und dann die neuen Tasten. Esc bricht ab, Entf entfernt die Tasten.</translation>
    </message>
    <message>
        <source>Your desktop uses {key} for this.</source>
        <translation>Ihre Arbeitsumgebung verwendet dafür {key}.</translation>
    </message>
    <message>
        <source>On this desktop, Esc always goes to the program in front, so it does not stop reading.</source>
        <translation>In dieser Arbeitsumgebung geht Esc immer an das Programm im Vordergrund und beendet das Vorlesen nicht.</translation>
    </message>
    <message>
        <source>The contrast of your own colours is {ratio} to 1: good for reading.</source>
        <translation>Der Kontrast Ihrer eigenen Farben ist {ratio} zu 1: gut zum Lesen.</translation>
    </message>
    <message>
        <source>The contrast of your own colours is {ratio} to 1: enough for most people.</source>
        <translation>Der Kontrast Ihrer eigenen Farben ist {ratio} zu 1: genug für die meisten.</translation>
    </message>
    <message>
        <source>Harken never writes keys to a plain file.</source>
        <translation>Harken schreibt Schlüssel nie in eine gewöhnliche Datei.</translation>
    </message>
    <message>
        <source>Without a keyring, choose a profile from ~/.aws above, or start Harken with the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.</source>
        <translation>Ohne Schlüsselbund wählen Sie oben ein Profil aus ~/.aws, oder starten Sie Harken mit den Variablen AWS_ACCESS_KEY_ID und AWS_SECRET_ACCESS_KEY.</translation>
    </message>
    <message>
        <source>Checking the keyring…</source>
        <translation>Der Schlüsselbund wird geprüft…</translation>
    </message>
    <message>
        <source>There is no keyring here to keep keys in: {why}.</source>
        <translation>Hier gibt es keinen Schlüsselbund zum Aufbewahren: {why}.</translation>
    </message>
    <message>
        <source>The keyring has none of your keys.</source>
        <translation>Der Schlüsselbund enthält keine Schlüssel von Ihnen.</translation>
    </message>
    <message>
        <source>It is locked: the system asks for its password when you store keys there.</source>
        <translation>Er ist gesperrt: Das System fragt nach seinem Passwort, wenn Sie Schlüssel darin aufbewahren.</translation>
    </message>
    <message>
        <source>The keyring has your keys.</source>
        <translation>Der Schlüsselbund enthält Ihre Schlüssel.</translation>
    </message>
    <message>
        <source>It is locked: the system asks for its password when Harken needs them.</source>
        <translation>Er ist gesperrt: Das System fragt nach seinem Passwort, wenn Harken sie braucht.</translation>
    </message>
    <message>
        <source>Harken&apos;s entry in the keyring is damaged. Remove it, or enter your keys again.</source>
        <translation>Harkens Eintrag im Schlüsselbund ist beschädigt. Entfernen Sie ihn, oder geben Sie Ihre Schlüssel neu ein.</translation>
    </message>
    <message>
        <source>The keyring has your keys: access key {ending}.</source>
        <translation>Der Schlüsselbund enthält Ihre Schlüssel: Zugriffsschlüssel {ending}.</translation>
    </message>
    <message>
        <source>{language} ({country})</source>
        <translation>{language} ({country})</translation>
    </message>
    <message>
        <source>{own} – {english}</source>
        <translation>{own} – {english}</translation>
    </message>
    <message>
        <source>female</source>
        <translation>weiblich</translation>
    </message>
    <message>
        <source>male</source>
        <translation>männlich</translation>
    </message>
    <message>
        <source>generative, streams</source>
        <translation>generativ, fortlaufend</translation>
    </message>
    <message>
        <source>neural</source>
        <translation>neuronal</translation>
    </message>
    <message>
        <source>standard</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>long-form</source>
        <translation>für lange Texte</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between words of a list</comment>
        <translation>, </translation>
    </message>
    <message>
        <source>{voice} ({details})</source>
        <translation>{voice} ({details})</translation>
    </message>
    <message>
        <source>An Amazon Polly voice is chosen: the text it reads aloud is sent to Amazon.</source>
        <translation>Eine Stimme von Amazon Polly ist gewählt: Der Text, den sie vorliest, geht an Amazon.</translation>
    </message>
    <message>
        <source>No Amazon Polly voice is chosen, so none of your text is sent to Amazon.</source>
        <translation>Keine Stimme von Amazon Polly ist gewählt, also geht kein Text an Amazon.</translation>
    </message>
    <message>
        <source>Its voices need an AWS account. Amazon bills each character spoken.</source>
        <translation>Die Stimmen brauchen ein AWS-Konto. Amazon berechnet jedes gesprochene Zeichen.</translation>
    </message>
    <message>
        <source>Used this month</source>
        <translation>In diesem Monat verbraucht</translation>
    </message>
    <message>
        <source>Characters this month</source>
        <translation>Zeichen in diesem Monat</translation>
    </message>
    <message numerus="yes">
        <source>Amazon has billed %Ln character(s).</source>
        <translation>
            <numerusform>Amazon hat %Ln Zeichen berechnet.</numerusform>
            <numerusform>Amazon hat %Ln Zeichen berechnet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Up to %Ln more character(s) were sent for readings that you stopped. Amazon does not say how many of these it bills.</source>
        <translation>
            <numerusform>Bis zu %Ln weiteres Zeichen wurde für abgebrochene Texte gesendet. Amazon sagt nicht, ob es dieses berechnet.</numerusform>
            <numerusform>Bis zu %Ln weitere Zeichen wurden für abgebrochene Texte gesendet. Amazon sagt nicht, wie viele davon es berechnet.</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} – {place} – streams</source>
        <translation>{name} – {place} – fortlaufend</translation>
    </message>
    <message>
        <source>{name} – {place} – sentence by sentence</source>
        <translation>{name} – {place} – Satz für Satz</translation>
    </message>
    <message>
        <source>{name} – unknown</source>
        <translation>{name} – unbekannt</translation>
    </message>
    <message>
        <source>Voices in the account</source>
        <translation>Stimmen des Kontos</translation>
    </message>
    <message>
        <source>&amp;List the voices</source>
        <translation>Stimmen &amp;auflisten</translation>
    </message>
    <message>
        <source>&amp;Use this voice</source>
        <translation>&amp;Diese Stimme verwenden</translation>
    </message>
    <message>
        <source>All languages</source>
        <translation>Alle Sprachen</translation>
    </message>
    <message>
        <source>Filter the voices</source>
        <translation>Stimmen filtern</translation>
    </message>
    <message>
        <source>Lan&amp;guage:</source>
        <translation>Spra&amp;che:</translation>
    </message>
    <message>
        <source>Language of the voices</source>
        <translation>Sprache der Stimmen</translation>
    </message>
    <message>
        <source>Getting the voices from Amazon…</source>
        <translation>Die Stimmen werden von Amazon geholt…</translation>
    </message>
    <message numerus="yes">
        <source>%n voice(s) listed.</source>
        <translation>
            <numerusform>%n Stimme aufgelistet.</numerusform>
            <numerusform>%n Stimmen aufgelistet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n voice(s) found.</source>
        <translation>
            <numerusform>%n Stimme gefunden.</numerusform>
            <numerusform>%n Stimmen gefunden.</numerusform>
        </translation>
    </message>
    <message>
        <source>{voice} speaks…</source>
        <translation>{voice} spricht…</translation>
    </message>
    <message numerus="yes">
        <source>Spoken: about %n character(s), which Amazon bills.</source>
        <translation>
            <numerusform>Gesprochen: etwa %n Zeichen, das Amazon berechnet.</numerusform>
            <numerusform>Gesprochen: etwa %n Zeichen, die Amazon berechnet.</numerusform>
        </translation>
    </message>
    <message>
        <source>From now on, {voice} reads, and the text is sent to Amazon.</source>
        <translation>Von nun an liest {voice}, und der Text geht an Amazon.</translation>
    </message>
    <message>
        <source>Voices</source>
        <translation>Stimmen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Gender</source>
        <translation>Geschlecht</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Engine</translation>
    </message>
    <message>
        <source>{voice}, in use</source>
        <translation>{voice}, in Gebrauch</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Stimme</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Lesen</translation>
    </message>
    <message>
        <source>What is read</source>
        <translation>Was gelesen wird</translation>
    </message>
    <message>
        <source>Pronunciation</source>
        <translation>Aussprache</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Ton</translation>
    </message>
    <message>
        <source>Privacy &amp; System</source>
        <translation>Datenschutz &amp; System</translation>
    </message>
    <message>
        <source>What Harken reads and where it goes</source>
        <translation>Was Harken liest und wohin es geht</translation>
    </message>
    <message>
        <source>AWS account</source>
        <translation>AWS-Konto</translation>
    </message>
    <message>
        <source>Check the co&amp;nnection</source>
        <translation>&amp;Verbindung prüfen</translation>
    </message>
    <message>
        <source>Check the ke&amp;yring again</source>
        <translation>Schlüsselbund &amp;noch einmal prüfen</translation>
    </message>
    <message>
        <source>Hear a sam&amp;ple</source>
        <translation>&amp;Probe hören</translation>
    </message>
    <message>
        <source>F&amp;ilter:</source>
        <translation>&amp;Filter:</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>Open the &amp;log folder</source>
        <translation>Ordner des &amp;Protokolls öffnen</translation>
    </message>
    <message>
        <source>Open the settings &amp;file</source>
        <translation>Einstellungs&amp;datei öffnen</translation>
    </message>
    <message>
        <source>No program here can open {path}.</source>
        <translation>Kein Programm hier kann {path} öffnen.</translation>
    </message>
    <message>
        <source>Harken settings</source>
        <translation>Harken – Einstellungen</translation>
    </message>
    <message>
        <source>S&amp;earch:</source>
        <translation>&amp;Suchen:</translation>
    </message>
    <message>
        <source>Search the settings</source>
        <translation>In den Einstellungen suchen</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Settings found</source>
        <translation>Gefundene Einstellungen</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>Sch&amp;ließen</translation>
    </message>
    <message>
        <source>{name} – {page}</source>
        <translation>{name} – {page}</translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) found</source>
        <translation>
            <numerusform>%n Einstellung gefunden</numerusform>
            <numerusform>%n Einstellungen gefunden</numerusform>
        </translation>
    </message>
</context>
</TS>
