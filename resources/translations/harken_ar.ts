<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ar_EG" sourcelanguage="en">
<context>
    <name>controls</name>
    <message>
        <source>{before}, {behind}</source>
        <translation>{before}، {behind}</translation>
    </message>
    <message>
        <source>{number}%</source>
        <translation>{number}٪</translation>
    </message>
    <message>
        <source>row {row}, column {column}</source>
        <translation>الصف {row}، العمود {column}</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{number} من {count}</translation>
    </message>
    <message>
        <source>level {level}</source>
        <translation>المستوى {level}</translation>
    </message>
    <message>
        <source>unavailable</source>
        <translation>غير متاح</translation>
    </message>
    <message>
        <source>alert</source>
        <translation>تنبيه</translation>
    </message>
    <message>
        <source>check box</source>
        <translation>خانة اختيار</translation>
    </message>
    <message>
        <source>menu item</source>
        <translation>عنصر قائمة</translation>
    </message>
    <message>
        <source>column header</source>
        <translation>رأس عمود</translation>
    </message>
    <message>
        <source>drop-down list</source>
        <translation>قائمة منسدلة</translation>
    </message>
    <message>
        <source>dial</source>
        <translation>قرص ضبط</translation>
    </message>
    <message>
        <source>dialog</source>
        <translation>مربع حوار</translation>
    </message>
    <message>
        <source>window</source>
        <translation>نافذة</translation>
    </message>
    <message>
        <source>icon</source>
        <translation>أيقونة</translation>
    </message>
    <message>
        <source>image</source>
        <translation>صورة</translation>
    </message>
    <message>
        <source>list</source>
        <translation>قائمة</translation>
    </message>
    <message>
        <source>list item</source>
        <translation>عنصر في قائمة</translation>
    </message>
    <message>
        <source>menu</source>
        <translation>قائمة أوامر</translation>
    </message>
    <message>
        <source>menu bar</source>
        <translation>شريط القوائم</translation>
    </message>
    <message>
        <source>tab</source>
        <translation>علامة تبويب</translation>
    </message>
    <message>
        <source>password field</source>
        <translation>حقل كلمة مرور</translation>
    </message>
    <message>
        <source>progress bar</source>
        <translation>شريط تقدم</translation>
    </message>
    <message>
        <source>button</source>
        <translation>زر</translation>
    </message>
    <message>
        <source>radio button</source>
        <translation>زر خيار</translation>
    </message>
    <message>
        <source>row header</source>
        <translation>رأس صف</translation>
    </message>
    <message>
        <source>scroll bar</source>
        <translation>شريط تمرير</translation>
    </message>
    <message>
        <source>slider</source>
        <translation>منزلق</translation>
    </message>
    <message>
        <source>number field</source>
        <translation>حقل رقم</translation>
    </message>
    <message>
        <source>table</source>
        <translation>جدول</translation>
    </message>
    <message>
        <source>cell</source>
        <translation>خلية</translation>
    </message>
    <message>
        <source>terminal</source>
        <translation>طرفية</translation>
    </message>
    <message>
        <source>text field</source>
        <translation>حقل نص</translation>
    </message>
    <message>
        <source>toggle button</source>
        <translation>زر تبديل</translation>
    </message>
    <message>
        <source>tree</source>
        <translation>شجرة</translation>
    </message>
    <message>
        <source>heading</source>
        <translation>عنوان</translation>
    </message>
    <message>
        <source>link</source>
        <translation>رابط</translation>
    </message>
    <message>
        <source>tree item</source>
        <translation>عنصر في شجرة</translation>
    </message>
    <message>
        <source>web page</source>
        <translation>صفحة ويب</translation>
    </message>
    <message>
        <source>level bar</source>
        <translation>شريط مستوى</translation>
    </message>
    <message>
        <source>switch</source>
        <translation>مفتاح تبديل</translation>
    </message>
    <message>
        <source>checked</source>
        <translation>محددة</translation>
    </message>
    <message>
        <source>not checked</source>
        <translation>غير محددة</translation>
    </message>
    <message>
        <source>selected</source>
        <translation>محدد</translation>
    </message>
    <message>
        <source>not selected</source>
        <translation>غير محدد</translation>
    </message>
    <message>
        <source>pressed</source>
        <translation>مضغوط</translation>
    </message>
    <message>
        <source>not pressed</source>
        <translation>غير مضغوط</translation>
    </message>
    <message>
        <source>on</source>
        <translation>مفعّل</translation>
    </message>
    <message>
        <source>off</source>
        <translation>معطّل</translation>
    </message>
    <message>
        <source>partially checked</source>
        <translation>محددة جزئيًا</translation>
    </message>
    <message>
        <source>expanded</source>
        <translation>موسّع</translation>
    </message>
    <message>
        <source>collapsed</source>
        <translation>مطوي</translation>
    </message>
    <message>
        <source>visited</source>
        <translation>تمت زيارته</translation>
    </message>
    <message>
        <source>read-only</source>
        <translation>للقراءة فقط</translation>
    </message>
    <message>
        <source>required</source>
        <translation>مطلوب</translation>
    </message>
    <message>
        <source>not valid</source>
        <translation>غير صالح</translation>
    </message>
    <message>
        <source>busy</source>
        <translation>مشغول</translation>
    </message>
</context>
<context>
    <name>languages</name>
    <message>
        <source>Arabic</source>
        <translation>العربية</translation>
    </message>
    <message>
        <source>Bulgarian</source>
        <translation>البلغارية</translation>
    </message>
    <message>
        <source>Bengali</source>
        <translation>البنغالية</translation>
    </message>
    <message>
        <source>Catalan</source>
        <translation>الكتالانية</translation>
    </message>
    <message>
        <source>Czech</source>
        <translation>التشيكية</translation>
    </message>
    <message>
        <source>Danish</source>
        <translation>الدنماركية</translation>
    </message>
    <message>
        <source>German</source>
        <translation>الألمانية</translation>
    </message>
    <message>
        <source>Greek</source>
        <translation>اليونانية</translation>
    </message>
    <message>
        <source>English</source>
        <translation>الإنجليزية</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>الإسبانية</translation>
    </message>
    <message>
        <source>Persian</source>
        <translation>الفارسية</translation>
    </message>
    <message>
        <source>Finnish</source>
        <translation>الفنلندية</translation>
    </message>
    <message>
        <source>French</source>
        <translation>الفرنسية</translation>
    </message>
    <message>
        <source>Gujarati</source>
        <translation>الغوجاراتية</translation>
    </message>
    <message>
        <source>Hebrew</source>
        <translation>العبرية</translation>
    </message>
    <message>
        <source>Hindi</source>
        <translation>الهندية</translation>
    </message>
    <message>
        <source>Croatian</source>
        <translation>الكرواتية</translation>
    </message>
    <message>
        <source>Hungarian</source>
        <translation>المجرية</translation>
    </message>
    <message>
        <source>Indonesian</source>
        <translation>الإندونيسية</translation>
    </message>
    <message>
        <source>Italian</source>
        <translation>الإيطالية</translation>
    </message>
    <message>
        <source>Japanese</source>
        <translation>اليابانية</translation>
    </message>
    <message>
        <source>Kannada</source>
        <translation>الكانادية</translation>
    </message>
    <message>
        <source>Korean</source>
        <translation>الكورية</translation>
    </message>
    <message>
        <source>Malayalam</source>
        <translation>المالايالامية</translation>
    </message>
    <message>
        <source>Marathi</source>
        <translation>الماراثية</translation>
    </message>
    <message>
        <source>Norwegian</source>
        <translation>النرويجية</translation>
    </message>
    <message>
        <source>Dutch</source>
        <translation>الهولندية</translation>
    </message>
    <message>
        <source>Punjabi</source>
        <translation>البنجابية</translation>
    </message>
    <message>
        <source>Polish</source>
        <translation>البولندية</translation>
    </message>
    <message>
        <source>Portuguese</source>
        <translation>البرتغالية</translation>
    </message>
    <message>
        <source>Romanian</source>
        <translation>الرومانية</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>الروسية</translation>
    </message>
    <message>
        <source>Slovak</source>
        <translation>السلوفاكية</translation>
    </message>
    <message>
        <source>Serbian</source>
        <translation>الصربية</translation>
    </message>
    <message>
        <source>Swedish</source>
        <translation>السويدية</translation>
    </message>
    <message>
        <source>Swahili</source>
        <translation>السواحلية</translation>
    </message>
    <message>
        <source>Tamil</source>
        <translation>التاميلية</translation>
    </message>
    <message>
        <source>Telugu</source>
        <translation>التيلوغوية</translation>
    </message>
    <message>
        <source>Thai</source>
        <translation>التايلاندية</translation>
    </message>
    <message>
        <source>Turkish</source>
        <translation>التركية</translation>
    </message>
    <message>
        <source>Ukrainian</source>
        <translation>الأوكرانية</translation>
    </message>
    <message>
        <source>Urdu</source>
        <translation>الأردية</translation>
    </message>
    <message>
        <source>Vietnamese</source>
        <translation>الفيتنامية</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>الصينية</translation>
    </message>
    <message>
        <source>America</source>
        <translation>أمريكا</translation>
    </message>
    <message>
        <source>Belgium</source>
        <translation>بلجيكا</translation>
    </message>
    <message>
        <source>Brazil</source>
        <translation>البرازيل</translation>
    </message>
    <message>
        <source>France</source>
        <translation>فرنسا</translation>
    </message>
    <message>
        <source>Great Britain</source>
        <translation>بريطانيا العظمى</translation>
    </message>
    <message>
        <source>Latin America</source>
        <translation>أمريكا اللاتينية</translation>
    </message>
    <message>
        <source>Portugal</source>
        <translation>البرتغال</translation>
    </message>
    <message>
        <source>Scotland</source>
        <translation>اسكتلندا</translation>
    </message>
    <message>
        <source>Spain</source>
        <translation>إسبانيا</translation>
    </message>
    <message>
        <source>Switzerland</source>
        <translation>سويسرا</translation>
    </message>
</context>
<context>
    <name>reader</name>
    <message>
        <source>There is no desktop to read from.</source>
        <translation>لا يوجد سطح مكتب للقراءة منه.</translation>
    </message>
    <message>
        <source>Harken no longer remembers this text. “harken history” lists the ones it does.</source>
        <translation>لم يعد هاركن يتذكر هذا النص. يعرض «harken history» النصوص التي يتذكرها.</translation>
    </message>
    <message>
        <source>Harken is running. Select text and press {key}.</source>
        <translation>هاركن يعمل. حدّد نصًا واضغط {key}.</translation>
    </message>
    <message>
        <source>Harken is running. Select text and choose “Read selection”.</source>
        <translation>هاركن يعمل. حدّد نصًا واختر «اقرأ المحدد».</translation>
    </message>
    <message>
        <source>No voice here speaks “{language}”. Another voice will read it.</source>
        <translation>لا صوت هنا يتكلم «{language}». سيقرأ النص صوت آخر.</translation>
    </message>
    <message>
        <source>There is no sound output “{name}” at the moment. Did you mean “{other}”?</source>
        <translation>لا يوجد الآن مخرج صوت «{name}». هل قصدت «{other}»؟</translation>
    </message>
    <message>
        <source>There is no sound output “{name}” at the moment. Harken will use it when it is connected.</source>
        <translation>لا يوجد الآن مخرج صوت «{name}»، وسيُستخدم حين يُوصَل.</translation>
    </message>
    <message>
        <source>There is no AWS profile “{name}” at the moment.</source>
        <translation>لا يوجد الآن ملف تعريف AWS باسم «{name}».</translation>
    </message>
    <message>
        <source>There is no AWS profile “{name}” at the moment. Did you mean “{other}”?</source>
        <translation>لا يوجد الآن ملف تعريف AWS باسم «{name}». هل قصدت «{other}»؟</translation>
    </message>
    <message>
        <source>As far as Harken knows, Amazon Polly is not available in “{name}”.</source>
        <translation>لا يُعرف أن Amazon Polly متاح في «{name}».</translation>
    </message>
    <message>
        <source>As far as Harken knows, Amazon Polly is not available in “{name}”. Did you mean “{other}”?</source>
        <translation>لا يُعرف أن Amazon Polly متاح في «{name}». هل قصدت «{other}»؟</translation>
    </message>
    <message>
        <source>{file} can&apos;t be written: {reason}.</source>
        <translation>لا يمكن الكتابة في ⁦{file}⁩: {reason}.</translation>
    </message>
    <message>
        <source>The sound output “{missing}” is not available. Harken uses {used} instead.</source>
        <translation>مخرج الصوت «{missing}» غير متاح. يُستخدم {used} بدلًا منه.</translation>
    </message>
    <message>
        <source>The sound was lost but is back ({device}). Reading continues.</source>
        <translation>انقطع الصوت ثم عاد ({device}). القراءة مستمرة.</translation>
    </message>
    <message>
        <source>The sound system is not responding.</source>
        <translation>نظام الصوت لا يستجيب.</translation>
    </message>
    <message>
        <source>The sound system is not responding. Harken will try again.</source>
        <translation>نظام الصوت لا يستجيب. سيحاول هاركن مرة أخرى.</translation>
    </message>
    <message>
        <source>There is no sound output. Connect speakers or headphones, or start the sound system.</source>
        <translation>لا يوجد مخرج صوت. أوصل مكبر صوت أو سماعة، أو شغّل نظام الصوت.</translation>
    </message>
    <message>
        <source>The program in front is not responding. Wait a moment, then press the key again.</source>
        <translation>البرنامج الذي أمامك لا يستجيب. انتظر لحظة واضغط المفتاح مرة أخرى.</translation>
    </message>
    <message>
        <source>There is no text to read here.</source>
        <translation>لا يوجد هنا نص لقراءته.</translation>
    </message>
    <message>
        <source>This is a password field. Harken does not read passwords aloud.</source>
        <translation>هذا حقل كلمة مرور، وهاركن لا يقرأ كلمات المرور.</translation>
    </message>
    <message>
        <source>Nothing is selected. Select some text and press the key again.</source>
        <translation>لا شيء محدد. حدّد نصًا واضغط المفتاح مرة أخرى.</translation>
    </message>
    <message>
        <source>Harken can&apos;t see selections on this desktop yet. Use “harken speak” instead.</source>
        <translation>لا يستطيع هاركن بعدُ معرفة النص المحدد على سطح المكتب هذا. استخدم «harken speak» بدلًا من ذلك.</translation>
    </message>
    <message>
        <source>Harken can&apos;t see the focused text on this desktop. Select text instead.</source>
        <translation>لا يستطيع هاركن معرفة حقل النص الذي أنت فيه على سطح المكتب هذا. حدّد نصًا بدلًا من ذلك.</translation>
    </message>
    <message>
        <source>The connection to the display was lost. Start Harken again.</source>
        <translation>انقطع الاتصال بالشاشة. أعد تشغيل هاركن.</translation>
    </message>
    <message>
        <source>The clipboard is empty.</source>
        <translation>الحافظة فارغة.</translation>
    </message>
    <message>
        <source>Nothing is selected.</source>
        <translation>لا شيء محدد.</translation>
    </message>
    <message>
        <source>Harken could not get the selection. Press the key again.</source>
        <translation>لم يحصل هاركن على النص المحدد. اضغط المفتاح مرة أخرى.</translation>
    </message>
    <message>
        <source>The program that has the text is not responding. Wait a moment, then press the key again.</source>
        <translation>البرنامج الذي فيه النص لا يستجيب. انتظر لحظة واضغط المفتاح مرة أخرى.</translation>
    </message>
    <message>
        <source>The program that had the text has closed.</source>
        <translation>أُغلق البرنامج الذي كان فيه النص.</translation>
    </message>
    <message>
        <source>The selection is not text.</source>
        <translation>المحدد ليس نصًا.</translation>
    </message>
    <message>
        <source>The sound library on this computer can&apos;t write {format} files. Use .wav instead.</source>
        <translation>لا تستطيع مكتبة الصوت هنا كتابة ملفات {format}. استعمل ‎.wav.</translation>
    </message>
    <message>
        <source>The program has closed this text. Harken reads only the part it already has.</source>
        <translation>أغلق البرنامج نصه. لن يقرأ هاركن إلا ما حصل عليه منه.</translation>
    </message>
    <message>
        <source>Harken does not press Ctrl+C in a terminal, because that could end what is running there. Copy the text, then choose “Read clipboard”.</source>
        <translation>لا يضغط هاركن Ctrl+C في الطرفية، فقد يوقف ذلك ما يعمل فيها. انسخ النص ثم اختر «قراءة الحافظة».</translation>
    </message>
    <message>
        <source>Copying the selection would have overwritten what is on the clipboard, so Harken did not copy it. Copy it yourself, then choose “Read clipboard”.</source>
        <translation>تعذّرت إعادة محتوى الحافظة إليها، فلم ينسخ هاركن النص المحدد. انسخه بنفسك ثم اختر «قراءة الحافظة».</translation>
    </message>
    <message>
        <source>Another program is using the clipboard. Press the key again.</source>
        <translation>برنامج آخر يستخدم الحافظة. اضغط المفتاح مرة أخرى.</translation>
    </message>
    <message>
        <source>Harken can&apos;t say what gets the focus: this session has no accessibility service. Install at-spi2-core.</source>
        <translation>لا يستطيع هاركن نطق ما ينتقل إليه التركيز: لا توجد إمكانية وصول في هذه الجلسة. ثبّت at-spi2-core.</translation>
    </message>
    <message>
        <source>Harken can&apos;t say what the pointer rests on: this session has no accessibility service, or no X server.</source>
        <translation>لا يستطيع هاركن نطق ما يستقر عليه المؤشر: لا توجد في هذه الجلسة إمكانية وصول أو لا يوجد خادم X.</translation>
    </message>
    <message>
        <source>Harken can&apos;t say what the pointer rests on: on Wayland, programs can&apos;t see where the pointer is.</source>
        <translation>لا يستطيع هاركن نطق ما يستقر عليه المؤشر: لا يخبر وايلاند أي برنامج بمكانه.</translation>
    </message>
    <message>
        <source>Harken can&apos;t follow the focus or the pointer on this system yet.</source>
        <translation>لا يستطيع هاركن بعد متابعة التركيز أو المؤشر على هذا النظام.</translation>
    </message>
    <message>
        <source>This is a password. Harken does not read passwords aloud.</source>
        <translation>هذه كلمة مرور، وهاركن لا يقرأ كلمات المرور.</translation>
    </message>
    <message>
        <source>This program reports its text only when accessibility is on. Turn on “{setting}” in Harken&apos;s settings. If that is not enough, restart the program.</source>
        <translation>لا يعطي هذا البرنامج نصه إلا مع إمكانية الوصول. فعّل «{setting}» في إعدادات هاركن. وإن لم يكفِ ذلك فأعد تشغيل البرنامج.</translation>
    </message>
    <message>
        <source>This program was started before accessibility was turned on. Restart it, then press the key again.</source>
        <translation>بدأ هذا البرنامج قبل تفعيل إمكانية الوصول. أعد تشغيله ثم اضغط المفتاح مرة أخرى.</translation>
    </message>
    <message>
        <source>This program reports its pages only if you start it with --force-renderer-accessibility.</source>
        <translation>لا يعطي هذا البرنامج صفحاته إلا إذا شُغّل مع --force-renderer-accessibility.</translation>
    </message>
    <message>
        <source>The program in front does not report its text. Firefox and some others do once you turn on “{setting}” in Harken&apos;s settings and restart them.</source>
        <translation>لا يعطي البرنامج الذي في الأمام نصه. يفعل فايرفوكس وبعض البرامج الأخرى ذلك بعد أن تفعّل «{setting}» في إعدادات هاركن وتعيد تشغيلها.</translation>
    </message>
    <message>
        <source>Another key was pressed.</source>
        <translation>ضُغط مفتاح آخر.</translation>
    </message>
    <message>
        <source>This session has no accessibility service. Install at-spi2-core, then log out and in again.</source>
        <translation>لا توجد إمكانية وصول في هذه الجلسة. ثبّت at-spi2-core ثم سجّل الخروج وادخل من جديد.</translation>
    </message>
    <message>
        <source>Accessibility is on. Programs that are already open may not report their text until you restart them.</source>
        <translation>إمكانية الوصول مفعّلة. قد لا تعطي البرامج المفتوحة نصها إلا بعد إعادة تشغيلها.</translation>
    </message>
    <message>
        <source>Accessibility is off. Programs you start from now on may not report their text.</source>
        <translation>إمكانية الوصول متوقفة. قد لا تعطي البرامج التي تشغّلها من الآن نصها.</translation>
    </message>
    <message>
        <source>The desktop did not turn accessibility on. Turn it on in the desktop&apos;s settings.</source>
        <translation>لم يفعّل سطح المكتب إمكانية الوصول. فعّلها في إعدادات سطح المكتب.</translation>
    </message>
    <message>
        <source>Accessibility stays on, because something other than Harken turned it on.</source>
        <translation>تبقى إمكانية الوصول مفعّلة: لم يفعّلها هاركن بل غيره.</translation>
    </message>
    <message>
        <source>Your desktop is asking whether Harken may use keys. Allow it there to make them work.</source>
        <translation>يسأل سطح المكتب هل يُسمح لهاركن باستخدام المفاتيح. اسمح بذلك هناك لتعمل.</translation>
    </message>
    <message>
        <source>The key for “{command}” is now {key}.</source>
        <translation>مفتاح «{command}» هو الآن {key}.</translation>
    </message>
    <message>
        <source>While a screen reader is running, Harken leaves this to it and reads nothing by itself.</source>
        <translation>ما دام قارئ شاشة يعمل فإن هاركن يترك ذلك له، ولا يقرأ شيئًا من تلقاء نفسه.</translation>
    </message>
    <message>
        <source>Continuing where you stopped. Open the file again to start from the beginning.</source>
        <translation>تستمر القراءة من حيث توقفت. افتح الملف مرة أخرى للبدء من جديد.</translation>
    </message>
    <message>
        <source>There is no text with this number. “harken recent” lists them all.</source>
        <translation>لا يوجد نص بهذا الرقم. يعرض «harken recent» النصوص الموجودة.</translation>
    </message>
    <message>
        <source>There is no bookmark with this number. “harken bookmarks” lists them all.</source>
        <translation>لا توجد إشارة مرجعية بهذا الرقم. يعرض «harken bookmarks» الإشارات الموجودة.</translation>
    </message>
    <message>
        <source>Bookmark set.</source>
        <translation>وُضعت الإشارة المرجعية.</translation>
    </message>
    <message>
        <source>Bookmark set, but only until Harken quits, because this text is not kept.</source>
        <translation>وُضعت الإشارة المرجعية حتى ينتهي هاركن: النص نفسه لا يُحفظ.</translation>
    </message>
    <message>
        <source>{file} has changed. Harken reads it from the beginning.</source>
        <translation>تغيّر {file}. يقرؤه هاركن من أوله.</translation>
    </message>
    <message>
        <source>This text was not kept. Have it read again to continue where you stopped.</source>
        <translation>لم يُحفظ هذا النص. اطلب قراءته مرة أخرى للمتابعة من الموضع نفسه.</translation>
    </message>
    <message>
        <source>All voices for “{language}” have an unclear licence. Name the one you want, such as “{voice}”.</source>
        <translation>لا تتوفر للغة «{language}» إلا أصوات ترخيصها غير واضح. سمِّ واحدًا منها، مثل «{voice}».</translation>
    </message>
    <message>
        <source>There is no voice “{voice}” to download. “harken voices available” lists them all.</source>
        <translation>لا يوجد صوت باسم «{voice}» للتنزيل. يعرض «harken voices available» المتاح منها.</translation>
    </message>
    <message>
        <source>Stopped. If you download the voice again, Harken continues from there.</source>
        <translation>أُوقف التنزيل. يتابع Harken من الموضع نفسه عندما تنزّل الصوت مرة أخرى.</translation>
    </message>
    <message>
        <source>some of its lines can&apos;t be used</source>
        <translation>بعض أسطره غير صالح للاستخدام</translation>
    </message>
    <message>
        <source>The sound is taking a while to start. Harken reads as soon as it is ready.</source>
        <translation>يستغرق تشغيل الصوت بعض الوقت. سيقرأ هاركن بمجرد أن يصبح جاهزًا.</translation>
    </message>
    <message>
        <source>The program makes only part of this long document available. To hear all of it, select everything and read the selection, or open the file in Harken.</source>
        <translation>لا يتيح البرنامج إلا جزءًا من هذا المستند الطويل. لسماعه كله حدّد النص كله واقرأ التحديد، أو افتح الملف في هاركن.</translation>
    </message>
    <message>
        <source>macOS does not let Harken see other programs&apos; text yet. Choose “First steps” in Harken&apos;s menu and allow it there.</source>
        <translation>لا يسمح macOS لهاركن برؤية نص البرامج الأخرى بعد. اختر «الخطوات الأولى» في قائمة هاركن واسمح بذلك هناك.</translation>
    </message>
    <message>
        <source>A program is waiting for a password, so Harken presses no keys and can&apos;t copy what is selected. Close the password dialog, or copy the text and choose “Read clipboard”.</source>
        <translation>ينتظر أحد البرامج كلمة مرور، فلا يضغط هاركن أي مفاتيح ولا يستطيع نسخ النص المحدد. أغلق نافذة كلمة المرور، أو انسخ النص واختر «قراءة الحافظة».</translation>
    </message>
    <message>
        <source>The program in front is running as administrator, so Windows does not let Harken see what is selected in it. Copy the text, then choose “Read clipboard”.</source>
        <translation>شُغّل البرنامج الأمامي بصلاحيات المسؤول، لذلك لا يسمح ويندوز لهاركن برؤية النص المحدد فيه. انسخ النص ثم اختر «قراءة الحافظة».</translation>
    </message>
    <message>
        <source>The pronunciation list was rewritten ({why}). The old one is kept as {file}.</source>
        <translation>أُعيدت كتابة قائمة النطق ({why}). والقائمة القديمة محفوظة باسم {file}.</translation>
    </message>
    <message>
        <source>{file} can&apos;t be read ({why}). Harken ignores it until you correct it.</source>
        <translation>تتعذّر قراءة {file} ({why}). يتجاهله هاركن حتى تصحّحه.</translation>
    </message>
    <message numerus="yes">
        <source>{file}, {problem} %n more line(s) can&apos;t be used.</source>
        <translation>
            <numerusform>{file}، {problem} ولا أسطر أخرى غير صالحة.</numerusform>
            <numerusform>{file}، {problem} وسطر آخر غير صالح.</numerusform>
            <numerusform>{file}، {problem} وسطران آخران غير صالحين.</numerusform>
            <numerusform>{file}، {problem} و%n أسطر أخرى غير صالحة.</numerusform>
            <numerusform>{file}، {problem} و%n سطرًا آخر غير صالح.</numerusform>
            <numerusform>{file}، {problem} و%n سطر آخر غير صالح.</numerusform>
        </translation>
    </message>
    <message>
        <source>{file} can&apos;t be imported: {why}.</source>
        <translation>يتعذّر استيراد {file}: {why}.</translation>
    </message>
    <message>
        <source>The queue is full. Read some of it, or empty it.</source>
        <translation>قائمة الانتظار ممتلئة. اقرأ بعضها أو أفرغها.</translation>
    </message>
    <message>
        <source>The queue is empty. Select some text and choose “Read selection later”.</source>
        <translation>قائمة الانتظار فارغة. حدد نصًا واختر «قراءة المحدد لاحقًا».</translation>
    </message>
    <message numerus="yes">
        <source>Added. %n text(s) in the queue.</source>
        <translation>
            <numerusform>أضيف. %Ln نص في قائمة الانتظار.</numerusform>
            <numerusform>أضيف. نص واحد في قائمة الانتظار.</numerusform>
            <numerusform>أضيف. نصان في قائمة الانتظار.</numerusform>
            <numerusform>أضيف. %Ln نصوص في قائمة الانتظار.</numerusform>
            <numerusform>أضيف. %Ln نصًا في قائمة الانتظار.</numerusform>
            <numerusform>أضيف. %Ln نص في قائمة الانتظار.</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no text to save. Read one first.</source>
        <translation>لا يوجد نص لحفظه. استمع إلى نص أولًا.</translation>
    </message>
    <message numerus="yes">
        <source>Reading stops in %n minute(s).</source>
        <translation>
            <numerusform>تتوقف القراءة بعد %Ln دقيقة.</numerusform>
            <numerusform>تتوقف القراءة بعد دقيقة واحدة.</numerusform>
            <numerusform>تتوقف القراءة بعد دقيقتين.</numerusform>
            <numerusform>تتوقف القراءة بعد %Ln دقائق.</numerusform>
            <numerusform>تتوقف القراءة بعد %Ln دقيقة.</numerusform>
            <numerusform>تتوقف القراءة بعد %Ln دقيقة.</numerusform>
        </translation>
    </message>
    <message>
        <source>The sleep timer is off.</source>
        <translation>مؤقت النوم متوقف.</translation>
    </message>
    <message>
        <source>Reading stops at the end of the paragraph.</source>
        <translation>تتوقف القراءة عند نهاية الفقرة.</translation>
    </message>
    <message>
        <source>The sleep timer has stopped the reading. Choose “Resume” to continue.</source>
        <translation>أوقف مؤقت النوم القراءة. تتابع «متابعة» من هناك.</translation>
    </message>
    <message>
        <source>Harken could not do this. Run “harken doctor” to find the log.</source>
        <translation>لم يستطع هاركن فعل هذا. نفّذ «harken doctor» لمعرفة مكان السجل.</translation>
    </message>
    <message>
        <source>profile “{profile}” (role)</source>
        <translation>ملف التعريف «{profile}» (دور)</translation>
    </message>
    <message>
        <source>profile “{profile}” (role with a web identity)</source>
        <translation>ملف التعريف «{profile}» (دور بهوية ويب)</translation>
    </message>
    <message>
        <source>profile “{profile}” (AWS sign-in, SSO)</source>
        <translation>ملف التعريف «{profile}» (تسجيل دخول AWS، SSO)</translation>
    </message>
    <message>
        <source>profile “{profile}” (keys)</source>
        <translation>ملف التعريف «{profile}» (مفاتيح)</translation>
    </message>
    <message>
        <source>profile “{profile}” (AWS sign-in)</source>
        <translation>ملف التعريف «{profile}» (تسجيل دخول AWS)</translation>
    </message>
    <message>
        <source>profile “{profile}” (credential_process)</source>
        <translation>ملف التعريف «{profile}» (credential_process)</translation>
    </message>
    <message>
        <source>environment</source>
        <translation>متغيرات البيئة</translation>
    </message>
    <message>
        <source>keyring</source>
        <translation>حافظة المفاتيح</translation>
    </message>
    <message>
        <source>old AWS files</source>
        <translation>ملفات AWS القديمة</translation>
    </message>
    <message>
        <source>container</source>
        <translation>الحاوية</translation>
    </message>
    <message>
        <source>instance metadata</source>
        <translation>بيانات تعريف الخادم</translation>
    </message>
    <message>
        <source>not checked, because polly.profile names a profile</source>
        <translation>لم يُفحص لأن polly.profile يحدد ملف تعريف</translation>
    </message>
    <message>
        <source>not checked, because the {source} comes first</source>
        <translation>لم يُفحص لأن الأسبق هو: {source}</translation>
    </message>
    <message>
        <source>not checked, because the settings select the {source}</source>
        <translation>لم يُفحص لأن المختار في الإعدادات هو: {source}</translation>
    </message>
    <message>
        <source>The settings select the {source}, but it has no AWS keys for Harken. Choose another source.</source>
        <translation>المختار في الإعدادات هو: {source}. لا توجد فيه مفاتيح AWS لهاركن. اختر مصدرًا آخر.</translation>
    </message>
    <message>
        <source>Harken found no AWS keys. Store yours with “harken account set”, or set up a profile with “aws configure”.</source>
        <translation>لم يجد هاركن مفاتيح AWS. أعطه مفاتيحك بالأمر «harken account set»، أو أنشئ ملف تعريف بالأمر «aws configure».</translation>
    </message>
    <message>
        <source>the environment</source>
        <translation>متغيرات البيئة</translation>
    </message>
    <message>
        <source>AWS_ACCESS_KEY_ID is not set</source>
        <translation>المتغير AWS_ACCESS_KEY_ID غير معيّن</translation>
    </message>
    <message>
        <source>not checked, because AWS_PROFILE names a profile</source>
        <translation>لم يُفحص لأن AWS_PROFILE يحدد ملف تعريف</translation>
    </message>
    <message>
        <source>there is none</source>
        <translation>غير موجود</translation>
    </message>
    <message>
        <source>it has no keys, role, sign-in or credential_process</source>
        <translation>لا توجد فيه مفاتيح ولا دور ولا تسجيل دخول ولا credential_process</translation>
    </message>
    <message>
        <source>profile “{profile}”</source>
        <translation>ملف التعريف «{profile}»</translation>
    </message>
    <message>
        <source>there are none</source>
        <translation>غير موجودة</translation>
    </message>
    <message>
        <source>AWS_CONTAINER_CREDENTIALS_… is not set</source>
        <translation>المتغير AWS_CONTAINER_CREDENTIALS_… غير معيّن</translation>
    </message>
    <message>
        <source>off, as it should be on a desktop; {variable}=false turns it on</source>
        <translation>متوقفة كما ينبغي على حاسوب شخصي، ويشغّلها ⁦{variable}⁩=false</translation>
    </message>
    <message>
        <source>this is not an AWS instance, or it has no role</source>
        <translation>هذا ليس خادمًا من خوادم AWS، أو ليس له دور</translation>
    </message>
    <message>
        <source>That is not an access key. Copy it from the AWS console exactly as it is shown there.</source>
        <translation>هذا ليس مفتاح وصول. انسخه من لوحة تحكم AWS كما هو.</translation>
    </message>
    <message>
        <source>That is not a secret key. Copy it from the AWS console exactly as it is shown there.</source>
        <translation>هذا ليس مفتاحًا سريًا. انسخه من لوحة تحكم AWS كما هو.</translation>
    </message>
    <message>
        <source>That is not a session token. Copy it from the AWS console exactly as it is shown there.</source>
        <translation>هذا ليس رمز جلسة. انسخه من لوحة تحكم AWS كما هو.</translation>
    </message>
    <message>
        <source>That is not a key. Copy it exactly as it is shown where you got it, without spaces.</source>
        <translation>هذا ليس مفتاحًا. انسخه كما هو معروض حيث حصلت عليه تمامًا، بلا مسافات.</translation>
    </message>
    <message>
        <source>it did not answer within {seconds} s</source>
        <translation>لم يجب خلال {seconds} ث</translation>
    </message>
    <message>
        <source>Harken&apos;s request to it was interrupted</source>
        <translation>انقطع طلب هاركن منها</translation>
    </message>
    <message>
        <source>search</source>
        <translation>البحث</translation>
    </message>
    <message>
        <source>Harken can&apos;t look for your AWS keys: {reason}. Close some programs, then try again.</source>
        <translation>لا يستطيع هاركن البحث عن مفاتيح AWS: {reason}. أغلق بعض البرامج ثم حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>Your keyring did not answer within {seconds} s. Restart it, then try again.</source>
        <translation>لم تجب حافظة المفاتيح خلال {seconds} ث. أعد تشغيلها ثم حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>Your keyring is locked and was not unlocked within {seconds} s. Unlock it, then try again.</source>
        <translation>حافظة المفاتيح مقفلة ولم تُفتح خلال {seconds} ث. افتحها ثم حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>The search for your AWS keys took longer than {seconds} s and was stopped. Try again.</source>
        <translation>استغرق البحث عن مفاتيح AWS أكثر من {seconds} ث فأُنهي. حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>The search for your AWS keys was interrupted. Try again.</source>
        <translation>انقطع البحث عن مفاتيح AWS. حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>Harken&apos;s request to your keyring was interrupted. Try again.</source>
        <translation>انقطع طلب هاركن من حافظة المفاتيح. حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>Harken&apos;s keys in the keyring</source>
        <translation>مفاتيح هاركن في حافظة المفاتيح</translation>
    </message>
    <message>
        <source>it has no keys for Harken; “harken account set” stores some</source>
        <translation>لا توجد فيها مفاتيح لهاركن، ويضعها الأمر «harken account set»</translation>
    </message>
    <message>
        <source>no program on this desktop provides one</source>
        <translation>لا يوفرها أي برنامج على سطح المكتب هذا</translation>
    </message>
    <message>
        <source>the D-Bus session is not responding</source>
        <translation>جلسة D-Bus لا تستجيب</translation>
    </message>
    <message>
        <source>there is no D-Bus session</source>
        <translation>لا توجد جلسة D-Bus</translation>
    </message>
    <message>
        <source>there is none: {why}</source>
        <translation>غير موجودة: {why}</translation>
    </message>
    <message>
        <source>Harken&apos;s entry in the keyring is damaged. Store your keys again with “harken account set”.</source>
        <translation>ما تحفظه حافظة المفاتيح لهاركن تالف. أعطها المفاتيح من جديد بالأمر «harken account set».</translation>
    </message>
    <message>
        <source>There is no keyring to keep your key in: {why}. Start one, then try again.</source>
        <translation>لا توجد حافظة مفاتيح يُحفظ فيها مفتاحك: {why}. شغّل واحدة ثم حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>There is no keyring to keep your keys in: {why}. Start one, or use a profile (“aws configure”).</source>
        <translation>لا توجد حافظة مفاتيح لحفظ مفاتيحك: {why}. شغّل واحدة، أو استخدم ملف تعريف («aws configure»).</translation>
    </message>
    <message>
        <source>Your keyring is locked and was not unlocked. Try again, and unlock it when asked.</source>
        <translation>حافظة المفاتيح مقفلة ولم تُفتح. حاول مرة أخرى وافتحها عندما يُطلب منك ذلك.</translation>
    </message>
    <message>
        <source>Your keyring reported an error ({code}). Try again.</source>
        <translation>أبلغت حافظة المفاتيح عن خطأ ({code}). حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>The {where} can&apos;t be used ({code}, {place}).</source>
        <translation>{where}: لا يمكن الاستخدام ({code}، {place}).</translation>
    </message>
    <message>
        <source>Your AWS sign-in has expired. Run “aws sso login{option}”, then try again.</source>
        <translation>انتهت صلاحية تسجيل دخولك إلى AWS. نفّذ «aws sso login{option}» ثم حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>AWS does not let the {where} renew its sign-in. Ask for the permission signin:CreateOAuth2Token.</source>
        <translation>{where}: لا تسمح AWS بتجديد تسجيل الدخول. اطلب الإذن signin:CreateOAuth2Token.</translation>
    </message>
    <message>
        <source>Your AWS sign-in has expired. Run “aws login{option}”, then try again.</source>
        <translation>انتهت صلاحية تسجيل دخولك إلى AWS. نفّذ «aws login{option}» ثم حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>The {where} uses “aws login”, which Harken can&apos;t renew by itself. Create another profile with “credential_process = aws configure export-credentials{option} --format process” and choose it.</source>
        <translation>{where}: يُستخدم هنا «aws login» ولا يستطيع هاركن تجديده بنفسه. أنشئ ملف تعريف آخر فيه «credential_process = aws configure export-credentials{option} --format process» واختره.</translation>
    </message>
    <message>
        <source>The {where} requires a code from your authenticator, which Harken can&apos;t ask for. Choose a profile with a sign-in or a credential_process.</source>
        <translation>{where}: يُطلب هنا رمز من تطبيق المصادقة، ولا يستطيع هاركن السؤال عنه. اختر ملف تعريف فيه تسجيل دخول أو credential_process.</translation>
    </message>
    <message>
        <source>There is no AWS profile “{profile}”. Name an existing one with “harken settings set polly.profile” or AWS_PROFILE.</source>
        <translation>لا يوجد ملف تعريف AWS باسم «{profile}». اذكر اسمًا موجودًا بالأمر «harken settings set polly.profile» أو في AWS_PROFILE.</translation>
    </message>
    <message>
        <source>The {where} is incomplete: {missing} is missing.</source>
        <translation>{where}: غير مكتمل، ينقصه {missing}.</translation>
    </message>
    <message>
        <source>{file} is not a valid AWS configuration: Harken can&apos;t understand a line in it.</source>
        <translation>الملف ⁦{file}⁩ ليس ملف إعدادات AWS: فيه سطر غير مفهوم.</translation>
    </message>
    <message>
        <source>The {where} contradicts itself: {problem}</source>
        <translation>{where}: معطيات متناقضة: {problem}</translation>
    </message>
    <message>
        <source>“{region}” is not an AWS region. Set polly.region to one.</source>
        <translation>«⁦{region}⁩» ليست من مناطق AWS. اضبط polly.region على منطقة صحيحة.</translation>
    </message>
    <message>
        <source>The credential_process of the {where} failed. Run it in a terminal to see why.</source>
        <translation>{where}: فشل credential_process. نفّذه في الطرفية لمعرفة السبب.</translation>
    </message>
    <message>
        <source>The {where} gave no keys. Run “aws sts get-caller-identity” to see why.</source>
        <translation>{where}: لم تأت مفاتيح. نفّذ «aws sts get-caller-identity» لمعرفة السبب.</translation>
    </message>
    <message>
        <source>The {where} needs AWS&apos;s sign-in service, whose certificate is out of date. Check this computer&apos;s date.</source>
        <translation>{where}: يلزم الاتصال بخدمة تسجيل الدخول في AWS، وشهادتها خارج مدتها. تحقق من تاريخ هذا الحاسوب.</translation>
    </message>
    <message>
        <source>The {where} needs AWS&apos;s sign-in service, whose certificate is not trusted here.</source>
        <translation>{where}: يلزم الاتصال بخدمة تسجيل الدخول في AWS، وشهادتها غير موثوقة هنا.</translation>
    </message>
    <message>
        <source>The {where} needs AWS&apos;s sign-in service, but the proxy does not let Harken reach it. Check the proxy&apos;s address in HTTPS_PROXY or in the desktop&apos;s settings.</source>
        <translation>{where}: يلزم الاتصال بخدمة تسجيل الدخول في AWS، والوكيل في الطريق لا يسمح بذلك. تحقق من عنوان الوكيل في HTTPS_PROXY أو في إعدادات سطح المكتب.</translation>
    </message>
    <message>
        <source>The {where} needs AWS&apos;s sign-in service, which can&apos;t be reached. Check your network connection.</source>
        <translation>{where}: يلزم الاتصال بخدمة تسجيل الدخول في AWS، ولا يمكن الوصول إليها. تحقق من اتصالك بالشبكة.</translation>
    </message>
    <message>
        <source>AWS&apos;s sign-in service can&apos;t issue keys for the {where} at the moment ({code}). Try again.</source>
        <translation>{where}: خدمة تسجيل الدخول في AWS غير مستعدة الآن لإعطاء المفاتيح ({code}). حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>AWS refused to issue keys for the {where} ({code}).</source>
        <translation>{where}: رفضت AWS إصدار مفاتيح ({code}).</translation>
    </message>
    <message>
        <source>The {where} can&apos;t be read:{file} {reason}.</source>
        <translation>{where}: تتعذر القراءة:⁦{file}⁩ {reason}.</translation>
    </message>
    <message>
        <source>The {where} gave an answer that AWS&apos;s own tools would not understand.</source>
        <translation>{where}: الجواب غير مفهوم لبرامج AWS.</translation>
    </message>
    <message>
        <source>The keys from the {where} have expired. Renew them, then try again.</source>
        <translation>{where}: انتهت صلاحية المفاتيح. جدّدها ثم حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>{file} can&apos;t be changed: {why}.</source>
        <translation>لا يمكن تغيير ⁦{file}⁩: {why}.</translation>
    </message>
    <message>
        <source>macOS asks you first. Turn on Harken in System Settings, General, Login Items.</source>
        <translation>يسألك macOS أولًا. شغّل هاركن في «إعدادات النظام» ثم «عام» ثم «عناصر تسجيل الدخول».</translation>
    </message>
    <message>
        <source>macOS does not let Harken change what starts at login: {why}.</source>
        <translation>لا يسمح macOS لهاركن بتغيير ما يعمل عند تسجيل الدخول: {why}.</translation>
    </message>
    <message>
        <source>Harken can&apos;t be started at login on this system yet.</source>
        <translation>لا يمكن بعدُ تشغيل هاركن عند تسجيل الدخول على هذا النظام.</translation>
    </message>
    <message>
        <source>Harken is reading aloud</source>
        <translation>هاركن يقرأ</translation>
    </message>
    <message>
        <source>Windows does not let Harken change what starts at login: {why}.</source>
        <translation>لا يسمح ويندوز لهاركن بتغيير ما يعمل عند تسجيل الدخول: {why}.</translation>
    </message>
    <message>
        <source>Reads selected text aloud</source>
        <translation>يقرأ النص المحدد</translation>
    </message>
    <message>
        <source>macOS is not responding.</source>
        <translation>macOS لا يستجيب.</translation>
    </message>
    <message>
        <source>A Mac has no key for {chord}.</source>
        <translation>لا يوجد على ماك مفتاح لـ {chord}.</translation>
    </message>
    <message>
        <source>macOS does not give {chord} to any program.</source>
        <translation>لا يتيح macOS المفتاح {chord} لأي برنامج.</translation>
    </message>
    <message>
        <source>Windows is not responding.</source>
        <translation>ويندوز لا يستجيب.</translation>
    </message>
    <message>
        <source>Windows does not give {chord} to any program.</source>
        <translation>لا يتيح ويندوز المفتاح {chord} لأي برنامج.</translation>
    </message>
    <message>
        <source>“{url}” is not the address of a speech server. It looks like http://127.0.0.1:8880/v1.</source>
        <translation>«{url}» ليس عنوان خادم كلام. يكون العنوان مثل http://127.0.0.1:8880/v1.</translation>
    </message>
    <message>
        <source>The address of the speech server {host} must begin with https://. Otherwise, anyone on the network could read your texts and your key. Only a server on this computer may use http://.</source>
        <translation>يجب أن يبدأ عنوان خادم الكلام {host} بـ https://: فبدونه يستطيع كل من في الشبكة قراءة نصوصك ومفتاحك. ولا يكفي http:// إلا على هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Harken has kept only the place where you stopped. Have the same text read again to continue from there.</source>
        <translation>حفظ هاركن موضع التوقف فقط. اطلب قراءة النص نفسه مرة أخرى للمتابعة من هناك.</translation>
    </message>
    <message>
        <source>Continuing where you stopped. Press the key twice to start from the beginning.</source>
        <translation>تُتابَع القراءة من حيث توقفت. اضغط المفتاح مرتين للبدء من جديد.</translation>
    </message>
    <message>
        <source>Use a colour such as #fbf3dc: “#” and six digits or letters from a to f.</source>
        <translation>استخدم لونًا مثل ‎#fbf3dc: العلامة «#» وستة أرقام أو أحرف من a إلى f.</translation>
    </message>
    <message>
        <source>{name} (natural, British English)</source>
        <translation>{name} (طبيعي، إنجليزية بريطانية)</translation>
    </message>
    <message>
        <source>{name} (natural, American English)</source>
        <translation>{name} (طبيعي، إنجليزية أمريكية)</translation>
    </message>
    <message>
        <source>This version of Harken can&apos;t speak with the voice “{voice}”. Look for a newer version of Harken.</source>
        <translation>لا يستطيع هذا الإصدار من Harken الكلام بالصوت «{voice}». ابحث عن إصدار أحدث.</translation>
    </message>
    <message>
        <source>The download was interrupted. Try again to continue from there.</source>
        <translation>انقطع التنزيل. يتابع Harken من الموضع نفسه عندما تحاول مرة أخرى.</translation>
    </message>
    <message>
        <source>What was downloaded has the wrong checksum and was deleted. Try again later.</source>
        <translation>ما وصل ليس الصوت المطلوب: مجموع التحقق غير صحيح. حُذف الملف. حاول لاحقًا.</translation>
    </message>
    <message>
        <source>The voice is no longer at its address. Look for a newer version of Harken.</source>
        <translation>لم يعد الصوت في عنوانه. ابحث عن إصدار أحدث من Harken.</translation>
    </message>
    <message>
        <source>The server refused the download (HTTP {status}). Try again later.</source>
        <translation>رفض الخادم التنزيل (HTTP {status}). حاول مرة أخرى لاحقًا.</translation>
    </message>
    <message>
        <source>The download is too slow to finish. Try again later.</source>
        <translation>التنزيل أبطأ من أن ينتهي. حاول مرة أخرى لاحقًا.</translation>
    </message>
    <message>
        <source>The file on the server does not have the expected size. Try again later.</source>
        <translation>ما لدى الخادم ليس الصوت المقصود: حجمه مختلف. حاول لاحقًا.</translation>
    </message>
    <message>
        <source>The download can&apos;t be saved: {reason}.</source>
        <translation>تعذّر حفظ التنزيل: {reason}.</translation>
    </message>
    <message>
        <source>This voice is already being downloaded.</source>
        <translation>يجري تنزيل هذا الصوت بالفعل.</translation>
    </message>
    <message>
        <source>{variable} must begin with https://, or with http:// for this computer only, not “{address}”.</source>
        <translation>يجب أن يبدأ {variable} بـ https://، أو بـ http:// لهذا الحاسوب فقط، لا «{address}».</translation>
    </message>
    <message>
        <source>There is not enough disk space: the voice needs {needed} MB, but only {free} MB are free.</source>
        <translation>لا مساحة كافية له: يحتاج إلى {needed} ميغابايت، والمتاح {free} ميغابايت.</translation>
    </message>
    <message>
        <source>The file on the server has changed since you first downloaded it, so Harken did not keep it.</source>
        <translation>تغيّر الملف على الخادم منذ تنزيله أول مرة، فلم يحتفظ به هاركن.</translation>
    </message>
    <message>
        <source>The voice “{voice}” can&apos;t be downloaded: {reason}.</source>
        <translation>تعذّر تنزيل الصوت «{voice}»: {reason}.</translation>
    </message>
    <message>
        <source>“{voice}” was not downloaded. {problem}</source>
        <translation>لم يُنزَّل «{voice}». {problem}</translation>
    </message>
    <message>
        <source>The list of voices is damaged, or was made for a different version of Harken.</source>
        <translation>قائمة الأصوات تالفة أو من إصدار آخر.</translation>
    </message>
    <message>
        <source>The server redirected Harken too many times. Try again later.</source>
        <translation>أعاد الخادم توجيه هاركن مرات كثيرة. حاول مرة أخرى لاحقًا.</translation>
    </message>
    <message>
        <source>{host} can&apos;t be found. Check your network connection.</source>
        <translation>تعذّر العثور على {host}. تحقق من اتصالك بالشبكة.</translation>
    </message>
    <message>
        <source>The server redirects Harken to {host}, which is not in the list of voices.</source>
        <translation>يحوّل الخادم Harken إلى {host}، وهو غير مذكور في قائمة الأصوات.</translation>
    </message>
    <message>
        <source>“{name}” does not describe a voice in Piper&apos;s format.</source>
        <translation>لا يصف «{name}» صوتًا بتنسيق Piper.</translation>
    </message>
    <message>
        <source>The voice “{name}” needs its text as “{phonemes}”, which Harken can&apos;t produce. Only voices that use eSpeak&apos;s sounds can be added.</source>
        <translation>يحتاج الصوت «{name}» إلى نصه بصيغة «{phonemes}»، ولا يستطيع هاركن إنتاجها. يمكن إضافة الأصوات التي تستخدم أصوات eSpeak.</translation>
    </message>
    <message>
        <source>“{file}” is not a voice. Voices in Piper&apos;s format are files named “….onnx”.</source>
        <translation>«{file}» ليس صوتًا: الأصوات بتنسيق Piper ملفات تنتهي أسماؤها بـ «.onnx».</translation>
    </message>
    <message>
        <source>There is no file “{file}”. A voice needs “….onnx” and “….onnx.json” in the same folder.</source>
        <translation>لا يوجد ملف «{file}». يحتاج الصوت إلى «….onnx» و«….onnx.json» في المجلد نفسه.</translation>
    </message>
    <message>
        <source>The voice “{file}” can&apos;t be added: {reason}.</source>
        <translation>تعذّرت إضافة الصوت «{file}»: {reason}.</translation>
    </message>
    <message>
        <source>“{file}” is not a voice in Piper&apos;s format, or it is damaged.</source>
        <translation>«{file}» ليس صوتًا بتنسيق Piper، أو أنه تالف.</translation>
    </message>
    <message>
        <source>Speech server</source>
        <translation>خادم الكلام</translation>
    </message>
    <message>
        <source>your speech server</source>
        <translation>خادم الكلام الذي تستخدمه</translation>
    </message>
    <message>
        <source>Piper</source>
        <translation>Piper</translation>
    </message>
    <message>
        <source>Amazon Polly, generative</source>
        <translation>Amazon Polly، توليدية</translation>
    </message>
    <message>
        <source>Amazon Polly, not generative</source>
        <translation>Amazon Polly، غير توليدية</translation>
    </message>
    <message>
        <source>Speech server, the voice in the settings</source>
        <translation>خادم الكلام بالصوت المحدد في الإعدادات</translation>
    </message>
    <message>
        <source>No speech server answers at {url}. Start it, or check its address on the Speech server page of the settings.</source>
        <translation>لا يجيب أي خادم كلام عند {url}. شغّله، أو تحقق من العنوان في الإعدادات، صفحة خادم الكلام.</translation>
    </message>
    <message>
        <source>The speech server {host} can&apos;t be found. Check your network connection, and the address in the settings.</source>
        <translation>تعذّر العثور على خادم الكلام {host}. تحقق من اتصالك بالشبكة ومن العنوان في الإعدادات.</translation>
    </message>
    <message>
        <source>This computer does not trust the certificate of the speech server {host}. Install the certificate here, or use the address it was issued for.</source>
        <translation>شهادة خادم الكلام {host} غير موثوق بها هنا. اجعل هذا الحاسوب يثق بها، أو استخدم عنوانًا تصلح له.</translation>
    </message>
    <message>
        <source>{voice} (speech server)</source>
        <translation>{voice} (خادم الكلام)</translation>
    </message>
    <message>
        <source>The speech server {host} requires a key. Enter it on the Speech server page of the settings.</source>
        <translation>يطلب خادم الكلام {host} مفتاحًا. أدخله في الإعدادات، صفحة خادم الكلام.</translation>
    </message>
    <message>
        <source>The speech server {host} does not accept your key. Enter it again on the Speech server page of the settings.</source>
        <translation>لا يقبل خادم الكلام {host} مفتاحك. أدخله من جديد في الإعدادات، صفحة خادم الكلام.</translation>
    </message>
    <message>
        <source>Your key for {host} does not allow speech. Ask for one that does.</source>
        <translation>لا يُسمح باستخدام مفتاحك للكلام لدى {host}. اطلب مفتاحًا يُسمح له بذلك.</translation>
    </message>
    <message>
        <source>There is no speech server at {url}. Check its address on the Speech server page of the settings.</source>
        <translation>لا يوجد خادم كلام عند {url}. تحقق من العنوان في الإعدادات، صفحة خادم الكلام.</translation>
    </message>
    <message>
        <source>The speech server {host} does not have this model. Choose another on the Speech server page of the settings.</source>
        <translation>ليس لدى خادم الكلام {host} هذا النموذج. اختر غيره في الإعدادات، صفحة خادم الكلام.</translation>
    </message>
    <message>
        <source>The speech server {host} redirects Harken to a different address. Enter that one in the settings.</source>
        <translation>يحيل خادم الكلام {host} هاركن إلى عنوان آخر. أدخل ذلك العنوان في الإعدادات.</translation>
    </message>
    <message>
        <source>This sentence is too long for the speech server {host}.</source>
        <translation>هذه الجملة أطول مما يقبله خادم الكلام {host}.</translation>
    </message>
    <message>
        <source>The speech server {host} is getting too many requests.</source>
        <translation>يتلقى خادم الكلام {host} طلبات أكثر مما ينبغي.</translation>
    </message>
    <message>
        <source>You have no credit left at the speech server {host}.</source>
        <translation>نفد رصيدك لدى خادم الكلام {host}.</translation>
    </message>
    <message>
        <source>The speech server {host} does not accept this voice, model or format. Choose another in the settings.</source>
        <translation>لا يقبل خادم الكلام {host} هذا الصوت أو النموذج أو التنسيق. اختر غيره في الإعدادات.</translation>
    </message>
    <message>
        <source>The speech server {host} refused: “{reason}”. Check the voice, model and format in the settings.</source>
        <translation>يرفض خادم الكلام {host} قائلًا: «{reason}». تحقق من الصوت والنموذج والتنسيق في الإعدادات.</translation>
    </message>
    <message>
        <source>The speech server {host} has an internal problem.</source>
        <translation>لدى خادم الكلام {host} عطل داخلي.</translation>
    </message>
    <message>
        <source>The speech server {host} sent “{what}” instead of sound. Check its address and the format in the settings.</source>
        <translation>أرسل خادم الكلام {host} بدل الصوت «{what}». تحقق من عنوانه ومن التنسيق في الإعدادات.</translation>
    </message>
    <message>
        <source>it does not list its models</source>
        <translation>لا يسرد نماذجه</translation>
    </message>
    <message>
        <source>it does not list the model {model}; it lists {others}</source>
        <translation>لا يسرد النموذج {model} بل يسرد {others}</translation>
    </message>
    <message>
        <source>{file} can&apos;t be read: {why}.</source>
        <translation>تعذّرت قراءة {file}: {why}.</translation>
    </message>
    <message>
        <source>The extension is for GNOME, but this is a different desktop.</source>
        <translation>هذه الإضافة خاصة بسطح المكتب GNOME، وسطح المكتب هذا غيره.</translation>
    </message>
    <message>
        <source>Harken&apos;s extension does not support this version of GNOME ({version}).</source>
        <translation>إضافة هاركن لا تدعم هذا الإصدار من GNOME ({version}).</translation>
    </message>
    <message>
        <source>GNOME&apos;s settings can&apos;t be changed: {why}.</source>
        <translation>تعذّر تغيير إعدادات GNOME: {why}.</translation>
    </message>
    <message>
        <source>Harken&apos;s extension for GNOME is running.</source>
        <translation>إضافة هاركن لسطح المكتب GNOME تعمل.</translation>
    </message>
    <message>
        <source>Harken&apos;s extension for GNOME is not installed.</source>
        <translation>إضافة هاركن لسطح المكتب GNOME غير مثبتة.</translation>
    </message>
    <message>
        <source>Harken&apos;s extension for GNOME is installed. Log out and in again: GNOME loads it only then.</source>
        <translation>ثُبّتت إضافة هاركن لسطح المكتب GNOME. سجّل الخروج ثم الدخول من جديد: لا يحمّلها GNOME إلا عندئذ.</translation>
    </message>
    <message>
        <source>Harken&apos;s extension for GNOME is installed, but turned off.</source>
        <translation>إضافة هاركن لسطح المكتب GNOME مثبتة لكنها متوقفة.</translation>
    </message>
    <message>
        <source>All extensions are turned off in GNOME. Turn them on in its Extensions app.</source>
        <translation>كل الإضافات متوقفة في GNOME. شغّلها في تطبيق الإضافات.</translation>
    </message>
    <message>
        <source>Harken&apos;s extension for GNOME is installed, and GNOME will start it.</source>
        <translation>إضافة هاركن لسطح المكتب GNOME مثبتة، وسيشغّلها GNOME.</translation>
    </message>
    <message>
        <source>GNOME could not run Harken&apos;s extension. “harken doctor” shows why.</source>
        <translation>تعذّر على GNOME تشغيل إضافة هاركن. يعرض «harken doctor» السبب.</translation>
    </message>
    <message>
        <source>Harken&apos;s extension for GNOME was updated. Log out and in again to run the new version.</source>
        <translation>حُدّثت إضافة هاركن لسطح المكتب GNOME. سجّل الخروج ثم الدخول من جديد لتعمل النسخة الجديدة.</translation>
    </message>
    <message>
        <source>Settings, Keyboard, View and Customize Shortcuts, Custom Shortcuts</source>
        <translation>الإعدادات، لوحة المفاتيح، عرض الاختصارات وتخصيصها، الاختصارات المخصّصة</translation>
    </message>
    <message>
        <source>System Settings, Shortcuts, Add New, Command</source>
        <translation>إعدادات النظام، الاختصارات، إضافة جديد، أمر</translation>
    </message>
    <message>
        <source>Settings, Keyboard, Keyboard Shortcuts, Custom</source>
        <translation>الإعدادات، لوحة المفاتيح، اختصارات لوحة المفاتيح، مخصّص</translation>
    </message>
    <message>
        <source>Settings, Keyboard, Application Shortcuts</source>
        <translation>الإعدادات، لوحة المفاتيح، اختصارات التطبيقات</translation>
    </message>
    <message>
        <source>In a terminal, “harken speak” reads a file or a text aloud.</source>
        <translation>في الطرفية يقرأ «harken speak» ملفًا أو نصًا بصوت عالٍ.</translation>
    </message>
    <message>
        <source>Assign a key to the command “{command}” in the desktop&apos;s settings: {place}.</source>
        <translation>عيّن مفتاحًا للأمر «{command}» في إعدادات سطح المكتب: {place}.</translation>
    </message>
    <message>
        <source>Assign a key to the command “{command}” in the desktop&apos;s own settings.</source>
        <translation>عيّن مفتاحًا للأمر «{command}» في إعدادات سطح المكتب نفسه.</translation>
    </message>
    <message>
        <source>Add this line to {file}: {line}</source>
        <translation>أضف هذا السطر إلى {file}: {line}</translation>
    </message>
    <message>
        <source>Add this line to {file}, then run “{reload}”: {line}</source>
        <translation>أضف هذا السطر إلى {file} ثم شغّل «{reload}»: {line}</translation>
    </message>
    <message>
        <source>Harken&apos;s extension for GNOME is off. Harken now asks your desktop for its keys in another way.</source>
        <translation>إضافة هاركن لسطح المكتب GNOME متوقفة. يطلب هاركن مفاتيحه الآن من سطح المكتب بطريقة أخرى.</translation>
    </message>
    <message>
        <source>Harken&apos;s extension for GNOME is on and now handles the keys.</source>
        <translation>إضافة هاركن لسطح المكتب GNOME تعمل وتتولى المفاتيح الآن.</translation>
    </message>
    <message>
        <source>You have removed the key for “{command}” in GNOME&apos;s settings.</source>
        <translation>لقد أزلت مفتاح «{command}» من إعدادات GNOME.</translation>
    </message>
    <message>
        <source>The program “harken-key” is not installed.</source>
        <translation>البرنامج «harken-key» غير مثبّت.</translation>
    </message>
    <message>
        <source>GNOME uses {chord} for “{action}”.</source>
        <translation>يستخدم GNOME المفاتيح {chord} لأجل «{action}».</translation>
    </message>
    <message>
        <source>Harken can&apos;t set up keys on this desktop. Assign a key to the command “harken-key read” in the desktop&apos;s own settings.</source>
        <translation>لا يمكن حجز المفاتيح على سطح المكتب هذا. اربط «harken-key read» بمفتاح في إعدادات سطح المكتب نفسه.</translation>
    </message>
    <message>
        <source>This session has no desktop that could give Harken keys.</source>
        <translation>لا يوجد هنا سطح مكتب يمكنه أن يعطي هاركن مفاتيح.</translation>
    </message>
    <message>
        <source>Your desktop is not responding. Harken keeps asking it for its keys.</source>
        <translation>سطح المكتب لا يستجيب. يعيد هاركن طلب مفاتيحه منه.</translation>
    </message>
    <message>
        <source>Your desktop does not know Harken yet, so Harken has no keys. Log out and in again.</source>
        <translation>سطح المكتب لا يعرف هاركن بعد ولا يعطيه مفاتيح. سجّل الخروج ثم ادخل من جديد.</translation>
    </message>
    <message>
        <source>Your desktop gave Harken no keys. Quit Harken and start it again to be asked again.</source>
        <translation>لم يعطِ سطح المكتب هاركن أي مفاتيح. أنهِ هاركن ثم شغّله من جديد ليُسأل عنها مرة أخرى.</translation>
    </message>
    <message>
        <source>Your desktop has taken Harken&apos;s keys away. Quit Harken and start it again to be asked again.</source>
        <translation>سحب سطح المكتب مفاتيح هاركن. أنهِ هاركن ثم شغّله من جديد ليُسأل عنها مرة أخرى.</translation>
    </message>
    <message>
        <source>Harken has not connected to the session bus yet.</source>
        <translation>لم يتصل هاركن بناقل الجلسة بعد.</translation>
    </message>
    <message>
        <source>There is no session bus: DBUS_SESSION_BUS_ADDRESS is not set.</source>
        <translation>لا يوجد ناقل جلسة: المتغير DBUS_SESSION_BUS_ADDRESS غير معيّن.</translation>
    </message>
    <message>
        <source>The session bus is gone. Harken keeps trying to reach it.</source>
        <translation>اختفى ناقل الجلسة. يواصل هاركن البحث عنه.</translation>
    </message>
    <message>
        <source>The session bus can&apos;t be used ({why}). Harken keeps trying.</source>
        <translation>لا يمكن استخدام ناقل الجلسة ({why}). يواصل هاركن المحاولة.</translation>
    </message>
    <message>
        <source>Another program is using the name {name} on the session bus.</source>
        <translation>يحمل برنامج آخر الاسم {name} على ناقل الجلسة.</translation>
    </message>
    <message>
        <source>There is no text at the cursor.</source>
        <translation>لا يوجد نص عند المؤشر.</translation>
    </message>
    <message>
        <source>No voice of “{engine}” speaks “{language}”.</source>
        <translation>لا صوت من «{engine}» يتكلم «{language}».</translation>
    </message>
    <message>
        <source>the addresses behind links</source>
        <translation>العناوين التي وراء الروابط</translation>
    </message>
    <message>
        <source>Markdown marks</source>
        <translation>علامات Markdown</translation>
    </message>
    <message>
        <source>HTML tags</source>
        <translation>وسوم HTML</translation>
    </message>
    <message>
        <source>hidden HTML</source>
        <translation>أجزاء HTML المخفية</translation>
    </message>
    <message>
        <source>colour codes</source>
        <translation>رموز الألوان</translation>
    </message>
    <message>
        <source>subtitle times</source>
        <translation>أوقات الترجمة المرئية</translation>
    </message>
    <message>
        <source>a language model&apos;s thoughts</source>
        <translation>أفكار نموذج لغوي</translation>
    </message>
    <message>
        <source>footnote marks</source>
        <translation>علامات الحواشي</translation>
    </message>
    <message>
        <source>web addresses</source>
        <translation>عناوين الويب</translation>
    </message>
    <message>
        <source>code</source>
        <translation>الشيفرة</translation>
    </message>
    <message>
        <source>emoji</source>
        <translation>الإيموجي</translation>
    </message>
    <message>
        <source>text in brackets</source>
        <translation>ما بين الأقواس</translation>
    </message>
    <message>
        <source>repeated symbols</source>
        <translation>العلامات المكررة</translation>
    </message>
    <message>
        <source>page numbers and running heads</source>
        <translation>أرقام الصفحات ورؤوسها</translation>
    </message>
    <message>
        <source>Harken left out {percent}% of this text: {what}.</source>
        <translation>ترك هاركن {percent}% من هذا النص: {what}.</translation>
    </message>
    <message>
        <source>There is nothing left to read in this text: Harken leaves out {what}.</source>
        <translation>لا يبقى من هذا النص ما يُقرأ: يترك هاركن {what}.</translation>
    </message>
    <message>
        <source>“{name}” in {file} is not a table, so it is ignored.</source>
        <translation>«{name}» في {file} ليس جدولًا، ولذلك يُتجاهل.</translation>
    </message>
    <message>
        <source>it is not a table</source>
        <translation>ليس جدولًا نصيًا</translation>
    </message>
    <message>
        <source>its first line does not name the columns {columns}</source>
        <translation>لا يسمّي سطره الأول الأعمدة {columns}</translation>
    </message>
    <message>
        <source>line {number}: {problem}</source>
        <translation>السطر {number}: {problem}</translation>
    </message>
    <message>
        <source>Use {kinds} as the kind of an entry, not “{value}”.</source>
        <translation>اختر لنوع المدخلة {kinds}، لا «{value}».</translation>
    </message>
    <message numerus="yes">
        <source>The list is full: it has %n entries. Remove some first.</source>
        <translation>
            <numerusform>القائمة ممتلئة: لا مدخلات فيها. احذف بعضها أولًا.</numerusform>
            <numerusform>القائمة ممتلئة: فيها مدخلة واحدة. احذف بعضها أولًا.</numerusform>
            <numerusform>القائمة ممتلئة: فيها مدخلتان. احذف بعضها أولًا.</numerusform>
            <numerusform>القائمة ممتلئة: فيها %n مدخلات. احذف بعضها أولًا.</numerusform>
            <numerusform>القائمة ممتلئة: فيها %n مدخلة. احذف بعضها أولًا.</numerusform>
            <numerusform>القائمة ممتلئة: فيها %n مدخلة. احذف بعضها أولًا.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The list is full: it has %n expressions. Remove some first.</source>
        <translation>
            <numerusform>القائمة ممتلئة: لا تعابير فيها. احذف بعضها أولًا.</numerusform>
            <numerusform>القائمة ممتلئة: فيها تعبير واحد. احذف بعضها أولًا.</numerusform>
            <numerusform>القائمة ممتلئة: فيها تعبيران. احذف بعضها أولًا.</numerusform>
            <numerusform>القائمة ممتلئة: فيها %n تعابير. احذف بعضها أولًا.</numerusform>
            <numerusform>القائمة ممتلئة: فيها %n تعبيرًا. احذف بعضها أولًا.</numerusform>
            <numerusform>القائمة ممتلئة: فيها %n تعبير. احذف بعضها أولًا.</numerusform>
        </translation>
    </message>
    <message>
        <source>a closing “)” is missing</source>
        <translation>ينقص القوس المغلق «)»</translation>
    </message>
    <message>
        <source>there is one “)” too many</source>
        <translation>هناك قوس مغلق «)» زائد</translation>
    </message>
    <message>
        <source>a closing “]” is missing</source>
        <translation>ينقص القوس المغلق «]»</translation>
    </message>
    <message>
        <source>a range between “[” and “]” runs backwards</source>
        <translation>مدى بين «[» و«]» معكوس الترتيب</translation>
    </message>
    <message>
        <source>there is nothing before “*”, “+” or “?” to repeat</source>
        <translation>لا شيء قبل «*» أو «+» أو «?» ليتكرر</translation>
    </message>
    <message>
        <source>there are two repetition signs in a row</source>
        <translation>علامتا تكرار متتاليتان</translation>
    </message>
    <message>
        <source>the smaller number of repetitions must come first</source>
        <translation>يجب أن يأتي عدد التكرار الأصغر أولًا</translation>
    </message>
    <message>
        <source>“\” is followed by something that has no meaning here</source>
        <translation>يتبع «\» ما لا معنى له</translation>
    </message>
    <message>
        <source>it refers to a group that does not exist</source>
        <translation>يشير إلى مجموعة غير موجودة</translation>
    </message>
    <message>
        <source>Use one line of at most {limit} characters, not “{text}”.</source>
        <translation>استخدم سطرًا واحدًا لا يزيد على {limit} حرفًا، لا «{text}».</translation>
    </message>
    <message>
        <source>Enter the word that is mispronounced.</source>
        <translation>أدخل الكلمة التي تُقرأ خطأً.</translation>
    </message>
    <message>
        <source>Enter how “{word}” should sound, in letters.</source>
        <translation>اكتب بالحروف كيف تُنطق «{word}».</translation>
    </message>
    <message>
        <source>Use a language code such as en or de, not “{value}”.</source>
        <translation>استخدم رمز لغة مثل en أو de، لا «{value}».</translation>
    </message>
    <message>
        <source>“{voice}” is not the name of a voice. “harken voices” lists them.</source>
        <translation>«{voice}» ليس اسم صوت. يعرض «harken voices» الأصوات.</translation>
    </message>
    <message>
        <source>The expression “{word}” takes too long, so it is not used. Write it more simply.</source>
        <translation>يستغرق التعبير «{word}» وقتًا طويلًا، فلا يُستخدم. اكتبه بصورة أبسط.</translation>
    </message>
    <message>
        <source>“{word}” can&apos;t be used as an expression: {why}.</source>
        <translation>لا يمكن استخدام «{word}» تعبيرًا: {why}.</translation>
    </message>
    <message>
        <source>this is not a regular expression</source>
        <translation>ليس مكتوبًا كما تُكتب التعابير</translation>
    </message>
    <message>
        <source>{why} (character {position})</source>
        <translation>{why} (الحرف {position})</translation>
    </message>
    <message>
        <source>Amazon Polly stopped in the middle of the text.</source>
        <translation>توقف أمازون بولي في منتصف النص.</translation>
    </message>
    <message>
        <source>Amazon Polly is getting too many requests from this account.</source>
        <translation>يتلقى أمازون بولي طلبات كثيرة جدًا من هذا الحساب.</translation>
    </message>
    <message>
        <source>Amazon Polly ended the session because it reached its time limit.</source>
        <translation>أنهى أمازون بولي الجلسة بعد انقضاء وقتها.</translation>
    </message>
    <message>
        <source>Amazon Polly has an internal problem.</source>
        <translation>يواجه أمازون بولي مشكلة داخلية.</translation>
    </message>
    <message>
        <source>Amazon Polly</source>
        <translation>أمازون بولي</translation>
    </message>
    <message>
        <source>Amazon</source>
        <translation>أمازون</translation>
    </message>
    <message>
        <source>natural, on this computer</source>
        <translation>طبيعية، على هذا الحاسوب</translation>
    </message>
    <message>
        <source>eSpeak NG</source>
        <translation>eSpeak NG</translation>
    </message>
    <message>
        <source>eSpeak NG, in the text&apos;s language (clear when very fast)</source>
        <translation>eSpeak NG بلغة النص (واضح حتى في السرعات العالية)</translation>
    </message>
    <message>
        <source>The connection to the voice service is busy.</source>
        <translation>الاتصال بخدمة الصوت مشغول.</translation>
    </message>
    <message>
        <source>Harken is not running. Start it with “harken”.</source>
        <translation>هاركن لا يعمل. شغّله بالأمر «harken».</translation>
    </message>
    <message>
        <source>“{name}” in “{text}” is not a modifier key. Use one of these: {modifiers}.</source>
        <translation>«{name}» في «{text}» ليس مفتاحًا مساعدًا. المتاح: {modifiers}.</translation>
    </message>
    <message>
        <source>Harken does not know the key “{key}” in “{text}”.</source>
        <translation>«{key}» في «{text}» ليس مفتاحًا يعرفه هاركن.</translation>
    </message>
    <message>
        <source>“{text}” would fire while you type. Add Ctrl, Alt or Super.</source>
        <translation>سيعمل «{text}» أثناء الكتابة. أضف Ctrl أو Alt أو Super.</translation>
    </message>
    <message>
        <source>another program, possibly one of these: {names}</source>
        <translation>برنامج آخر، ربما أحد هذه: {names}</translation>
    </message>
    <message>
        <source>another program</source>
        <translation>برنامج آخر</translation>
    </message>
    <message>
        <source>The display is not responding.</source>
        <translation>الشاشة لا تستجيب.</translation>
    </message>
    <message>
        <source>This keyboard has no key {key}.</source>
        <translation>لا يوجد في لوحة المفاتيح هذه المفتاح {key}.</translation>
    </message>
    <message>
        <source>{chord} is taken by {owner}.</source>
        <translation>المفتاح {chord} محجوز، حجزه {owner}.</translation>
    </message>
    <message>
        <source>The running Harken has closed the connection.</source>
        <translation>أغلق هاركن العامل الاتصال.</translation>
    </message>
    <message>
        <source>The running Harken is not responding. Quit it and start it again.</source>
        <translation>هاركن العامل لا يستجيب. أنهه ثم شغّله من جديد.</translation>
    </message>
    <message>
        <source>The running Harken refused the command.</source>
        <translation>رفض هاركن العامل الطلب.</translation>
    </message>
    <message>
        <source>Harken is already running.</source>
        <translation>هاركن يعمل بالفعل.</translation>
    </message>
    <message>
        <source>Commands can&apos;t be received at {address}: {reason}.</source>
        <translation>لا يمكن تلقي الأوامر على ⁦{address}⁩: {reason}.</translation>
    </message>
    <message>
        <source>The running Harken is a different version. Quit it and start it again.</source>
        <translation>هاركن العامل من إصدار آخر. أنهه ثم شغّله من جديد.</translation>
    </message>
    <message>
        <source>Choose another key on the Keys page of the settings.</source>
        <translation>اختر مفتاحًا آخر في الإعدادات، صفحة «المفاتيح».</translation>
    </message>
    <message>
        <source>{keys} works now.</source>
        <translation>يعمل {keys} الآن.</translation>
    </message>
    <message>
        <source>{host} does not support HTTP/2, which this voice needs. A proxy in between may be the cause.</source>
        <translation>الخادم ⁦{host}⁩ لا يدعم بروتوكول HTTP/2 الذي يحتاج إليه هذا الصوت. ربما كان السبب وكيلًا (proxy) بينكما.</translation>
    </message>
    <message>
        <source>The address of the voice service must begin with https://, but it is “{url}”.</source>
        <translation>يجب أن يبدأ عنوان خدمة الأصوات بـ https://‎ وهو الآن «⁦{url}⁩».</translation>
    </message>
    <message>
        <source>The certificates in {file} (AWS_CA_BUNDLE) can&apos;t be read.</source>
        <translation>لا يمكن قراءة الشهادات في ⁦{file}⁩‏ (AWS_CA_BUNDLE).</translation>
    </message>
    <message>
        <source>{host} can&apos;t be found. Check your network connection and the region.</source>
        <translation>لا يمكن العثور على ⁦{host}⁩. تحقق من اتصالك بالشبكة ومن المنطقة.</translation>
    </message>
    <message>
        <source>Nothing was heard. Try again.</source>
        <translation>لم يُسمع شيء. حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>The client has disconnected.</source>
        <translation>انقطع الطرف الآخر.</translation>
    </message>
    <message>
        <source>({script} text)</source>
        <translation>(نص بكتابة {script})</translation>
    </message>
    <message>
        <source>There is no voice on this computer. Reinstall Harken.</source>
        <translation>لا يوجد أي صوت على هذا الحاسوب. أعد تثبيت هاركن.</translation>
    </message>
    <message>
        <source>There is nothing to resume. Select some text and read it.</source>
        <translation>لا يوجد ما يُستأنف. حدّد نصًا واقرأه.</translation>
    </message>
    <message>
        <source>Nothing is being read. Select some text and read it.</source>
        <translation>لا يُقرأ شيء الآن. حدّد نصًا واقرأه.</translation>
    </message>
    <message numerus="yes">
        <source>%n words a minute</source>
        <translation>
            <numerusform>%Ln كلمة في الدقيقة</numerusform>
            <numerusform>كلمة واحدة في الدقيقة</numerusform>
            <numerusform>كلمتان في الدقيقة</numerusform>
            <numerusform>%Ln كلمات في الدقيقة</numerusform>
            <numerusform>%Ln كلمة في الدقيقة</numerusform>
            <numerusform>%Ln كلمة في الدقيقة</numerusform>
        </translation>
    </message>
    <message>
        <source>Harken could not look for text. Run “harken doctor” to find the log.</source>
        <translation>لم يستطع هاركن البحث عن نص. نفّذ «harken doctor» لمعرفة مكان السجل.</translation>
    </message>
    <message>
        <source>{problem} {voice} will read instead.</source>
        <translation>{problem} يقرأ بدلًا منه الصوت {voice}.</translation>
    </message>
    <message>
        <source>There is no voice “{voice}” here. “harken voices” lists all voices.</source>
        <translation>لا يوجد هنا صوت باسم «{voice}». يعرض «harken voices» كل الأصوات.</translation>
    </message>
    <message>
        <source>The text is too long. Harken reads only the first part.</source>
        <translation>النص طويل جدًا. سيُقرأ جزؤه الأول فقط.</translation>
    </message>
    <message>
        <source>Harken could not read this. Run “harken doctor” to find the log.</source>
        <translation>لم يستطع هاركن قراءة هذا. نفّذ «harken doctor» لمعرفة مكان السجل.</translation>
    </message>
    <message>
        <source>The voices of “{voice}” are not ready yet. Try again in a moment.</source>
        <translation>أصوات «{voice}» ليست جاهزة بعد. حاول مرة أخرى بعد لحظة.</translation>
    </message>
    <message>
        <source>There is nothing in this text that can be read aloud.</source>
        <translation>لا يوجد في هذا النص ما يمكن قراءته.</translation>
    </message>
    <message>
        <source>{voice} can&apos;t say part of this text. {other} says that part.</source>
        <translation>لا يستطيع {voice} نطق جزء من هذا النص. {other} ينطق هذا الجزء.</translation>
    </message>
    <message>
        <source>{voice} can&apos;t say part of this text. That part is left out.</source>
        <translation>لا يستطيع {voice} نطق جزء من هذا النص. تُرك هذا الجزء.</translation>
    </message>
    <message>
        <source>{problem} Reading will resume when it is back.</source>
        <translation>{problem} تستمر القراءة عندما يعود.</translation>
    </message>
    <message>
        <source>a line in it is thousands of characters long</source>
        <translation>فيه سطر طوله آلاف الأحرف</translation>
    </message>
    <message>
        <source>a number in it is too large, or it is nested too deeply</source>
        <translation>فيه عدد كبير جدًا أو تداخل عميق جدًا</translation>
    </message>
    <message>
        <source>“{name}” in it is not a table</source>
        <translation>«{name}» فيه ليس جدولًا</translation>
    </message>
    <message>
        <source>its comments could not be kept</source>
        <translation>تعذّر الاحتفاظ بتعليقاته</translation>
    </message>
    <message>
        <source>{folder} can&apos;t be used ({reason}). Set XDG_RUNTIME_DIR to a folder of your own.</source>
        <translation>لا يمكن استخدام ⁦{folder}⁩ ({reason}). اضبط XDG_RUNTIME_DIR على مجلد خاص بك.</translation>
    </message>
    <message>
        <source>Other users can open {folder}. Restrict it to yourself (mode 700), then start Harken again.</source>
        <translation>المجلد ⁦{folder}⁩ مفتوح لمستخدمين آخرين. اجعله خاصًا بك (الوضع 700) ثم أعد تشغيل هاركن.</translation>
    </message>
    <message>
        <source>{key}: {problem}</source>
        <translation>{key}: {problem}</translation>
    </message>
    <message>
        <source>{chord} is already used for “{command}”. Change that first.</source>
        <translation>المفتاح {chord} مستخدم للأمر «{command}». غيّر ذلك أولًا.</translation>
    </message>
    <message>
        <source>There is no setting “{key}”. “harken settings list” lists them all.</source>
        <translation>لا يوجد إعداد باسم «{key}». يعرض «harken settings list» كل الإعدادات.</translation>
    </message>
    <message>
        <source>{chord} is set twice. It is used for “{kept}”, and “{lost}” has no key.</source>
        <translation>المفتاح {chord} معيّن مرتين: هو الآن للأمر «{kept}»، وبقي «{lost}» من دون مفتاح.</translation>
    </message>
    <message>
        <source>it is too large</source>
        <translation>إنه كبير جدًا</translation>
    </message>
    <message>
        <source>it is not UTF-8 text</source>
        <translation>ليس نصًا بترميز UTF-8</translation>
    </message>
    <message>
        <source>it is not JSON</source>
        <translation>ليس بصيغة JSON</translation>
    </message>
    <message>
        <source>another program is changing it</source>
        <translation>برنامج آخر يغيّره الآن</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>إنه مجلد</translation>
    </message>
    <message>
        <source>it is not a file but a device, a pipe or a socket</source>
        <translation>ليس ملفًا بل جهاز أو أنبوب أو مقبس</translation>
    </message>
    <message numerus="yes">
        <source>The SSML is too long: the limit is %Ln characters.</source>
        <translation>
            <numerusform>نص SSML طويل جدًا: لا يجوز أن يكون فيه أي حرف.</numerusform>
            <numerusform>نص SSML طويل جدًا: يجوز أن يكون فيه حرف واحد.</numerusform>
            <numerusform>نص SSML طويل جدًا: يجوز أن يكون فيه حرفان.</numerusform>
            <numerusform>نص SSML طويل جدًا: يجوز أن يكون فيه %Ln أحرف.</numerusform>
            <numerusform>نص SSML طويل جدًا: يجوز أن يكون فيه %Ln حرفًا.</numerusform>
            <numerusform>نص SSML طويل جدًا: يجوز أن يكون فيه %Ln حرف.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The SSML has too much text: the limit is %Ln characters without markup.</source>
        <translation>
            <numerusform>في مستند SSML نص كثير: لا يجوز أن يكون فيه أي حرف عدا الوسوم.</numerusform>
            <numerusform>في مستند SSML نص كثير: يجوز أن يكون فيه حرف واحد عدا الوسوم.</numerusform>
            <numerusform>في مستند SSML نص كثير: يجوز أن يكون فيه حرفان عدا الوسوم.</numerusform>
            <numerusform>في مستند SSML نص كثير: يجوز أن يكون فيه %Ln أحرف عدا الوسوم.</numerusform>
            <numerusform>في مستند SSML نص كثير: يجوز أن يكون فيه %Ln حرفًا عدا الوسوم.</numerusform>
            <numerusform>في مستند SSML نص كثير: يجوز أن يكون فيه %Ln حرف عدا الوسوم.</numerusform>
        </translation>
    </message>
    <message>
        <source>The SSML is not well-formed: {what}, line {line}.</source>
        <translation>مستند SSML غير سليم الصياغة: {what}، السطر {line}.</translation>
    </message>
    <message>
        <source>The SSML must begin with &lt;speak&gt; and end with &lt;/speak&gt;.</source>
        <translation>يجب أن يبدأ مستند SSML بالوسم &lt;speak&gt; وينتهي بالوسم &lt;/speak&gt;.</translation>
    </message>
    <message>
        <source>What the voice service sent was damaged on the way.</source>
        <translation>تلف ما أرسلته خدمة الصوت في الطريق.</translation>
    </message>
    <message>
        <source>Too many programs are connected to Harken. Try again in a moment.</source>
        <translation>برامج كثيرة جدًا متصلة بهاركن. حاول مرة أخرى بعد لحظة.</translation>
    </message>
    <message>
        <source>Harken did not understand the message ({why}).</source>
        <translation>هذه رسالة لا يفهمها هاركن ({why}).</translation>
    </message>
    <message>
        <source>the desktop&apos;s settings</source>
        <translation>إعدادات سطح المكتب</translation>
    </message>
    <message>
        <source>Settings, Apps, Harken, Global Shortcuts</source>
        <translation>الإعدادات، التطبيقات، هاركن، الاختصارات العامة</translation>
    </message>
    <message>
        <source>System Settings, Keyboard, Shortcuts</source>
        <translation>إعدادات النظام، لوحة المفاتيح، الاختصارات</translation>
    </message>
    <message>
        <source>the desktop&apos;s own settings</source>
        <translation>إعدادات سطح المكتب نفسه</translation>
    </message>
    <message>
        <source>Your desktop remembers these keys. Change them in {place}.</source>
        <translation>يتذكر سطح المكتب هذه المفاتيح. غيّرها في {place}.</translation>
    </message>
    <message>
        <source>Your desktop gave “{command}” no key. Set one in {place}.</source>
        <translation>لم يعطِ سطح المكتب «{command}» أي مفتاح. عيّن له مفتاحًا في {place}.</translation>
    </message>
    <message>
        <source>On this desktop, Harken&apos;s keys would also reach the program in front and could change its text. Choose F1 to F24 or Pause on the Keys page of the settings.</source>
        <translation>على سطح المكتب هذا تصل مفاتيح هاركن إلى البرنامج الذي أمامك أيضًا وقد تغيّر نصه. اختر مفتاحًا من F1 إلى F24 أو Pause في الإعدادات، صفحة «المفاتيح».</translation>
    </message>
    <message>
        <source>{program} already uses {key} for “{action}”. Change one of the two in {place}.</source>
        <translation>يستعمل {program} المفتاح {key} بالفعل لـ «{action}». غيّر أحدهما في {place}.</translation>
    </message>
    <message>
        <source>The voice service did not answer in time.</source>
        <translation>لم تجب خدمة الصوت في الوقت المناسب.</translation>
    </message>
    <message>
        <source>The connection to the voice service was lost.</source>
        <translation>انقطع الاتصال بخدمة الصوت.</translation>
    </message>
    <message>
        <source>Harken can&apos;t use the proxy “{proxy}” ({source}). It must have the form http://host:port or https://host:port.</source>
        <translation>لا يستطيع هاركن استخدام الوكيل «{proxy}» ({source}). يجب أن يكون بالشكل http://host:port أو https://host:port.</translation>
    </message>
    <message>
        <source>{problem} The proxy comes from {source}.</source>
        <translation>{problem} هذا هو الوكيل المحدد في {source}.</translation>
    </message>
    <message>
        <source>The proxy {proxy} requires a user name and password. Put them in its address, as in http://name:password@host:port ({source}).</source>
        <translation>يطلب الوكيل {proxy} اسمًا وكلمة مرور. ضعهما في عنوانه، كما في http://name:password@host:port ({source}).</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not accept the user name and password in its address ({source}). Correct them.</source>
        <translation>لا يقبل الوكيل {proxy} الاسم وكلمة المرور في عنوانه ({source}). صحّحهما.</translation>
    </message>
    <message>
        <source>The proxy {proxy} requires a kind of sign-in that Harken does not support ({kinds}). Ask its operator for one with a user name and password.</source>
        <translation>يطلب الوكيل {proxy} نوعًا من تسجيل الدخول لا يعرفه هاركن ({kinds}). اطلب من مشغله نوعًا بالاسم وكلمة المرور.</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not allow connections to {host} ({status}). Ask its operator to allow them.</source>
        <translation>لا يسمح الوكيل {proxy} بالاتصال بـ {host} ({status}). اطلب من مشغله السماح به.</translation>
    </message>
    <message>
        <source>The proxy {proxy} can&apos;t reach {host} ({status}). Try again later, or ask its operator.</source>
        <translation>لا يستطيع الوكيل {proxy} الوصول إلى {host} ({status}). حاول لاحقًا، أو اسأل مشغله.</translation>
    </message>
    <message>
        <source>The proxy {proxy} refused to connect to {host} ({status}).</source>
        <translation>رفض الوكيل {proxy} الاتصال بـ {host} ({status}).</translation>
    </message>
    <message>
        <source>The server at {proxy} is not an HTTP proxy. Check the proxy&apos;s address ({source}).</source>
        <translation>ما يجيب عند {proxy} ليس وكيل HTTP. تحقق من عنوان الوكيل ({source}).</translation>
    </message>
    <message>
        <source>The proxy {proxy} closed the connection without answering.</source>
        <translation>أغلق الوكيل {proxy} الاتصال دون جواب.</translation>
    </message>
    <message>
        <source>The proxy {proxy} did not answer in time.</source>
        <translation>لم يجب الوكيل {proxy} في الوقت المناسب.</translation>
    </message>
    <message>
        <source>{host} refuses connections. It may be down, or blocked by a firewall.</source>
        <translation>يرفض {host} الاتصالات. ربما كان متوقفًا أو محجوبًا بجدار حماية.</translation>
    </message>
    <message>
        <source>{host} can&apos;t be found: no name server answers. Check your network connection.</source>
        <translation>تعذر العثور على {host}: لا يجيب أي خادم أسماء. تحقق من اتصالك بالشبكة.</translation>
    </message>
    <message>
        <source>There is no route to {host}. Check your network connection.</source>
        <translation>لا طريق إلى {host}. تحقق من اتصالك بالشبكة.</translation>
    </message>
    <message>
        <source>{host} did not answer in time. The network may be slow, or a firewall may be blocking it.</source>
        <translation>لم يجب {host} في الوقت المناسب. ربما كانت الشبكة بطيئة أو حجبه جدار حماية.</translation>
    </message>
    <message>
        <source>This computer does not let Harken connect to {host}. Allow it in the firewall.</source>
        <translation>لا يسمح هذا الحاسوب لهاركن بالاتصال بـ {host}. يجب أن يسمح بذلك جدار الحماية فيه.</translation>
    </message>
    <message>
        <source>{host} closed the connection before it was secured. It may be down, or blocked by a firewall.</source>
        <translation>أغلق {host} الاتصال قبل تأمينه. ربما كان متوقفًا أو محجوبًا بجدار حماية.</translation>
    </message>
    <message>
        <source>{host} does not support TLS at this address. Check the address.</source>
        <translation>لا يدعم {host} بروتوكول TLS عند هذا العنوان. تحقق من العنوان.</translation>
    </message>
    <message>
        <source>Harken can&apos;t make a secure connection to {host} ({reason}).</source>
        <translation>تعذر إنشاء اتصال آمن بـ {host} ({reason}).</translation>
    </message>
    <message>
        <source>{host} can&apos;t be reached ({reason}).</source>
        <translation>تعذر الوصول إلى {host} ({reason}).</translation>
    </message>
    <message>
        <source>The certificate of {host} has expired. If this computer&apos;s date is right, the operator of {host} has to renew it.</source>
        <translation>انتهت صلاحية شهادة {host}. إذا كان تاريخ هذا الحاسوب صحيحًا فعلى مشغل {host} تجديدها.</translation>
    </message>
    <message>
        <source>The certificate of {host} is not valid yet. Correct this computer&apos;s date.</source>
        <translation>شهادة {host} لم تصبح سارية بعد. اضبط تاريخ هذا الحاسوب.</translation>
    </message>
    <message>
        <source>The certificate of {host} is for a different name. Check the address. If this network requires it, sign in with a browser first.</source>
        <translation>شهادة {host} تخص اسمًا آخر. تحقق من العنوان. وإذا طلبت الشبكة ذلك فسجّل الدخول بالمتصفح أولًا.</translation>
    </message>
    <message>
        <source>The certificate of {host} is not trusted because {host} signed it itself. If that is intended, set AWS_CA_BUNDLE to a file that contains it.</source>
        <translation>شهادة {host} غير موثوقة لأن {host} وقّعها بنفسه. إذا كان ذلك مقصودًا فاضبط AWS_CA_BUNDLE على ملف يحتوي عليها.</translation>
    </message>
    <message>
        <source>The certificate of {host} is not trusted because its issuer is unknown here. If your network inspects connections, set AWS_CA_BUNDLE to a file that contains its certificates.</source>
        <translation>شهادة {host} غير موثوقة لأن جهة إصدارها غير معروفة هنا. إذا كانت شبكتك تفحص الاتصالات فاضبط AWS_CA_BUNDLE على ملف يحتوي على شهاداتها.</translation>
    </message>
    <message>
        <source>The certificate of {host} is not accepted ({reason}).</source>
        <translation>شهادة {host} غير مقبولة ({reason}).</translation>
    </message>
    <message>
        <source>{file} can&apos;t be written ({why}), so what is read is not recorded.</source>
        <translation>تعذّرت الكتابة في {file} ({why})، فلا يُسجَّل ما يُقرأ.</translation>
    </message>
    <message>
        <source>There is no voice “{voice}” here. Did you mean {voices}?</source>
        <translation>لا يوجد هنا صوت «{voice}». هل قصدت {voices}؟</translation>
    </message>
    <message numerus="yes">
        <source>{sentence} This happened %n more times in the last minute.</source>
        <translation>
            <numerusform>{sentence} لم يتكرر ذلك في الدقيقة الأخيرة.</numerusform>
            <numerusform>{sentence} تكرر ذلك مرة واحدة في الدقيقة الأخيرة.</numerusform>
            <numerusform>{sentence} تكرر ذلك مرتين في الدقيقة الأخيرة.</numerusform>
            <numerusform>{sentence} تكرر ذلك %Ln مرات في الدقيقة الأخيرة.</numerusform>
            <numerusform>{sentence} تكرر ذلك %Ln مرة في الدقيقة الأخيرة.</numerusform>
            <numerusform>{sentence} تكرر ذلك %Ln مرة في الدقيقة الأخيرة.</numerusform>
        </translation>
    </message>
    <message>
        <source>Harken left something out of this text: {what}. See “What is read” in the settings.</source>
        <translation>ترك هاركن شيئًا من هذا النص: {what}. انظر «ما يُقرأ» في الإعدادات.</translation>
    </message>
    <message>
        <source>Harken left out {percent}% of this text: {what}. See “What is read” in the settings.</source>
        <translation>ترك هاركن {percent}% من هذا النص: {what}. انظر «ما يُقرأ» في الإعدادات.</translation>
    </message>
    <message>
        <source>This is the fastest.</source>
        <translation>هذه أقصى سرعة.</translation>
    </message>
    <message>
        <source>This is the slowest.</source>
        <translation>هذه أبطأ سرعة.</translation>
    </message>
    <message>
        <source>This is the loudest.</source>
        <translation>هذا أعلى مستوى للصوت.</translation>
    </message>
    <message>
        <source>This is the quietest.</source>
        <translation>هذا أخفض مستوى للصوت.</translation>
    </message>
    <message>
        <source>{problem} {voice} continues.</source>
        <translation>{problem} يتابع القراءة الصوت {voice}.</translation>
    </message>
    <message>
        <source>“{value}” is not the name of a voice. “harken voices” lists them, for example neural/heart or espeak/de.</source>
        <translation>«{value}» ليس اسم صوت. يسردها «harken voices»، مثل neural/heart أو espeak/de.</translation>
    </message>
    <message>
        <source>Use “on” or “off” for {key}, not “{text}”.</source>
        <translation>استخدم «on» أو «off» للإعداد {key}، لا «{text}».</translation>
    </message>
    <message>
        <source>Use true or false, not {value}.</source>
        <translation>استخدم true أو false، لا {value}.</translation>
    </message>
    <message>
        <source>Use a number from {low:g} to {high:.10g} {unit}, not {value}.</source>
        <translation>استخدم عددًا من {low:g} إلى {high:.10g} {unit}، لا {value}.</translation>
    </message>
    <message>
        <source>Use a number from {low:g} to {high:.10g}, not {value}.</source>
        <translation>استخدم عددًا من {low:g} إلى {high:.10g}، لا {value}.</translation>
    </message>
    <message>
        <source>Choose {values} or {last}, not {value}.</source>
        <translation>اختر {values} أو {last}، لا {value}.</translation>
    </message>
    <message>
        <source>Choose {values} or {last}, or &quot;&quot; for automatic, not {value}.</source>
        <translation>اختر {values} أو {last}، أو &quot;&quot; للاختيار التلقائي، لا {value}.</translation>
    </message>
    <message>
        <source>Use text, not {value}.</source>
        <translation>استخدم نصًا، لا {value}.</translation>
    </message>
    <message>
        <source>Use one line of at most {limit} characters, not {value}.</source>
        <translation>استخدم نصًا من سطر واحد لا يزيد على {limit} حرف، لا {value}.</translation>
    </message>
    <message>
        <source>{file} can&apos;t be read ({why}). Harken uses the defaults until you correct the file.</source>
        <translation>تعذّرت قراءة {file} ({why}). يستخدم هاركن القيم الافتراضية حتى تصحّح الملف.</translation>
    </message>
    <message>
        <source>{file} can&apos;t be read ({why}). Harken keeps the current settings until you correct the file.</source>
        <translation>تعذّرت قراءة {file} ({why}). يبقي هاركن الإعدادات الحالية حتى تصحّح الملف.</translation>
    </message>
    <message>
        <source>{key} in {file}: {problem} Harken uses {value}.</source>
        <translation>{key} في {file}: {problem} يستخدم هاركن القيمة {value}.</translation>
    </message>
    <message>
        <source>The settings file was rewritten ({why}). The old one is kept as {file}.</source>
        <translation>كُتبت الإعدادات من جديد ({why}). حُفظت القديمة في {file}.</translation>
    </message>
    <message>
        <source>There is no setting “{key}”. Did you mean {keys}?</source>
        <translation>لا يوجد إعداد «{key}». هل قصدت {keys}؟</translation>
    </message>
    <message>
        <source>The SSML can&apos;t have a document type (&lt;!DOCTYPE …&gt;).</source>
        <translation>لا يجوز أن يكون في مستند SSML نوع مستند (&lt;!DOCTYPE …&gt;).</translation>
    </message>
    <message>
        <source>Harken {newest} is available; you have {version}. {page}</source>
        <translation>صدر هاركن {newest}، ولديك الإصدار {version}. ⁦{page}⁩</translation>
    </message>
    <message>
        <source>Heart (natural, American English)</source>
        <translation>Heart (طبيعي، إنجليزية أمريكية)</translation>
    </message>
    <message>
        <source>The voice “{voice}” does not start. Reinstall Harken.</source>
        <translation>الصوت «{voice}» لا يبدأ العمل. أعد تثبيت هاركن.</translation>
    </message>
    <message>
        <source>The voice “{voice}” can&apos;t be used on this computer. Reinstall Harken.</source>
        <translation>لا يمكن استخدام الصوت «{voice}» على هذا الحاسوب. أعد تثبيت هاركن.</translation>
    </message>
    <message>
        <source>The voice “{voice}” keeps failing.</source>
        <translation>يتعطل الصوت «{voice}» مرة بعد مرة.</translation>
    </message>
    <message>
        <source>The connection to Amazon Polly was lost.</source>
        <translation>انقطع الاتصال بأمازون بولي.</translation>
    </message>
    <message>
        <source>not checked, because {operation} failed</source>
        <translation>لم يُفحص لأن ⁦{operation}⁩ فشل</translation>
    </message>
    <message>
        <source>this region does not have it</source>
        <translation>غير متوفر في هذه المنطقة</translation>
    </message>
    <message>
        <source>it does not accept {what}: {reason}</source>
        <translation>لا يُقبل {what}: {reason}</translation>
    </message>
    <message>
        <source>the account lacks the permission polly:{operation}.</source>
        <translation>ينقص الحساب الإذن polly:⁦{operation}⁩.</translation>
    </message>
    <message>
        <source>the account lacks the permission polly:{operation}. Amazon says: {said}</source>
        <translation>ينقص الحساب الإذن polly:⁦{operation}⁩. تقول أمازون: {said}</translation>
    </message>
    <message>
        <source>there is no voice {voice}</source>
        <translation>لا يوجد الصوت {voice}</translation>
    </message>
    <message>
        <source>{voice} in {format} at {rate} Hz</source>
        <translation>{voice} بصيغة {format} و{rate} هرتز</translation>
    </message>
    <message>
        <source>{voice} in {format} at {rate} Hz with the lexicons {lexicons}</source>
        <translation>{voice} بصيغة {format} و{rate} هرتز مع المعاجم {lexicons}</translation>
    </message>
    <message>
        <source>Amazon Polly has stopped answering.</source>
        <translation>توقف أمازون بولي عن الإجابة.</translation>
    </message>
    <message>
        <source>Amazon Polly lists no voices. Try again later.</source>
        <translation>لا يعرض أمازون بولي أي أصوات. حاول لاحقًا.</translation>
    </message>
    <message>
        <source>Amazon Polly does not accept this request. Choose another voice in the settings.</source>
        <translation>لا يقبل أمازون بولي هذا الطلب. اختر صوتًا آخر في الإعدادات.</translation>
    </message>
    <message>
        <source>This reading was stopped.</source>
        <translation>أُوقفت هذه القراءة.</translation>
    </message>
    <message>
        <source>{file} can&apos;t be read ({why}), so earlier usage is not counted.</source>
        <translation>تعذّرت قراءة {file} ({why})، فلا يُحسب ما أُنفق قبل ذلك.</translation>
    </message>
    <message>
        <source>This month&apos;s limit of {limit} characters for Amazon Polly has been reached.</source>
        <translation>بلغت الحد الشهري لأمازون بولي وهو {limit} حرف.</translation>
    </message>
    <message>
        <source>its contents are damaged</source>
        <translation>محتواه تالف</translation>
    </message>
    <message>
        <source>Amazon Polly does not accept these lexicons. Choose others, or none, in the settings.</source>
        <translation>لا يقبل أمازون بولي هذه المعاجم. اختر غيرها في الإعدادات أو لا تختر شيئًا.</translation>
    </message>
    <message>
        <source>Amazon Polly does not accept this audio format. Choose another one in the settings.</source>
        <translation>لا يقبل أمازون بولي صيغة الصوت هذه. اختر غيرها في الإعدادات.</translation>
    </message>
    <message>
        <source>Amazon Polly does not have this voice. Choose another one in the settings.</source>
        <translation>لا يوجد هذا الصوت لدى أمازون بولي. اختر غيره في الإعدادات.</translation>
    </message>
    <message>
        <source>This text is too long for Amazon Polly. Choose another voice in the settings.</source>
        <translation>هذا النص أطول مما يقبله أمازون بولي. اختر صوتًا آخر في الإعدادات.</translation>
    </message>
    <message>
        <source>Your AWS sign-in has expired. Sign in again, for example with “aws sso login”.</source>
        <translation>انتهت صلاحية تسجيل دخولك إلى AWS. سجّل الدخول من جديد، مثلًا بالأمر «aws sso login».</translation>
    </message>
    <message>
        <source>Your AWS account is not allowed to use this voice. Ask for the permissions polly:StartSpeechSynthesisStream, polly:SynthesizeSpeech and polly:DescribeVoices.</source>
        <translation>لا يُسمح لحسابك في AWS باستخدام هذا الصوت. اطلب الأذونات polly:StartSpeechSynthesisStream وpolly:SynthesizeSpeech وpolly:DescribeVoices.</translation>
    </message>
    <message>
        <source>Amazon does not accept your AWS keys. Run “harken doctor” to see where they come from.</source>
        <translation>لا تقبل أمازون مفاتيح AWS التي لديك. نفّذ «harken doctor» لمعرفة مصدرها.</translation>
    </message>
    <message>
        <source>Amazon Polly does not accept this voice, format or text. Choose another voice in the settings.</source>
        <translation>لا يقبل أمازون بولي هذا الصوت أو الصيغة أو النص. اختر صوتًا آخر في الإعدادات.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is wrong, so Amazon refuses its requests. Set the clock.</source>
        <translation>ساعة هذا الحاسوب غير صحيحة، ولذلك ترفض أمازون طلباته. اضبط الساعة.</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Use a language code such as en or de, not “{value}”.</source>
        <translation>القيمة رمز لغة مثل en أو ar وليست «{value}».</translation>
    </message>
    <message>
        <source>Use up to five names, made of letters and digits and separated by commas, not “{value}”.</source>
        <translation>القيمة خمسة أسماء على الأكثر من أحرف لاتينية وأرقام تفصلها فواصل، وليست «{value}».</translation>
    </message>
    <message>
        <source>Use the name of a region, such as eu-central-1, not “{value}”.</source>
        <translation>القيمة اسم منطقة مثل eu-central-1 وليست «{value}».</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>الصوت</translation>
    </message>
    <message>
        <source>A voice that you choose reads every language it knows. Automatic: the text&apos;s language decides.</source>
        <translation>يقرأ كل لغة يعرفها هذا الصوت. التلقائي: بحسب لغة النص.</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>السرعة</translation>
    </message>
    <message>
        <source>1 is the voice&apos;s normal speed, about 200 words a minute.</source>
        <translation>القيمة 1 سرعة الصوت الأصلية، نحو 200 كلمة في الدقيقة.</translation>
    </message>
    <message>
        <source>Always read as</source>
        <translation>القراءة دائمًا بلغة</translation>
    </message>
    <message>
        <source>Automatic: detected for each part of a text.</source>
        <translation>التلقائي: تُعرف لكل جزء من النص.</translation>
    </message>
    <message>
        <source>Assume for very short texts</source>
        <translation>اللغة المفترضة للنصوص القصيرة جدًا</translation>
    </message>
    <message>
        <source>Used when a text is too short to detect its language.</source>
        <translation>للنصوص التي لا تكفي لمعرفة لغتها لقصرها.</translation>
    </message>
    <message>
        <source>When a voice fails, continue with another</source>
        <translation>إذا تعطل صوت تُتابَع القراءة بصوت آخر</translation>
    </message>
    <message>
        <source>Otherwise Harken says what happened and waits.</source>
        <translation>وإلا أخبرك هاركن بما حدث وانتظر.</translation>
    </message>
    <message>
        <source>Backup voice</source>
        <translation>الصوت البديل</translation>
    </message>
    <message>
        <source>Used when the chosen voice fails. Automatic: the best one on this computer.</source>
        <translation>عندما يتعطل الصوت المختار. التلقائي: أفضل صوت على هذا الحاسوب.</translation>
    </message>
    <message>
        <source>If nothing is selected, read the focused text</source>
        <translation>إذا لم يكن شيء محددًا يُقرأ الحقل الذي أنت فيه</translation>
    </message>
    <message>
        <source>Starts at the paragraph with the cursor. Buttons and lists are described.</source>
        <translation>من الفقرة التي فيها المؤشر. أما الأزرار والقوائم فتوصف.</translation>
    </message>
    <message>
        <source>If there is nothing else to read, read the clipboard</source>
        <translation>إذا لم يوجد شيء آخر تُقرأ الحافظة</translation>
    </message>
    <message>
        <source>Whatever you copied last.</source>
        <translation>آخر ما نُسخ.</translation>
    </message>
    <message>
        <source>Read new selections automatically</source>
        <translation>قراءة كل تحديد جديد تلقائيًا</translation>
    </message>
    <message>
        <source>As soon as you select something, without a key.</source>
        <translation>فور التحديد ومن دون مفتاح.</translation>
    </message>
    <message>
        <source>Remember the last twenty texts</source>
        <translation>تذكّر آخر عشرين نصًا</translation>
    </message>
    <message>
        <source>Until Harken quits, so that you can hear them again. Never written to a file.</source>
        <translation>لإعادة قراءتها إلى أن ينتهي هاركن. ولا تُكتب أبدًا في ملف.</translation>
    </message>
    <message>
        <source>Speak messages</source>
        <translation>نطق الرسائل</translation>
    </message>
    <message>
        <source>Otherwise they are only shown. A running screen reader speaks them instead.</source>
        <translation>وإلا عُرضت فقط. وإذا كان قارئ شاشة يعمل فهو الذي ينطقها.</translation>
    </message>
    <message>
        <source>A tone on pause and resume</source>
        <translation>نغمة عند التوقف المؤقت والمتابعة</translation>
    </message>
    <message>
        <source>Low for pause, high for resume.</source>
        <translation>منخفضة عند التوقف ومرتفعة عند المتابعة.</translation>
    </message>
    <message>
        <source>A tone at the end of a text</source>
        <translation>نغمة عند نهاية النص</translation>
    </message>
    <message>
        <source>So that you can tell the end from a long pause.</source>
        <translation>حتى لا يُظن الصمت الطويل نهاية النص.</translation>
    </message>
    <message>
        <source>Say the new speed</source>
        <translation>نطق السرعة الجديدة</translation>
    </message>
    <message>
        <source>When you change it while nothing is being read.</source>
        <translation>عند تغييرها من دون قراءة جارية.</translation>
    </message>
    <message>
        <source>Ask all programs to report their focused text</source>
        <translation>الطلب من كل البرامج أن تعطي نص الحقل الذي أنت فيه</translation>
    </message>
    <message>
        <source>Read selection, or stop</source>
        <translation>قراءة المحدد أو الإيقاف</translation>
    </message>
    <message>
        <source>Read focused text</source>
        <translation>قراءة الحقل الذي أنت فيه</translation>
    </message>
    <message>
        <source>Read clipboard</source>
        <translation>قراءة الحافظة</translation>
    </message>
    <message>
        <source>Read word at cursor</source>
        <translation>قراءة الكلمة عند المؤشر</translation>
    </message>
    <message>
        <source>Read line at cursor</source>
        <translation>قراءة السطر عند المؤشر</translation>
    </message>
    <message>
        <source>Read sentence at cursor</source>
        <translation>قراءة الجملة عند المؤشر</translation>
    </message>
    <message>
        <source>Read paragraph at cursor</source>
        <translation>قراءة الفقرة عند المؤشر</translation>
    </message>
    <message>
        <source>Read from cursor to end</source>
        <translation>القراءة من المؤشر إلى النهاية</translation>
    </message>
    <message>
        <source>Read whole document</source>
        <translation>قراءة المستند كله</translation>
    </message>
    <message>
        <source>Read selection later</source>
        <translation>قراءة المحدد لاحقًا</translation>
    </message>
    <message>
        <source>Read the queue</source>
        <translation>قراءة قائمة الانتظار</translation>
    </message>
    <message>
        <source>Pause or resume</source>
        <translation>الإيقاف المؤقت أو المتابعة</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>الإيقاف</translation>
    </message>
    <message>
        <source>Next sentence</source>
        <translation>الجملة التالية</translation>
    </message>
    <message>
        <source>Previous sentence</source>
        <translation>الجملة السابقة</translation>
    </message>
    <message>
        <source>Next paragraph</source>
        <translation>الفقرة التالية</translation>
    </message>
    <message>
        <source>Previous paragraph</source>
        <translation>الفقرة السابقة</translation>
    </message>
    <message>
        <source>Repeat sentence</source>
        <translation>تكرار الجملة</translation>
    </message>
    <message>
        <source>Faster</source>
        <translation>أسرع</translation>
    </message>
    <message>
        <source>Slower</source>
        <translation>أبطأ</translation>
    </message>
    <message>
        <source>Louder</source>
        <translation>أعلى صوتًا</translation>
    </message>
    <message>
        <source>Quieter</source>
        <translation>أخفض صوتًا</translation>
    </message>
    <message>
        <source>Set a bookmark</source>
        <translation>وضع إشارة مرجعية</translation>
    </message>
    <message>
        <source>Sleep timer</source>
        <translation>مؤقت النوم</translation>
    </message>
    <message>
        <source>Open the player</source>
        <translation>افتح المشغّل</translation>
    </message>
    <message>
        <source>Open the player when a reading begins</source>
        <translation>افتح المشغّل عند بدء القراءة</translation>
    </message>
    <message>
        <source>Without taking the keyboard from the program in front.</source>
        <translation>تبقى لوحة المفاتيح للبرنامج الذي في المقدمة.</translation>
    </message>
    <message>
        <source>Keep the player on top of other windows</source>
        <translation>أبقِ المشغّل فوق النوافذ الأخرى</translation>
    </message>
    <message>
        <source>Not on Wayland, where programs can&apos;t ask for that.</source>
        <translation>ليس على وايلاند، فهو لا يتيح للبرامج طلب ذلك.</translation>
    </message>
    <message>
        <source>Text colours</source>
        <translation>ألوان النص</translation>
    </message>
    <message>
        <source>Harken&apos;s windows follow the system, including its high contrast.</source>
        <translation>ألوان نوافذ هاركن تتبع أيضًا التباين العالي في النظام.</translation>
    </message>
    <message>
        <source>Same as Harken&apos;s windows</source>
        <translation>كما في نوافذ هاركن</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>ورق</translation>
    </message>
    <message>
        <source>Yellow on black</source>
        <translation>أصفر على أسود</translation>
    </message>
    <message>
        <source>Your own</source>
        <translation>ألوانك الخاصة</translation>
    </message>
    <message>
        <source>Your own text colour</source>
        <translation>لونك الخاص للنص</translation>
    </message>
    <message>
        <source>It is also the background of the word you hear.</source>
        <translation>يكون خلفيةً للكلمة المسموعة.</translation>
    </message>
    <message>
        <source>Your own background colour</source>
        <translation>لونك الخاص للخلفية</translation>
    </message>
    <message>
        <source>A soft colour, such as cream, is less tiring than white.</source>
        <translation>اللون الهادئ، مثل الكريمي، أقل إرهاقًا للعين من الأبيض.</translation>
    </message>
    <message>
        <source>Typeface</source>
        <translation>نوع الخط</translation>
    </message>
    <message>
        <source>Scripts that these typefaces do not cover are shown in the system&apos;s typeface.</source>
        <translation>للكتابات التي لا تشملها هذه الخطوط يُستخدم خط النظام.</translation>
    </message>
    <message>
        <source>Atkinson Hyperlegible, for low vision</source>
        <translation>Atkinson Hyperlegible، لضعف البصر</translation>
    </message>
    <message>
        <source>OpenDyslexic, for dyslexia</source>
        <translation>OpenDyslexic، لعسر القراءة</translation>
    </message>
    <message>
        <source>Show one line at a time</source>
        <translation>إظهار سطر واحد في كل مرة</translation>
    </message>
    <message>
        <source>The rest is dimmed. In the player, Ctrl+L turns this on and off.</source>
        <translation>يظهر الباقي باهتًا. وفي المشغّل يبدّله أيضًا Ctrl+L.</translation>
    </message>
    <message>
        <source>Type size</source>
        <translation>حجم الخط</translation>
    </message>
    <message>
        <source>In the player, Ctrl with + or - changes it, too.</source>
        <translation>في المشغّل يغيّره أيضًا Ctrl مع + و-.</translation>
    </message>
    <message>
        <source>pt</source>
        <translation>نقطة</translation>
    </message>
    <message>
        <source>Line length</source>
        <translation>طول السطر</translation>
    </message>
    <message>
        <source>If the window is wide enough.</source>
        <translation>بقدر ما يتسع عرض النافذة.</translation>
    </message>
    <message>
        <source>Line spacing</source>
        <translation>تباعد الأسطر</translation>
    </message>
    <message>
        <source>100%: as the typeface was designed.</source>
        <translation>%100: بالقرب الذي يحدده الخط.</translation>
    </message>
    <message>
        <source>Letter spacing</source>
        <translation>تباعد الحروف</translation>
    </message>
    <message>
        <source>Added between letters, as a share of the type size.</source>
        <translation>نسبة من حجم الخط تضاف بين الحروف.</translation>
    </message>
    <message>
        <source>Word spacing</source>
        <translation>تباعد الكلمات</translation>
    </message>
    <message>
        <source>Added between words, as a share of the type size.</source>
        <translation>نسبة من حجم الخط تضاف بين الكلمات.</translation>
    </message>
    <message>
        <source>Use languages and voices, such as de=piper/de_DE-kerstin-low, not “{value}”.</source>
        <translation>استخدم لغات وأصواتًا مثل de=piper/de_DE-kerstin-low، لا «{value}».</translation>
    </message>
    <message>
        <source>Voices for particular languages</source>
        <translation>أصوات للغات محددة</translation>
    </message>
    <message>
        <source>For example de=piper/de_DE-kerstin-low. Used while the voice is automatic.</source>
        <translation>مثل de=piper/de_DE-kerstin-low، وتُستخدم ما دام اختيار الصوت تلقائيًا.</translation>
    </message>
    <message>
        <source>Prepare each new selection</source>
        <translation>تجهيز كل تحديد جديد</translation>
    </message>
    <message>
        <source>Its first words are ready when you press the key. Only with a voice on this computer.</source>
        <translation>تكون كلماته الأولى جاهزة عندما تضغط المفتاح. بصوت من هذا الحاسوب فقط.</translation>
    </message>
    <message>
        <source>Say what gets the focus</source>
        <translation>نطق ما ينتقل إليه التركيز</translation>
    </message>
    <message>
        <source>Each control as you move to it, with a voice on this computer.</source>
        <translation>عندما تنتقل بين العناصر، بصوت في هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Say what the pointer rests on</source>
        <translation>نطق ما يستقر عليه مؤشر الفأرة</translation>
    </message>
    <message>
        <source>Not on Wayland, where programs can&apos;t see where the pointer is.</source>
        <translation>ليس على وايلاند، فهو لا يخبر أي برنامج بمكان المؤشر.</translation>
    </message>
    <message>
        <source>Continue where you stopped</source>
        <translation>متابعة النص من حيث توقف</translation>
    </message>
    <message>
        <source>When you have the same text read again. Press the key twice to start from the beginning.</source>
        <translation>عند قراءة النص نفسه مرة أخرى. اضغط المفتاح مرتين للبدء من جديد.</translation>
    </message>
    <message>
        <source>Remember the place in long texts and documents</source>
        <translation>تذكر الموضع في النصوص الطويلة والملفات</translation>
    </message>
    <message>
        <source>Even after Harken quits: positions and fingerprints, not the texts.</source>
        <translation>حتى بعد إنهاء هاركن: المواضع والبصمات لا النصوص.</translation>
    </message>
    <message>
        <source>Keep the texts as well</source>
        <translation>حفظ النصوص أيضًا</translation>
    </message>
    <message>
        <source>In files that only you can read, so that Harken can continue them by itself.</source>
        <translation>في ملفات لا يقرؤها غيرك، ليتابعها هاركن بنفسه.</translation>
    </message>
    <message>
        <source>Turns on the desktop&apos;s accessibility. Some programs must then be restarted.</source>
        <translation>يشغّل إمكانية الوصول في سطح المكتب. يلزم بعدها إعادة تشغيل بعض البرامج.</translation>
    </message>
    <message>
        <source>Esc stops reading</source>
        <translation>المفتاح Esc يوقف القراءة الجارية</translation>
    </message>
    <message>
        <source>When nothing is being read, Esc goes to the program in front.</source>
        <translation>وفي غير ذلك يبقى Esc للبرنامج الذي أمامك.</translation>
    </message>
    <message>
        <source>Media keys and headset buttons</source>
        <translation>مفاتيح الوسائط وأزرار السماعة</translation>
    </message>
    <message>
        <source>Play, pause, next and previous work while something is being read.</source>
        <translation>يعمل التشغيل والإيقاف المؤقت والتالي والسابق أثناء القراءة.</translation>
    </message>
    <message>
        <source>Sound output</source>
        <translation>مخرج الصوت</translation>
    </message>
    <message>
        <source>Automatic: the system&apos;s default.</source>
        <translation>التلقائي: مخرج النظام.</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>مستوى الصوت</translation>
    </message>
    <message>
        <source>Affects Harken only.</source>
        <translation>تخص هاركن وحده.</translation>
    </message>
    <message>
        <source>Other programs&apos; volume while reading</source>
        <translation>مستوى صوت البرامج الأخرى أثناء القراءة</translation>
    </message>
    <message>
        <source>100%: unchanged.</source>
        <translation>%100: بلا تغيير.</translation>
    </message>
    <message>
        <source>Keep the output awake after speech</source>
        <translation>إبقاء مخرج الصوت مستيقظًا بعد الكلام</translation>
    </message>
    <message>
        <source>For headsets that cut off the first word after a silence.</source>
        <translation>للسماعات التي تبتلع أول كلمة بعد الصمت.</translation>
    </message>
    <message>
        <source>s</source>
        <translation>ث</translation>
    </message>
    <message>
        <source>AWS profile</source>
        <translation>ملف تعريف AWS</translation>
    </message>
    <message>
        <source>Automatic: the account is found the way AWS&apos;s own tools find it.</source>
        <translation>التلقائي: يُعثر على الحساب كما تعثر عليه برامج AWS.</translation>
    </message>
    <message>
        <source>Source of AWS keys</source>
        <translation>مصدر مفاتيح AWS</translation>
    </message>
    <message>
        <source>Used when no profile is chosen.</source>
        <translation>عندما لا يُختار ملف تعريف.</translation>
    </message>
    <message>
        <source>Automatic: the first that has keys</source>
        <translation>التلقائي: أول مصدر فيه مفاتيح</translation>
    </message>
    <message>
        <source>The environment only</source>
        <translation>متغيرات البيئة فقط</translation>
    </message>
    <message>
        <source>Harken&apos;s keys in the keyring only</source>
        <translation>مفاتيح هاركن في حافظة المفاتيح فقط</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>المنطقة</translation>
    </message>
    <message>
        <source>Where the speech is generated. Automatic: the profile&apos;s region.</source>
        <translation>أين تُصنع الأصوات. التلقائي: منطقة ملف التعريف.</translation>
    </message>
    <message>
        <source>Sound format</source>
        <translation>صيغة الصوت</translation>
    </message>
    <message>
        <source>What is sent over the network.</source>
        <translation>ما يُرسل عبر الشبكة.</translation>
    </message>
    <message>
        <source>PCM (starts soonest)</source>
        <translation>PCM (يبدأ أسرع)</translation>
    </message>
    <message>
        <source>MP3 (fuller sound)</source>
        <translation>MP3 (صوت أغنى)</translation>
    </message>
    <message>
        <source>Ogg Vorbis (fuller sound)</source>
        <translation>Ogg Vorbis (صوت أغنى)</translation>
    </message>
    <message>
        <source>Lexicons</source>
        <translation>المعاجم</translation>
    </message>
    <message>
        <source>Up to five of the account&apos;s pronunciation lexicons, separated by commas.</source>
        <translation>أسماء معاجم النطق في الحساب، خمسة على الأكثر تفصلها فواصل.</translation>
    </message>
    <message>
        <source>Monthly limit</source>
        <translation>الحد الشهري</translation>
    </message>
    <message>
        <source>After this many characters, a voice on this computer takes over. 0: no limit.</source>
        <translation>بعد هذا العدد من الأحرف يقرأ صوت من هذا الحاسوب. القيمة 0: بلا حد.</translation>
    </message>
    <message>
        <source>characters</source>
        <translation>حرف</translation>
    </message>
    <message>
        <source>Begins with https://, or with http:// for a server on this computer.</source>
        <translation>يبدأ بـ https://، أو بـ http:// لخادم على هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Start at login</source>
        <translation>التشغيل عند تسجيل الدخول</translation>
    </message>
    <message>
        <source>Harken starts with your desktop, in the tray.</source>
        <translation>يبدأ هاركن مع سطح المكتب، في الشريط.</translation>
    </message>
    <message>
        <source>Keep the screen from locking while reading</source>
        <translation>منع قفل الشاشة أثناء القراءة</translation>
    </message>
    <message>
        <source>So that a long text is not interrupted.</source>
        <translation>حتى لا ينقطع النص الطويل.</translation>
    </message>
    <message>
        <source>Language of Harken&apos;s windows</source>
        <translation>لغة نوافذ هاركن</translation>
    </message>
    <message>
        <source>Takes effect the next time Harken starts.</source>
        <translation>تسري عند بدء هاركن في المرة القادمة.</translation>
    </message>
    <message>
        <source>Same as the system</source>
        <translation>كما في النظام</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>المظهر</translation>
    </message>
    <message>
        <source>Dark text on light, or light text on dark.</source>
        <translation>نص داكن على فاتح أو نص فاتح على داكن.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>فاتح</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>داكن</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>العنوان</translation>
    </message>
    <message>
        <source>Server&apos;s voice</source>
        <translation>صوت الخادم</translation>
    </message>
    <message>
        <source>Its name on the server. The server&apos;s documentation lists the voices.</source>
        <translation>باسمه هناك. تسرده وثائق الخادم.</translation>
    </message>
    <message>
        <source>Use the name of one voice, without spaces or slashes, not “{value}”.</source>
        <translation>استخدم اسم صوت واحد بلا مسافات ولا شرطات مائلة، وليس «{value}».</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>النموذج</translation>
    </message>
    <message>
        <source>Its name on the server. Leave this empty if the server has only one.</source>
        <translation>باسمه هناك. اتركه فارغًا لخادم ليس له إلا نموذج واحد.</translation>
    </message>
    <message>
        <source>Use the name of one model, without spaces, not “{value}”.</source>
        <translation>استخدم اسم نموذج واحد بلا مسافات، وليس «{value}».</translation>
    </message>
    <message>
        <source>Server&apos;s sound format</source>
        <translation>تنسيق صوت الخادم</translation>
    </message>
    <message>
        <source>WAV (if PCM sounds too slow or too fast)</source>
        <translation>WAV (إذا بدا PCM أبطأ أو أسرع مما ينبغي)</translation>
    </message>
    <message>
        <source>MP3 (smallest)</source>
        <translation>MP3 (الأصغر)</translation>
    </message>
    <message>
        <source>Let other programs use Amazon Polly</source>
        <translation>السماح للبرامج الأخرى باستخدام Amazon Polly</translation>
    </message>
    <message>
        <source>Programs that speak with Harken&apos;s voices. What they say is then sent to Amazon.</source>
        <translation>البرامج التي تتكلّم بأصوات هاركن. عندئذٍ يُرسَل ما تقوله إلى أمازون.</translation>
    </message>
    <message>
        <source>Check for a new version once a week</source>
        <translation>البحث عن إصدار جديد مرة في الأسبوع</translation>
    </message>
    <message>
        <source>Harken only tells you. It installs nothing.</source>
        <translation>يخبرك هاركن ولا يثبّت شيئًا.</translation>
    </message>
    <message>
        <source>Read them</source>
        <translation>تُقرأ</translation>
    </message>
    <message>
        <source>Leave them out</source>
        <translation>تُترك</translation>
    </message>
    <message>
        <source>Web addresses</source>
        <translation>عناوين الويب</translation>
    </message>
    <message>
        <source>In example.com/a/b, the site&apos;s name is example.com.</source>
        <translation>في ‎example.com/a/b اسم الموقع هو example.com.</translation>
    </message>
    <message>
        <source>Read them in full</source>
        <translation>تُقرأ كاملة</translation>
    </message>
    <message>
        <source>Read the site&apos;s name</source>
        <translation>يُقرأ اسم الموقع</translation>
    </message>
    <message>
        <source>Say “link”</source>
        <translation>تُقال كلمة «رابط»</translation>
    </message>
    <message>
        <source>The guide is at https://www.example.com/books/guide.html, in three languages.</source>
        <translation>الدليل موجود في https://www.example.com/books/guide.html بثلاث لغات.</translation>
    </message>
    <message>
        <source>Code blocks</source>
        <translation>كتل الشيفرة</translation>
    </message>
    <message>
        <source>In Markdown, between lines of ```.</source>
        <translation>في Markdown، بين سطرين من ```.</translation>
    </message>
    <message>
        <source>Say “code”</source>
        <translation>تُقال كلمة «رمز برمجي»</translation>
    </message>
    <message>
        <source>Type this line:
```
harken settings list
```
Then press Enter.</source>
        <translation>اكتب هذا السطر:
```
harken settings list
```
ثم اضغط مفتاح الإدخال.</translation>
    </message>
    <message>
        <source>Footnote marks</source>
        <translation>علامات الحواشي</translation>
    </message>
    <message>
        <source>Small raised numbers, and numbers in square brackets.</source>
        <translation>الأرقام الصغيرة المرفوعة والأرقام بين أقواس مربعة.</translation>
    </message>
    <message>
        <source>Leave out raised ones</source>
        <translation>تُترك المرفوعة</translation>
    </message>
    <message>
        <source>This was found early.¹ Later it was shown again.[2]</source>
        <translation>اكتُشف هذا مبكرًا.¹ ثم أُثبت مرة أخرى.[2]</translation>
    </message>
    <message>
        <source>Emoji</source>
        <translation>الإيموجي</translation>
    </message>
    <message>
        <source>If the same one comes several times in a row, it is named only once.</source>
        <translation>إذا تكرر نفسه على التوالي ذُكر اسمه مرة واحدة دائمًا.</translation>
    </message>
    <message>
        <source>Say their names</source>
        <translation>تُقال أسماؤها</translation>
    </message>
    <message>
        <source>Name only the first of several</source>
        <translation>يُذكر الأول من عدة فقط</translation>
    </message>
    <message>
        <source>Well done 🎉😀👍, see you soon.</source>
        <translation>أحسنت 🎉😀👍، إلى اللقاء.</translation>
    </message>
    <message>
        <source>Repeated symbols</source>
        <translation>العلامات المكررة</translation>
    </message>
    <message>
        <source>Such as %%%%. Lines such as ----- are never read.</source>
        <translation>مثل %%%%. أما خطوط العلامات مثل ----- فلا تُقرأ أبدًا.</translation>
    </message>
    <message>
        <source>Read each</source>
        <translation>تُقرأ كل واحدة</translation>
    </message>
    <message>
        <source>Read one of them</source>
        <translation>تُقرأ واحدة منها</translation>
    </message>
    <message>
        <source>The prices are good %%%% in this shop.</source>
        <translation>الأسعار جيدة %%%% في هذا المتجر.</translation>
    </message>
    <message>
        <source>Page numbers and running heads</source>
        <translation>أرقام الصفحات ورؤوسها</translation>
    </message>
    <message>
        <source>In texts with pages, at each page break.</source>
        <translation>في النصوص ذات الصفحات، عند كل فاصل صفحات.</translation>
    </message>
    <message>
        <source>Read only between sentences</source>
        <translation>تُقرأ بين الجمل فقط</translation>
    </message>
    <message>
        <source>The Garden
A page may end in the
12{page_end}middle of a sentence.
13{page_end}The Garden
It grows.</source>
        <translation>الحديقة
قد تنتهي الصفحة في
12{page_end}وسط الجملة.
13{page_end}الحديقة
إنها تنمو.</translation>
    </message>
    <message>
        <source>Read text in brackets</source>
        <translation>قراءة ما بين الأقواس</translation>
    </message>
    <message>
        <source>Otherwise (this) and [this] are left out.</source>
        <translation>وإلا يُترك (هذا) و[هذا].</translation>
    </message>
    <message>
        <source>The guide (which has pictures) is short.</source>
        <translation>الدليل (وفيه صور) قصير.</translation>
    </message>
    <message>
        <source>Read Markdown marks</source>
        <translation>قراءة علامات Markdown</translation>
    </message>
    <message>
        <source>Marks such as ** and # by name, and the addresses behind links.</source>
        <translation>مثل ** و# بأسمائها، والعناوين التي وراء الروابط.</translation>
    </message>
    <message>
        <source>This is **important**, says [the guide](https://example.com/guide).</source>
        <translation>هذا **مهم**، كما يقول [الدليل](https://example.com/guide).</translation>
    </message>
    <message>
        <source>Read the thoughts of language models</source>
        <translation>قراءة أفكار النماذج اللغوية</translation>
    </message>
    <message>
        <source>Anything between &lt;think&gt; and &lt;/think&gt; before an answer.</source>
        <translation>ما يقع بين &lt;think&gt; و&lt;/think&gt; قبل الجواب.</translation>
    </message>
    <message>
        <source>&lt;think&gt;The question is two plus two.&lt;/think&gt;It is four.</source>
        <translation>&lt;think&gt;السؤال عن اثنين واثنين.&lt;/think&gt;الجواب أربعة.</translation>
    </message>
    <message>
        <source>Automatic uses the first source that has keys. A source you choose is the only one used.</source>
        <translation>التلقائي يستخدم أول مصدر فيه مفاتيح. والمصدر الذي تختاره يُستخدم وحده.</translation>
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
        <translation>ا&amp;قرأ المحدد</translation>
    </message>
    <message>
        <source>Read &amp;clipboard</source>
        <translation>اقرأ ال&amp;حافظة</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>إيقا&amp;ف مؤقت</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>إ&amp;يقاف</translation>
    </message>
    <message>
        <source>Pre&amp;vious sentence</source>
        <translation>الجملة السا&amp;بقة</translation>
    </message>
    <message>
        <source>&amp;Next sentence</source>
        <translation>الجملة ال&amp;تالية</translation>
    </message>
    <message>
        <source>Repe&amp;at sentence</source>
        <translation>تكرار ال&amp;جملة</translation>
    </message>
    <message>
        <source>S&amp;ettings…</source>
        <translation>الإ&amp;عدادات…</translation>
    </message>
    <message>
        <source>&amp;Quit Harken</source>
        <translation>إ&amp;نهاء هاركن</translation>
    </message>
    <message numerus="yes">
        <source>Spee&amp;d: %n words a minute</source>
        <translation>
            <numerusform>ال&amp;سرعة: %Ln كلمة في الدقيقة</numerusform>
            <numerusform>ال&amp;سرعة: كلمة واحدة في الدقيقة</numerusform>
            <numerusform>ال&amp;سرعة: كلمتان في الدقيقة</numerusform>
            <numerusform>ال&amp;سرعة: %Ln كلمات في الدقيقة</numerusform>
            <numerusform>ال&amp;سرعة: %Ln كلمة في الدقيقة</numerusform>
            <numerusform>ال&amp;سرعة: %Ln كلمة في الدقيقة</numerusform>
        </translation>
    </message>
    <message>
        <source>Read new selections au&amp;tomatically</source>
        <translation>قراءة &amp;كل تحديد جديد تلقائيًا</translation>
    </message>
    <message>
        <source>Start at &amp;login</source>
        <translation>التشغيل عند تسجيل ال&amp;دخول</translation>
    </message>
    <message>
        <source>&amp;Automatic, by the text&apos;s language</source>
        <translation>&amp;تلقائي بحسب لغة النص</translation>
    </message>
    <message>
        <source>Recently used</source>
        <translation>المستخدمة مؤخرًا</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>على هذا الحاسوب</translation>
    </message>
    <message>
        <source>Amazon Polly</source>
        <translation>أمازون بولي</translation>
    </message>
    <message>
        <source>&amp;More voices…</source>
        <translation>أصوات &amp;أخرى…</translation>
    </message>
    <message>
        <source>More &amp;languages</source>
        <translation>&amp;لغات أخرى</translation>
    </message>
    <message>
        <source>Harken – ready</source>
        <translation>هاركن – جاهز</translation>
    </message>
    <message>
        <source>Harken – looking for text</source>
        <translation>هاركن – يبحث عن نص</translation>
    </message>
    <message>
        <source>Harken – reading</source>
        <translation>هاركن – يقرأ</translation>
    </message>
    <message>
        <source>Harken – paused</source>
        <translation>هاركن – متوقف مؤقتًا</translation>
    </message>
    <message>
        <source>{key} reads the selection</source>
        <translation>المفتاح {key} يقرأ المحدد</translation>
    </message>
    <message>
        <source>{key} stops</source>
        <translation>المفتاح {key} يوقف القراءة</translation>
    </message>
    <message>
        <source>{key} resumes</source>
        <translation>المفتاح {key} يتابع القراءة</translation>
    </message>
    <message>
        <source>Res&amp;ume</source>
        <translation>متابع&amp;ة</translation>
    </message>
    <message numerus="yes">
        <source>{factor}× (about %n words a minute)</source>
        <translation>
            <numerusform>{factor}× (نحو %Ln كلمة في الدقيقة)</numerusform>
            <numerusform>{factor}× (نحو كلمة واحدة في الدقيقة)</numerusform>
            <numerusform>{factor}× (نحو كلمتين في الدقيقة)</numerusform>
            <numerusform>{factor}× (نحو %Ln كلمات في الدقيقة)</numerusform>
            <numerusform>{factor}× (نحو %Ln كلمة في الدقيقة)</numerusform>
            <numerusform>{factor}× (نحو %Ln كلمة في الدقيقة)</numerusform>
        </translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>تلقائي</translation>
    </message>
    <message>
        <source>{language}: {voice}</source>
        <translation>{language}: {voice}</translation>
    </message>
    <message>
        <source>&amp;Find:</source>
        <translation>&amp;بحث:</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>توقف مؤقت</translation>
    </message>
    <message>
        <source>End of the text</source>
        <translation>نهاية النص</translation>
    </message>
    <message numerus="yes">
        <source>%n words a minute</source>
        <translation>
            <numerusform>%Ln كلمة في الدقيقة</numerusform>
            <numerusform>كلمة واحدة في الدقيقة</numerusform>
            <numerusform>كلمتان في الدقيقة</numerusform>
            <numerusform>%Ln كلمات في الدقيقة</numerusform>
            <numerusform>%Ln كلمة في الدقيقة</numerusform>
            <numerusform>%Ln كلمة في الدقيقة</numerusform>
        </translation>
    </message>
    <message>
        <source>Harken could not start. Run “harken doctor” to see what is missing.</source>
        <translation>لم يستطع هاركن البدء. يبيّن «harken doctor» ما ينقص.</translation>
    </message>
    <message>
        <source>Harken could not do this. Run “harken doctor” to find the log.</source>
        <translation>لم يستطع هاركن فعل هذا. نفّذ «harken doctor» لمعرفة مكان السجل.</translation>
    </message>
    <message>
        <source>Keep Harken running without the player?</source>
        <translation>هل يستمر هاركن في العمل بلا المشغّل؟</translation>
    </message>
    <message>
        <source>Its keys keep working. {key} or “harken show” brings the player back.</source>
        <translation>تبقى مفاتيحه عاملة. يعيد {key} أو «harken show» المشغّل.</translation>
    </message>
    <message>
        <source>Its keys keep working. “harken show” in a terminal brings the player back.</source>
        <translation>تبقى مفاتيحه عاملة. يعيد الأمر «harken show» في الطرفية المشغّل.</translation>
    </message>
    <message>
        <source>&amp;Keep running</source>
        <translation>ا&amp;ستمرار</translation>
    </message>
    <message>
        <source>Show &amp;crash report…</source>
        <translation>عرض تقرير ال&amp;تعطل…</translation>
    </message>
    <message>
        <source>No program here can open the report. It is in {file}.</source>
        <translation>لا يوجد هنا برنامج يفتح التقرير. مكانه ⁦{file}⁩.</translation>
    </message>
    <message>
        <source>First steps with Harken</source>
        <translation>الخطوات الأولى مع هاركن</translation>
    </message>
    <message>
        <source>3. Start Harken at &amp;login</source>
        <translation>3. تشغيل هاركن عند تسجيل ال&amp;دخول</translation>
    </message>
    <message>
        <source>1. Choose a voice</source>
        <translation>1. اختر صوتًا</translation>
    </message>
    <message>
        <source>Each voice says a sentence when you choose it.</source>
        <translation>ينطق كل صوت جملة عندما تختاره.</translation>
    </message>
    <message>
        <source>2. Try the key</source>
        <translation>2. جرّب المفتاح</translation>
    </message>
    <message>
        <source>This text is selected, and the key reads it aloud. Press the key again to stop. It works the same way in every program.</source>
        <translation>هذا النص محدد، والمفتاح يقرؤه. اضغط المفتاح مرة أخرى لإيقاف القراءة. وهكذا في كل برنامج.</translation>
    </message>
    <message>
        <source>Sample text</source>
        <translation>نص للتجربة</translation>
    </message>
    <message>
        <source>“harken show” in a terminal brings the player back.</source>
        <translation>يعيد الأمر «harken show» في الطرفية المشغّل.</translation>
    </message>
    <message>
        <source>4. Ask &amp;all programs to report their text</source>
        <translation>4. ال&amp;حصول على نص كل البرامج</translation>
    </message>
    <message>
        <source>Some, such as Firefox, report it only when the desktop&apos;s accessibility is on.</source>
        <translation>بعضها، مثل فايرفوكس، لا يعطيه إلا إذا كانت إمكانية الوصول في سطح المكتب مفعّلة.</translation>
    </message>
    <message>
        <source>&amp;Done</source>
        <translation>&amp;تم</translation>
    </message>
    <message>
        <source>Harken reads aloud what you select in any program.</source>
        <translation>يقرأ هاركن ما تحدّده في أي برنامج.</translation>
    </message>
    <message>
        <source>Press {key} to hear it.</source>
        <translation>اضغط {key} لسماعه.</translation>
    </message>
    <message>
        <source>Press Esc to skip this. You can find it again in Harken&apos;s menu.</source>
        <translation>اضغط Esc لتخطي هذا. ستجده من جديد في قائمة هاركن.</translation>
    </message>
    <message>
        <source>Choose one with the arrow keys. Press the space bar to hear it.</source>
        <translation>اختر صوتًا بمفاتيح الأسهم. اضغط مفتاح المسافة لسماعه.</translation>
    </message>
    <message>
        <source>The text below is selected. Press {key}.</source>
        <translation>النص في الأسفل محدد. اضغط {key}.</translation>
    </message>
    <message>
        <source>Your desktop is asking whether Harken may use keys. Allow it there to make them work.</source>
        <translation>يسأل سطح المكتب هل يُسمح لهاركن باستخدام المفاتيح. اسمح بذلك هناك لتعمل.</translation>
    </message>
    <message>
        <source>No key is set. Choose “Read selection” in Harken&apos;s menu, or set a key in the settings.</source>
        <translation>لم يُعيّن مفتاح. اختر «اقرأ المحدد» من قائمة هاركن، أو عيّن مفتاحًا في الإعدادات.</translation>
    </message>
    <message>
        <source>Then try the key here: it reads the text below.</source>
        <translation>ثم جرّب المفتاح هنا: إنه يقرأ النص أدناه.</translation>
    </message>
    <message>
        <source>This text is selected. Harken reads what you select, in every program.</source>
        <translation>هذا النص محدد. يقرأ هاركن ما تحدده في أي برنامج.</translation>
    </message>
    <message>
        <source>There is a natural voice for {language}: {size}. Choose “Get more voices” in Harken&apos;s menu, under Voice.</source>
        <translation>يتوفر صوت طبيعي للغة {language}: {size}. اختر «احصل على أصوات أخرى» في قائمة Harken، ضمن الأصوات.</translation>
    </message>
    <message>
        <source>Get a natural voice for {language}: {size}…</source>
        <translation>احصل على صوت طبيعي للغة {language}: {size}…</translation>
    </message>
    <message>
        <source>no conditions</source>
        <translation>لا يشترط شيئًا</translation>
    </message>
    <message>
        <source>credit its makers if you publish what it says</source>
        <translation>يشترط ذكر صانعيه إذا نشرت ما يقوله</translation>
    </message>
    <message>
        <source>share what you make with it under the same licence</source>
        <translation>يشترط مشاركة ما تصنعه منه بالترخيص نفسه</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>غير مذكور</translation>
    </message>
    <message>
        <source>installed</source>
        <translation>مثبّت</translation>
    </message>
    <message>
        <source>on this computer, not added</source>
        <translation>على هذا الحاسوب، غير مضاف</translation>
    </message>
    <message>
        <source>recommended</source>
        <translation>موصى به</translation>
    </message>
    <message>
        <source>Licence: {licence}</source>
        <translation>الترخيص: {licence}</translation>
    </message>
    <message>
        <source>Its licence is not stated. Read its page before you publish what it says.</source>
        <translation>لم يُذكر ما يُسمح به. اقرأ صفحته قبل أن تنشر شيئًا.</translation>
    </message>
    <message>
        <source>Credit: {credit}</source>
        <translation>الحقوق: {credit}</translation>
    </message>
    <message>
        <source>Score for sounding natural and clear: {score} out of 100.</source>
        <translation>التقييم: {score} من 100، لطبيعية الصوت ووضوحه.</translation>
    </message>
    <message>
        <source>Page: {page}</source>
        <translation>الصفحة: {page}</translation>
    </message>
    <message>
        <source>{number} MB</source>
        <translation>{number} ميغابايت</translation>
    </message>
    <message>
        <source>Get more voices</source>
        <translation>احصل على أصوات أخرى</translation>
    </message>
    <message>
        <source>&amp;Look in:</source>
        <translation>الم&amp;جلد:</translation>
    </message>
    <message>
        <source>Files of &amp;type:</source>
        <translation>&amp;نوع الملفات:</translation>
    </message>
    <message>
        <source>&amp;Automatic: by the text&apos;s language</source>
        <translation>تل&amp;قائي: بحسب لغة النص</translation>
    </message>
    <message>
        <source>Natural voices that run on this computer. Once downloaded, they need no network.</source>
        <translation>أصوات طبيعية تقرأ على هذا الحاسوب، ولا تحتاج إلى شبكة بعد تنزيلها.</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>الحجم</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>الترخيص</translation>
    </message>
    <message>
        <source>State</source>
        <translation>الحالة</translation>
    </message>
    <message>
        <source>About this voice</source>
        <translation>عن هذا الصوت</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>التنزيل</translation>
    </message>
    <message>
        <source>&amp;Download</source>
        <translation>تن&amp;زيل</translation>
    </message>
    <message>
        <source>&amp;Stop the download</source>
        <translation>إيقا&amp;ف التنزيل</translation>
    </message>
    <message>
        <source>&amp;Remove…</source>
        <translation>إزال&amp;ة…</translation>
    </message>
    <message>
        <source>Open voice &amp;file…</source>
        <translation>افتح ملف &amp;صوت…</translation>
    </message>
    <message>
        <source>The voices you have added take up {size}.</source>
        <translation>تشغل الأصوات المضافة {size}.</translation>
    </message>
    <message>
        <source>{percent}% downloaded</source>
        <translation>نُزّل {percent}٪</translation>
    </message>
    <message>
        <source>A&amp;dd it</source>
        <translation>أ&amp;ضِفه</translation>
    </message>
    <message>
        <source>{voice} is being downloaded.</source>
        <translation>يجري تنزيل {voice}.</translation>
    </message>
    <message>
        <source>From now on, {voice} reads {language}.</source>
        <translation>من الآن يقرأ {voice} النصوص بلغة {language}.</translation>
    </message>
    <message>
        <source>Remove the voice “{voice}” and free {size}?</source>
        <translation>هل تريد إزالة الصوت «{voice}» وتحرير {size}؟</translation>
    </message>
    <message>
        <source>Voices in Piper&apos;s format (*.onnx)</source>
        <translation>أصوات بصيغة Piper (*.onnx)</translation>
    </message>
    <message>
        <source>Open a voice</source>
        <translation>افتح صوتًا</translation>
    </message>
    <message>
        <source>Trying the voice. This takes a few seconds.</source>
        <translation>يجري تجريب الصوت. يستغرق ذلك بضع ثوانٍ.</translation>
    </message>
    <message>
        <source>{voice} was removed.</source>
        <translation>أُزيل {voice}.</translation>
    </message>
    <message>
        <source>{voice} was added. It reads texts in its language.</source>
        <translation>أُضيف {voice}، وهو يقرأ النصوص بلغته.</translation>
    </message>
    <message>
        <source>{voice} was added. To have it read {language}, press “Use this voice”.</source>
        <translation>أُضيف {voice}. ليقرأ {language} اضغط «استخدم هذا الصوت».</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>الدليل</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;رجوع</translation>
    </message>
    <message>
        <source>&amp;Contents</source>
        <translation>ال&amp;محتويات</translation>
    </message>
    <message>
        <source>&amp;Open in the browser</source>
        <translation>افتح في المت&amp;صفح</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>إ&amp;غلاق</translation>
    </message>
    <message>
        <source>Help for Harken</source>
        <translation>مساعدة هاركن</translation>
    </message>
    <message>
        <source>The guide is missing. Reinstall Harken to get it.</source>
        <translation>الدليل غير موجود هنا. أعد تثبيت هاركن للحصول عليه.</translation>
    </message>
    <message>
        <source>“{text}” is not on this page.</source>
        <translation>«{text}» غير موجود في هذه الصفحة.</translation>
    </message>
    <message>
        <source>{language} (eSpeak)</source>
        <translation>{language} (eSpeak)</translation>
    </message>
    <message>
        <source>{language}, {variety} (eSpeak)</source>
        <translation>{language}، {variety} (eSpeak)</translation>
    </message>
    <message>
        <source>{variety} (eSpeak)</source>
        <translation>{variety} (eSpeak)</translation>
    </message>
    <message>
        <source>There is no display here for the tray app. “harken speak” works without one.</source>
        <translation>لا توجد هنا شاشة لبرنامج الشريط. يعمل «harken speak» من دونها.</translation>
    </message>
    <message>
        <source>Your desktop stopped responding but is back. Harken has restarted.</source>
        <translation>كان سطح المكتب قد توقّف عن الاستجابة ثم عاد. بدأ هاركن من جديد.</translation>
    </message>
    <message>
        <source>&amp;Bookmarks</source>
        <translation>الإشارات المر&amp;جعية</translation>
    </message>
    <message>
        <source>&amp;Set a bookmark</source>
        <translation>و&amp;ضع إشارة مرجعية</translation>
    </message>
    <message>
        <source>A text that was not kept</source>
        <translation>نص لم يُحفظ</translation>
    </message>
    <message>
        <source>{number}. {name} {percent}</source>
        <translation>{number}. {name} {percent}</translation>
    </message>
    <message>
        <source>Previous para&amp;graph</source>
        <translation>الفق&amp;رة السابقة</translation>
    </message>
    <message>
        <source>Next paragrap&amp;h</source>
        <translation>الفقرة التا&amp;لية</translation>
    </message>
    <message>
        <source>Sound outp&amp;ut</source>
        <translation>م&amp;خرج الصوت</translation>
    </message>
    <message>
        <source>&amp;Automatic: the system&apos;s</source>
        <translation>&amp;تلقائي: كما في النظام</translation>
    </message>
    <message>
        <source>{name} (not connected)</source>
        <translation>{name} (غير موصول)</translation>
    </message>
    <message>
        <source>Recent te&amp;xts</source>
        <translation>النصوص الأخي&amp;رة</translation>
    </message>
    <message>
        <source>{time}  {words}</source>
        <translation>{time}  {words}</translation>
    </message>
    <message>
        <source>Remembering texts is off</source>
        <translation>تذكّر النصوص متوقف</translation>
    </message>
    <message>
        <source>Nothing has been read yet</source>
        <translation>لم يُقرأ شيء بعد</translation>
    </message>
    <message>
        <source>Move &amp;around</source>
        <translation>ال&amp;تنقل</translation>
    </message>
    <message>
        <source>&amp;More</source>
        <translation>ال&amp;مزيد</translation>
    </message>
    <message>
        <source>Open the pla&amp;yer</source>
        <translation>افتح المش&amp;غّل</translation>
    </message>
    <message>
        <source>&amp;Read selection later</source>
        <translation>قراءة المحدد لا&amp;حقًا</translation>
    </message>
    <message>
        <source>Read the &amp;queue</source>
        <translation>&amp;قراءة قائمة الانتظار</translation>
    </message>
    <message>
        <source>&amp;Save as sound…</source>
        <translation>حف&amp;ظ كملف صوتي…</translation>
    </message>
    <message>
        <source>&amp;What Harken reads and where it goes…</source>
        <translation>ما يقرؤه هاركن وإ&amp;لى أين يذهب…</translation>
    </message>
    <message>
        <source>&amp;First steps…</source>
        <translation>الخ&amp;طوات الأولى…</translation>
    </message>
    <message>
        <source>Correct a pro&amp;nunciation…</source>
        <translation>قُرئ &amp;هذا خطأً…</translation>
    </message>
    <message>
        <source>Sleep ti&amp;mer</source>
        <translation>مؤقت ال&amp;نوم</translation>
    </message>
    <message>
        <source>&amp;Off</source>
        <translation>&amp;متوقف</translation>
    </message>
    <message>
        <source>At the end of the &amp;paragraph</source>
        <translation>عند نهاية ال&amp;فقرة</translation>
    </message>
    <message numerus="yes">
        <source>In %n minute(s)</source>
        <translation>
            <numerusform>بعد %Ln دقيقة</numerusform>
            <numerusform>بعد دقيقة واحدة</numerusform>
            <numerusform>بعد دقيقتين</numerusform>
            <numerusform>بعد %Ln دقائق</numerusform>
            <numerusform>بعد %Ln دقيقة</numerusform>
            <numerusform>بعد %Ln دقيقة</numerusform>
        </translation>
    </message>
    <message>
        <source>Automatic voice</source>
        <translation>صوت تلقائي</translation>
    </message>
    <message>
        <source>&amp;Get more voices…</source>
        <translation>احصل على أص&amp;وات أخرى…</translation>
    </message>
    <message>
        <source>V&amp;oice: {name}</source>
        <translation>ال&amp;صوت: {name}</translation>
    </message>
    <message>
        <source>4. Let Harken see other programs&apos; text</source>
        <translation>4. السماح لهاركن برؤية نص البرامج الأخرى</translation>
    </message>
    <message>
        <source>Allo&amp;w in System Settings…</source>
        <translation>الس&amp;ماح في إعدادات النظام…</translation>
    </message>
    <message>
        <source>Harken can see other programs&apos; text now.</source>
        <translation>يستطيع هاركن الآن رؤية نص البرامج الأخرى.</translation>
    </message>
    <message>
        <source>macOS does not let Harken see it yet. Press the button, and turn on Harken in the list that appears.</source>
        <translation>لا يسمح macOS لهاركن برؤيته بعد. اضغط الزر وشغّل هاركن في القائمة التي تظهر.</translation>
    </message>
    <message>
        <source>Show the &amp;text</source>
        <translation>أظهر ال&amp;نص</translation>
    </message>
    <message>
        <source>&amp;Menu</source>
        <translation>القائ&amp;مة</translation>
    </message>
    <message>
        <source>Close the &amp;window</source>
        <translation>أ&amp;غلق النافذة</translation>
    </message>
    <message>
        <source>Show the text as it is read</source>
        <translation>أظهر النص أثناء قراءته</translation>
    </message>
    <message>
        <source>Everything else</source>
        <translation>كل ما عدا ذلك</translation>
    </message>
    <message>
        <source>Close this window</source>
        <translation>أغلق هذه النافذة</translation>
    </message>
    <message>
        <source>Open a document</source>
        <translation>فتح مستند</translation>
    </message>
    <message>
        <source>Documents and texts ({names})</source>
        <translation>المستندات والنصوص ({names})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>كل الملفات (*)</translation>
    </message>
    <message>
        <source>Save as sound</source>
        <translation>حفظ كملف صوتي</translation>
    </message>
    <message>
        <source>Saving {file}…</source>
        <translation>جارٍ حفظ {file}…</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>إل&amp;غاء</translation>
    </message>
    <message>
        <source>Harken could not start saving. Try again, or restart Harken.</source>
        <translation>تعذّر على هاركن بدء الحفظ. حاول مرة أخرى أو أعد تشغيل هاركن.</translation>
    </message>
    <message>
        <source>Saving was cancelled, and no file was written.</source>
        <translation>أُلغي الحفظ، ولم يُكتب أي ملف.</translation>
    </message>
    <message>
        <source>{file} could not be saved. Run “harken doctor” to find the log.</source>
        <translation>تعذّر حفظ {file}. شغّل “harken doctor” للعثور على السجل.</translation>
    </message>
    <message>
        <source>Saved in {file}: the part of the text that had arrived when you chose to save it.</source>
        <translation>حُفظ في {file}: ما وصل من النص حتى لحظة اختيارك الحفظ.</translation>
    </message>
    <message>
        <source>Saved in {file}.</source>
        <translation>حُفظ في {file}.</translation>
    </message>
    <message>
        <source>Text being read</source>
        <translation>النص الذي يُقرأ</translation>
    </message>
    <message>
        <source>Place in the text</source>
        <translation>الموضع في النص</translation>
    </message>
    <message>
        <source>Text with a dotted underline is not read aloud.</source>
        <translation>ما تحته نقاط لا يُقرأ.</translation>
    </message>
    <message>
        <source>Not read aloud: {what}</source>
        <translation>لا يُقرأ: {what}</translation>
    </message>
    <message>
        <source>Select some text anywhere and have Harken read it. It appears here.</source>
        <translation>حدد نصًا في أي مكان واقرأه، فيظهر هنا.</translation>
    </message>
    <message>
        <source>Select some text anywhere and press {key}. It appears here.</source>
        <translation>حدد نصًا في أي مكان واضغط {key}، فيظهر هنا.</translation>
    </message>
    <message>
        <source>Go to what is b&amp;eing read</source>
        <translation>&amp;انتقل إلى ما يُقرأ</translation>
    </message>
    <message>
        <source>Where your texts go</source>
        <translation>إلى أين تذهب نصوصك</translation>
    </message>
    <message>
        <source>What Harken looks at</source>
        <translation>ما ينظر إليه هاركن</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>الشبكة</translation>
    </message>
    <message>
        <source>What is kept</source>
        <translation>ما يُحفظ</translation>
    </message>
    <message>
        <source>Nowhere. The voice is on this computer, and what you read stays on it.</source>
        <translation>لا يذهب إلى أي مكان. الصوت على هذا الحاسوب، وما تقرؤه يبقى عليه.</translation>
    </message>
    <message>
        <source>It is sent to the region {region}.</source>
        <translation>يُرسل إلى المنطقة ⁦{region}⁩.</translation>
    </message>
    <message>
        <source>It is sent to the region set in your AWS configuration.</source>
        <translation>يُرسل إلى المنطقة المحددة في إعدادات AWS لديك.</translation>
    </message>
    <message>
        <source>What other programs say with {service} is sent there too, as you have allowed.</source>
        <translation>ويُرسَل إلى هناك أيضًا ما تقوله البرامج الأخرى عبر {service}، كما سمحت.</translation>
    </message>
    <message>
        <source>Text is sent to the speech server at {address} only if you choose its voice.</source>
        <translation>لا يُرسل نص إلى خادم الكلام عند {address} إلا إذا اخترت صوته.</translation>
    </message>
    <message>
        <source>To the speech server at {address}. You have chosen its voice, and the speech is made there.</source>
        <translation>إلى خادم الكلام عند {address}. لقد اخترت صوته، والكلام يُولَّد هناك.</translation>
    </message>
    <message>
        <source>It is a program on this computer. Whether it passes your texts on depends on that program.</source>
        <translation>هو برنامج على هذا الحاسوب. وتمريره للنصوص إلى غيره يعود إلى ذلك البرنامج.</translation>
    </message>
    <message>
        <source>It is another computer. Its operator can read the text, and may charge for it.</source>
        <translation>هو حاسوب آخر. يستطيع مشغّله قراءة النص، وقد يطلب أجرًا عليه.</translation>
    </message>
    <message>
        <source>What other programs say with it is sent there too, as you have allowed.</source>
        <translation>وما تقوله البرامج الأخرى به يُرسل إلى هناك أيضًا كما سمحت.</translation>
    </message>
    <message>
        <source>If it can&apos;t be reached, a voice on this computer continues.</source>
        <translation>إذا تعذّر الوصول إليه أكمل صوت على هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Each new selection, as soon as you make it: “Read new selections automatically” is on.</source>
        <translation>كل تحديد جديد فور حدوثه: «قراءة كل تحديد جديد تلقائيًا» مفعّل.</translation>
    </message>
    <message>
        <source>The selection, only when you press the key.</source>
        <translation>النص المحدد، عندما تضغط المفتاح فقط.</translation>
    </message>
    <message>
        <source>The selection, when you press the key.</source>
        <translation>النص المحدد عندما تضغط المفتاح.</translation>
    </message>
    <message>
        <source>The beginning of each new selection, when you make it: “Prepare each new selection” is on.</source>
        <translation>بداية كل تحديد جديد فور تحديده: «تجهيز كل تحديد جديد» مفعّل.</translation>
    </message>
    <message>
        <source>The speech made from it stays in memory for a minute at most.</source>
        <translation>ما يُجهَّز منها يبقى في الذاكرة، دقيقة على الأكثر.</translation>
    </message>
    <message>
        <source>If nothing is selected, the focused text.</source>
        <translation>إذا لم يكن شيء محددًا فالحقل الذي أنت فيه.</translation>
    </message>
    <message>
        <source>If nothing is selected, it does not look at the focused text.</source>
        <translation>إذا لم يكن شيء محددًا فلا ينظر إلى الحقل الذي أنت فيه.</translation>
    </message>
    <message>
        <source>If there is nothing else to read, the clipboard.</source>
        <translation>إذا لم يوجد شيء آخر فالحافظة.</translation>
    </message>
    <message>
        <source>The clipboard only when you choose “Read clipboard”.</source>
        <translation>الحافظة عندما تختار «اقرأ الحافظة» فقط.</translation>
    </message>
    <message>
        <source>Never a password field.</source>
        <translation>ولا يقرأ حقول كلمات المرور أبدًا.</translation>
    </message>
    <message>
        <source>The speech server at {address}, for speech.</source>
        <translation>خادم الكلام عند {address}، للكلام.</translation>
    </message>
    <message>
        <source>Once a week, Harken checks for a new version. It sends nothing about you.</source>
        <translation>مرة في الأسبوع يتحقق هاركن من وجود إصدار جديد. ولا يُرسل شيء يخصك.</translation>
    </message>
    <message>
        <source>None with these settings.</source>
        <translation>لا تُستخدم مع هذه الإعدادات.</translation>
    </message>
    <message>
        <source>How far you got in a text is forgotten when Harken quits.</source>
        <translation>يُنسى الموضع الذي بلغته عند إنهاء هاركن.</translation>
    </message>
    <message>
        <source>How far you got in each of the last 50 long texts, for 90 days: a position and a fingerprint.</source>
        <translation>الموضع الذي بلغته في كل من آخر 50 نصًا طويلًا، لمدة 90 يومًا: موضع وبصمة.</translation>
    </message>
    <message>
        <source>The name of a file that you open is kept with its place.</source>
        <translation>يُحفظ مع الموضع اسم الملف الذي تفتحه.</translation>
    </message>
    <message>
        <source>The long texts themselves, for the same time, in files that only you can read.</source>
        <translation>النصوص الطويلة نفسها، للمدة نفسها، في ملفات لا يقرؤها غيرك.</translation>
    </message>
    <message>
        <source>Places, kept texts, bookmarks, recently used voices, billed characters and the like are in {path}.</source>
        <translation>المواضع والنصوص المحفوظة والإشارات وآخر الأصوات المستخدمة وعدد الحروف المحسوبة وما شابهها في {path}.</translation>
    </message>
    <message>
        <source>Your settings are in {path}.</source>
        <translation>إعداداتك في ⁦{path}⁩.</translation>
    </message>
    <message>
        <source>Recently used voices, billed characters and the like are in {path}. None of your text is there.</source>
        <translation>الأصوات المستخدمة مؤخرًا وعدد الأحرف المحسوبة وما شابهها في ⁦{path}⁩. ولا نصوص فيه.</translation>
    </message>
    <message>
        <source>The log is {path}. It says what happened. It never contains what was read, or any keys.</source>
        <translation>السجل هو ⁦{path}⁩. فيه ما حدث، وليس فيه ما قُرئ ولا أي مفاتيح.</translation>
    </message>
    <message>
        <source>The last twenty texts, until Harken quits. They are never written to a file.</source>
        <translation>آخر عشرين نصًا إلى أن ينتهي هاركن. ولا تُكتب أبدًا في ملف.</translation>
    </message>
    <message>
        <source>No text is kept once it has been read, except the last one, for “Repeat sentence”.</source>
        <translation>لا يُحفظ أي نص بعد قراءته سوى الأخير لأجل «تكرار الجملة».</translation>
    </message>
    <message>
        <source>AWS keys that you entered are in the system&apos;s keyring and nowhere else.</source>
        <translation>مفاتيح AWS التي كتبتها محفوظة في حافظة مفاتيح النظام دون غيرها.</translation>
    </message>
    <message>
        <source>The display {name} is not responding, so Harken can&apos;t start. Log out and in again. {command} still works.</source>
        <translation>الشاشة {name} لا تستجيب، لذا لا يستطيع هاركن أن يبدأ. سجّل الخروج ثم ادخل من جديد. الأمر {command} يعمل.</translation>
    </message>
    <message>
        <source>All voices: {engine}</source>
        <translation>كل الأصوات: {engine}</translation>
    </message>
    <message>
        <source>Find by part of the name</source>
        <translation>البحث بجزء من الاسم</translation>
    </message>
    <message>
        <source>{name}, {group}</source>
        <translation>{name}، {group}</translation>
    </message>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>لا نتائج</numerusform>
            <numerusform>نتيجة واحدة</numerusform>
            <numerusform>نتيجتان</numerusform>
            <numerusform>%Ln نتائج</numerusform>
            <numerusform>%Ln نتيجة</numerusform>
            <numerusform>%Ln نتيجة</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>لم يُعثر على شيء</translation>
    </message>
    <message>
        <source>{name}: {value}</source>
        <translation>{name}: {value}</translation>
    </message>
    <message>
        <source>None</source>
        <translation>لا شيء</translation>
    </message>
    <message>
        <source>Press Space and then the new keys. Esc cancels, Delete removes the keys.</source>
        <translation>اضغط المسافة ثم المفاتيح الجديدة. يلغي Esc ذلك، ويزيل Delete المفاتيح.</translation>
    </message>
    <message>
        <source>Harken received no key. If you pressed one, another program has taken it. Choose other keys.</source>
        <translation>لم يصل أي مفتاح. إن كنت ضغطت مفتاحًا فقد احتفظ به برنامج آخر: اختر مفاتيح غيرها.</translation>
    </message>
    <message>
        <source>Press the keys…</source>
        <translation>اضغط المفاتيح…</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>إعادة الضبط</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>تلقائي</translation>
    </message>
    <message>
        <source>Reset “{name}”</source>
        <translation>إعادة ضبط «{name}»</translation>
    </message>
    <message>
        <source>Default: {value}</source>
        <translation>العودة إلى: {value}</translation>
    </message>
    <message>
        <source>Extension for GNOME</source>
        <translation>إضافة GNOME</translation>
    </message>
    <message>
        <source>With its extension, Harken gets its keys without a dialog, Esc stops reading, and Harken knows in which window you selected text.</source>
        <translation>مع هذه الإضافة يحصل هاركن على مفاتيحه دون سؤال، ويوقف Esc القراءة، ويعرف هاركن في أي نافذة حُدِّد النص.</translation>
    </message>
    <message>
        <source>&amp;Install the extension</source>
        <translation>&amp;ثبّت الإضافة</translation>
    </message>
    <message>
        <source>Re&amp;move the extension</source>
        <translation>أ&amp;زل الإضافة</translation>
    </message>
    <message>
        <source>These keys work in every program.</source>
        <translation>تعمل هذه المفاتيح في كل برنامج.</translation>
    </message>
    <message>
        <source>To assign keys to a command that has none, press its button and then the keys.</source>
        <translation>لإعطاء أمر مفاتيحه الأولى اضغط زره ثم المفاتيح.</translation>
    </message>
    <message>
        <source>A word and how it should sound</source>
        <translation>كلمة وكيف تُنطق</translation>
    </message>
    <message>
        <source>Hear the wor&amp;d</source>
        <translation>سماع ال&amp;كلمة</translation>
    </message>
    <message>
        <source>Hear the &amp;sentence</source>
        <translation>سماع ال&amp;جملة</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>إ&amp;ضافة</translation>
    </message>
    <message>
        <source>Chan&amp;ge</source>
        <translation>&amp;تغيير</translation>
    </message>
    <message>
        <source>Harken was not running and has been started.</source>
        <translation>لم يكن هاركن يعمل، وقد شُغّل.</translation>
    </message>
    <message>
        <source>&amp;Forget all places and texts</source>
        <translation>ان&amp;سَ كل المواضع والنصوص</translation>
    </message>
    <message numerus="yes">
        <source>%n text(s) forgotten. Bookmarks stay.</source>
        <translation>
            <numerusform>نُسي %Ln نص. تبقى الإشارات المرجعية.</numerusform>
            <numerusform>نُسي نص واحد. تبقى الإشارات المرجعية.</numerusform>
            <numerusform>نُسي نصان. تبقى الإشارات المرجعية.</numerusform>
            <numerusform>نُسيت %Ln نصوص. تبقى الإشارات المرجعية.</numerusform>
            <numerusform>نُسي %Ln نصًا. تبقى الإشارات المرجعية.</numerusform>
            <numerusform>نُسي %Ln نص. تبقى الإشارات المرجعية.</numerusform>
        </translation>
    </message>
    <message>
        <source>There was nothing to forget.</source>
        <translation>لم يكن هناك شيء محفوظ.</translation>
    </message>
    <message>
        <source>Player</source>
        <translation>المشغّل</translation>
    </message>
    <message>
        <source>Speech server</source>
        <translation>خادم الكلام</translation>
    </message>
    <message>
        <source>The speech server is not chosen, so none of your text is sent to it.</source>
        <translation>خادم الكلام غير مختار، فلا يُرسل إليه شيء من نصوصك.</translation>
    </message>
    <message>
        <source>The speech server is chosen: the text it reads aloud is sent to {address}.</source>
        <translation>خادم الكلام مختار: النص الذي يقرؤه يُرسل إلى {address}.</translation>
    </message>
    <message>
        <source>A speech server is a program with OpenAI&apos;s interface for speech, on this computer or another one.</source>
        <translation>هو برنامج له واجهة OpenAI للكلام، على هذا الحاسوب أو على غيره.</translation>
    </message>
    <message>
        <source>The server&apos;s key</source>
        <translation>مفتاح الخادم</translation>
    </message>
    <message>
        <source>Only if the server requires one. A server on your own computer rarely does.</source>
        <translation>فقط إذا طلبه الخادم. ونادرًا ما يطلبه خادم على حاسوبك.</translation>
    </message>
    <message>
        <source>&amp;Key:</source>
        <translation>المفتا&amp;ح:</translation>
    </message>
    <message>
        <source>The keyring has no key for the server.</source>
        <translation>ليس في حافظة المفاتيح مفتاح للخادم.</translation>
    </message>
    <message>
        <source>The keyring has the server&apos;s key: {ending}.</source>
        <translation>في حافظة المفاتيح مفتاح الخادم: {ending}.</translation>
    </message>
    <message>
        <source>The keyring has the server&apos;s key.</source>
        <translation>في حافظة المفاتيح مفتاح الخادم.</translation>
    </message>
    <message>
        <source>The server&apos;s voice</source>
        <translation>صوت الخادم المختار</translation>
    </message>
    <message>
        <source>From now on, the server&apos;s voice reads, and the text is sent to {address}.</source>
        <translation>من الآن فصاعدًا يقرأ صوت الخادم، ويُرسل النص إلى {address}.</translation>
    </message>
    <message>
        <source>Get more &amp;voices…</source>
        <translation>احصل على أصوا&amp;ت أخرى…</translation>
    </message>
    <message>
        <source>W&amp;ord:</source>
        <translation>الك&amp;لمة:</translation>
    </message>
    <message>
        <source>Word as it is written</source>
        <translation>الكلمة كما تُكتب</translation>
    </message>
    <message>
        <source>Sounds &amp;like:</source>
        <translation>تُن&amp;طق:</translation>
    </message>
    <message>
        <source>How the word should sound</source>
        <translation>كيف تُنطق الكلمة</translation>
    </message>
    <message>
        <source>Mat&amp;ches:</source>
        <translation>الم&amp;وضع:</translation>
    </message>
    <message>
        <source>What this entry matches</source>
        <translation>أين تُقصد الكلمة</translation>
    </message>
    <message>
        <source>La&amp;nguage:</source>
        <translation>اللغ&amp;ة:</translation>
    </message>
    <message>
        <source>For voices of this language</source>
        <translation>لأصوات هذه اللغة</translation>
    </message>
    <message>
        <source>&amp;Voice:</source>
        <translation>ال&amp;صوت:</translation>
    </message>
    <message>
        <source>For this voice</source>
        <translation>لهذا الصوت</translation>
    </message>
    <message>
        <source>All voices</source>
        <translation>كل الأصوات</translation>
    </message>
    <message>
        <source>What was read</source>
        <translation>ما قُرئ</translation>
    </message>
    <message>
        <source>Sentence with the mispronounced word</source>
        <translation>الجملة التي قُرئت خطأً</translation>
    </message>
    <message>
        <source>Mispronounced word</source>
        <translation>الكلمة التي قُرئت خطأً</translation>
    </message>
    <message>
        <source>Sen&amp;tence:</source>
        <translation>&amp;الجملة:</translation>
    </message>
    <message>
        <source>&amp;Which word sounded wrong?</source>
        <translation>أ&amp;ي كلمة قُرئت خطأً؟</translation>
    </message>
    <message>
        <source>If a word is mispronounced, write it the way it should sound. Every voice then says it that way.</source>
        <translation>إذا قُرئت كلمة خطأً فاكتبها كما ينبغي أن تُنطق، فينطقها كل صوت هكذا.</translation>
    </message>
    <message>
        <source>Your list</source>
        <translation>قائمتك</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>إ&amp;زالة</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>ا&amp;ستيراد…</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>تص&amp;دير…</translation>
    </message>
    <message>
        <source>From the next sentence on, “{word}” sounds like “{spoken}”.</source>
        <translation>ابتداءً من الجملة التالية تُنطق «{word}» هكذا: «{spoken}».</translation>
    </message>
    <message>
        <source>“{word}” is pronounced as before.</source>
        <translation>تُقرأ «{word}» كما كانت.</translation>
    </message>
    <message>
        <source>Import a list</source>
        <translation>استيراد قائمة</translation>
    </message>
    <message>
        <source>Export the list</source>
        <translation>تصدير القائمة</translation>
    </message>
    <message>
        <source>Tables (*.csv *.tsv *.txt)</source>
        <translation>جداول (*.csv *.tsv *.txt)</translation>
    </message>
    <message numerus="yes">
        <source>%n word(s) imported.</source>
        <translation>
            <numerusform>لم تُستورد أي كلمة.</numerusform>
            <numerusform>استُوردت كلمة واحدة.</numerusform>
            <numerusform>استُوردت كلمتان.</numerusform>
            <numerusform>استُوردت %n كلمات.</numerusform>
            <numerusform>استُوردت %n كلمة.</numerusform>
            <numerusform>استُوردت %n كلمة.</numerusform>
        </translation>
    </message>
    <message>
        <source>Exported.</source>
        <translation>تم التصدير.</translation>
    </message>
    <message>
        <source>Whole word</source>
        <translation>كلمة كاملة</translation>
    </message>
    <message>
        <source>Also within words</source>
        <translation>داخل الكلمات أيضًا</translation>
    </message>
    <message>
        <source>Regular expression</source>
        <translation>تعبير نمطي</translation>
    </message>
    <message>
        <source>Words and how they should sound</source>
        <translation>كلمات وكيف تُنطق</translation>
    </message>
    <message>
        <source>Word</source>
        <translation>الكلمة</translation>
    </message>
    <message>
        <source>Sounds like</source>
        <translation>تُنطق</translation>
    </message>
    <message>
        <source>Matches</source>
        <translation>الموضع</translation>
    </message>
    <message>
        <source>{word} sounds like {spoken}</source>
        <translation>تُنطق {word} هكذا: {spoken}</translation>
    </message>
    <message>
        <source>on</source>
        <translation>مفعّل</translation>
    </message>
    <message>
        <source>off</source>
        <translation>متوقف</translation>
    </message>
    <message>
        <source>{normal} words a minute is a voice&apos;s normal speed. You hear changes at once.</source>
        <translation>{normal} كلمة في الدقيقة هي سرعة الصوت الأصلية. يُسمع التغيير فورًا.</translation>
    </message>
    <message>
        <source>words a minute</source>
        <translation>كلمة في الدقيقة</translation>
    </message>
    <message>
        <source>Reads a sentence with these settings. Press again to stop.</source>
        <translation>يقرأ جملة بهذه الإعدادات. اضغط مرة أخرى للإيقاف.</translation>
    </message>
    <message>
        <source>&amp;Hear it</source>
        <translation>ا&amp;ستمع</translation>
    </message>
    <message>
        <source>These keys work in every program. To change one, press its button and then the new keys. Esc cancels, Delete removes the keys.</source>
        <translation>تعمل هذه المفاتيح في كل برنامج. لتغيير أحدها اضغط زره ثم المفاتيح الجديدة. يلغي Esc ذلك، ويزيل Delete المفاتيح.</translation>
    </message>
    <message>
        <source>Reset this page…</source>
        <translation>إعادة ضبط هذه الصفحة…</translation>
    </message>
    <message>
        <source>All settings on this page have their default values.</source>
        <translation>كل الإعدادات في هذه الصفحة بقيمها الافتراضية.</translation>
    </message>
    <message numerus="yes">
        <source>Reset these %n setting(s)?</source>
        <translation>
            <numerusform>لا إعدادات لإعادة ضبطها.</numerusform>
            <numerusform>هل تريد إعادة ضبط هذا الإعداد؟</numerusform>
            <numerusform>هل تريد إعادة ضبط هذين الإعدادين؟</numerusform>
            <numerusform>هل تريد إعادة ضبط هذه الإعدادات (%Ln)؟</numerusform>
            <numerusform>هل تريد إعادة ضبط هذه الإعدادات (%Ln)؟</numerusform>
            <numerusform>هل تريد إعادة ضبط هذه الإعدادات (%Ln)؟</numerusform>
        </translation>
    </message>
    <message>
        <source>Found automatically</source>
        <translation>يُعثر عليه تلقائيًا</translation>
    </message>
    <message>
        <source>Harken&apos;s keys in the keyring</source>
        <translation>مفاتيح هاركن في حافظة المفاتيح</translation>
    </message>
    <message>
        <source>Environment ({name} is set)</source>
        <translation>متغيرات البيئة ({name} معيّن)</translation>
    </message>
    <message>
        <source>Environment (no key is set)</source>
        <translation>متغيرات البيئة (لا مفتاح فيها)</translation>
    </message>
    <message>
        <source>Profile “{name}” (keys)</source>
        <translation>ملف التعريف «{name}» (مفاتيح)</translation>
    </message>
    <message>
        <source>Profile “{name}” (AWS sign-in, SSO)</source>
        <translation>ملف التعريف «{name}» (تسجيل دخول AWS، SSO)</translation>
    </message>
    <message>
        <source>Profile “{name}” (AWS sign-in)</source>
        <translation>ملف التعريف «{name}» (تسجيل دخول AWS)</translation>
    </message>
    <message>
        <source>Profile “{name}” (a role)</source>
        <translation>ملف التعريف «{name}» (دور)</translation>
    </message>
    <message>
        <source>Profile “{name}” (keys from a program)</source>
        <translation>ملف التعريف «{name}» (مفاتيح من برنامج)</translation>
    </message>
    <message>
        <source>Profile “{name}” (does not exist)</source>
        <translation>ملف التعريف «{name}» (غير موجود)</translation>
    </message>
    <message>
        <source>Profile “{name}” (no keys)</source>
        <translation>ملف التعريف «{name}» (بلا مفاتيح)</translation>
    </message>
    <message numerus="yes">
        <source>%Ln character(s) are left of the monthly limit.</source>
        <translation>
            <numerusform>لم يبق من الحد الشهري أي حرف.</numerusform>
            <numerusform>بقي من الحد الشهري حرف واحد.</numerusform>
            <numerusform>بقي من الحد الشهري حرفان.</numerusform>
            <numerusform>بقيت من الحد الشهري %Ln أحرف.</numerusform>
            <numerusform>بقي من الحد الشهري %Ln حرفًا.</numerusform>
            <numerusform>بقي من الحد الشهري %Ln حرف.</numerusform>
        </translation>
    </message>
    <message>
        <source>The monthly limit has been reached. A voice on this computer reads instead.</source>
        <translation>بلغت الحد الشهري. يقرأ بدلًا منه صوت من هذا الحاسوب.</translation>
    </message>
    <message>
        <source>The account or region has changed. List the voices again.</source>
        <translation>تغيّر الحساب أو المنطقة. اعرض الأصوات من جديد.</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>أُوقف.</translation>
    </message>
    <message>
        <source>Other programs&apos; volume can&apos;t be changed on this system.</source>
        <translation>لا يمكن تغيير مستوى صوت البرامج الأخرى على هذا النظام.</translation>
    </message>
    <message>
        <source>Harken crashed last time. A report without any of your text is in {file}. It was not sent anywhere.</source>
        <translation>تعطل هاركن في المرة السابقة. يوجد تقرير من دون نصوصك في ⁦{file}⁩. لم يُرسل إلى أي مكان.</translation>
    </message>
    <message>
        <source>Harken</source>
        <translation>هاركن</translation>
    </message>
    <message>
        <source>The contrast of your own colours is {ratio} to 1: too low to read comfortably.</source>
        <translation>تباين لونيك الخاصين {ratio} إلى 1: أقل من أن تسهل القراءة.</translation>
    </message>
    <message>
        <source>Account in use</source>
        <translation>الحساب المستخدم</translation>
    </message>
    <message>
        <source>&amp;Find the account</source>
        <translation>ابحث عن ال&amp;حساب</translation>
    </message>
    <message>
        <source>Not checked yet.</source>
        <translation>لم يُفحص بعد.</translation>
    </message>
    <message>
        <source>Looking for the account…</source>
        <translation>جارٍ البحث عن الحساب…</translation>
    </message>
    <message>
        <source>Not used:</source>
        <translation>غير مستخدم:</translation>
    </message>
    <message>
        <source>{source}: {why}</source>
        <translation>{source}: {why}</translation>
    </message>
    <message>
        <source>Found: {source}, access key {ending}.</source>
        <translation>وُجد: {source}، مفتاح الوصول ⁦{ending}⁩.</translation>
    </message>
    <message>
        <source>These keys are valid until {when}.</source>
        <translation>هذه المفاتيح صالحة حتى {when}.</translation>
    </message>
    <message>
        <source>Region {region}, set by {source}.</source>
        <translation>المنطقة ⁦{region}⁩، حددها: {source}.</translation>
    </message>
    <message>
        <source>Region {region} (default).</source>
        <translation>المنطقة ⁦{region}⁩ (الافتراضية).</translation>
    </message>
    <message>
        <source>Address of the service: {endpoint}</source>
        <translation>عنوان الخدمة: ⁦{endpoint}⁩</translation>
    </message>
    <message>
        <source>Keyring</source>
        <translation>حافظة المفاتيح</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>الاتصال</translation>
    </message>
    <message numerus="yes">
        <source>A voice says a sentence of about %n character(s), which Amazon bills; the rest is free.</source>
        <translation>
            <numerusform>ينطق صوت جملة بلا أحرف، وما عداها مجاني.</numerusform>
            <numerusform>ينطق صوت جملة من نحو حرف واحد تحتسبه أمازون، وما عداها مجاني.</numerusform>
            <numerusform>ينطق صوت جملة من نحو حرفين تحتسبهما أمازون، وما عداها مجاني.</numerusform>
            <numerusform>ينطق صوت جملة من نحو %Ln أحرف تحتسبها أمازون، وما عداها مجاني.</numerusform>
            <numerusform>ينطق صوت جملة من نحو %Ln حرفًا تحتسبها أمازون، وما عداها مجاني.</numerusform>
            <numerusform>ينطق صوت جملة من نحو %Ln حرف تحتسبها أمازون، وما عداها مجاني.</numerusform>
        </translation>
    </message>
    <message>
        <source>Result of the check</source>
        <translation>نتيجة الفحص</translation>
    </message>
    <message>
        <source>1. Looking for the account…</source>
        <translation>1. جارٍ البحث عن الحساب…</translation>
    </message>
    <message>
        <source>1. Account: {sentence}</source>
        <translation>1. الحساب: {sentence}</translation>
    </message>
    <message>
        <source>1. Account: {source}, access key {ending}, region {region}, {endpoint}</source>
        <translation>1. الحساب: {source}، مفتاح الوصول ⁦{ending}⁩، المنطقة ⁦{region}⁩، ⁦{endpoint}⁩</translation>
    </message>
    <message>
        <source>2. Checking what the account may do…</source>
        <translation>2. جارٍ فحص ما يُسمح للحساب به…</translation>
    </message>
    <message>
        <source>2. Permissions: {sentence}</source>
        <translation>2. الأذونات: {sentence}</translation>
    </message>
    <message>
        <source>Not possible: {what} ({operation}): {why}</source>
        <translation>غير ممكن: {what} (⁦{operation}⁩): {why}</translation>
    </message>
    <message>
        <source>Allowed, but: {what} ({operation}): {why}</source>
        <translation>مسموح، ولكن: {what} (⁦{operation}⁩): {why}</translation>
    </message>
    <message>
        <source>Allowed: {what} ({operation})</source>
        <translation>مسموح: {what} (⁦{operation}⁩)</translation>
    </message>
    <message>
        <source>2. Permissions:</source>
        <translation>2. الأذونات:</translation>
    </message>
    <message>
        <source>3. A voice: not tried, because the account is not allowed to use one.</source>
        <translation>3. صوت: لم يُجرَّب لأن الحساب لا يُسمح له بأي صوت.</translation>
    </message>
    <message>
        <source>3. Getting the voices…</source>
        <translation>3. جارٍ طلب الأصوات…</translation>
    </message>
    <message>
        <source>3. A voice: {sentence}</source>
        <translation>3. صوت: {sentence}</translation>
    </message>
    <message>
        <source>3. A voice speaks…</source>
        <translation>3. صوت يتكلم…</translation>
    </message>
    <message>
        <source>3. A voice: {voice} was stopped.</source>
        <translation>3. صوت: أُوقف {voice}.</translation>
    </message>
    <message numerus="yes">
        <source>3. A voice: {voice} spoke %n character(s).</source>
        <translation>
            <numerusform>3. صوت: لم ينطق {voice} أي حرف.</numerusform>
            <numerusform>3. صوت: نطق {voice} حرفًا واحدًا.</numerusform>
            <numerusform>3. صوت: نطق {voice} حرفين.</numerusform>
            <numerusform>3. صوت: نطق {voice} %Ln أحرف.</numerusform>
            <numerusform>3. صوت: نطق {voice} %Ln حرفًا.</numerusform>
            <numerusform>3. صوت: نطق {voice} %Ln حرف.</numerusform>
        </translation>
    </message>
    <message>
        <source>Everything works.</source>
        <translation>كل شيء يعمل.</translation>
    </message>
    <message>
        <source>The check stops here: Amazon Polly can&apos;t be used like this.</source>
        <translation>ينتهي الفحص هنا: لا يمكن استخدام أمازون بولي على هذه الحال.</translation>
    </message>
    <message>
        <source>list the voices</source>
        <translation>عرض الأصوات</translation>
    </message>
    <message>
        <source>stream speech</source>
        <translation>إرسال الكلام أولًا بأول</translation>
    </message>
    <message>
        <source>speak sentence by sentence</source>
        <translation>النطق جملة جملة</translation>
    </message>
    <message>
        <source>Keys for Harken</source>
        <translation>مفاتيح لهاركن</translation>
    </message>
    <message>
        <source>&amp;Access key:</source>
        <translation>مفتاح ال&amp;وصول:</translation>
    </message>
    <message>
        <source>Access key</source>
        <translation>مفتاح الوصول</translation>
    </message>
    <message>
        <source>&amp;Secret key:</source>
        <translation>المفتاح ال&amp;سري:</translation>
    </message>
    <message>
        <source>Secret key</source>
        <translation>المفتاح السري</translation>
    </message>
    <message>
        <source>Session &amp;token:</source>
        <translation>&amp;رمز الجلسة:</translation>
    </message>
    <message>
        <source>Session token</source>
        <translation>رمز الجلسة</translation>
    </message>
    <message>
        <source>Only for temporary keys</source>
        <translation>للمفاتيح المؤقتة فقط</translation>
    </message>
    <message>
        <source>St&amp;ore in the keyring</source>
        <translation>احف&amp;ظ في حافظة المفاتيح</translation>
    </message>
    <message>
        <source>&amp;Remove from the keyring</source>
        <translation>أ&amp;زل من حافظة المفاتيح</translation>
    </message>
    <message>
        <source>Ope&amp;n a document…</source>
        <translation>افتح مستن&amp;دًا…</translation>
    </message>
    <message>
        <source>Text is sent to {company} only if you choose a voice of {service}.</source>
        <translation>لا تُرسل النصوص إلى {company} إلا إذا اخترت صوتًا من أصوات {service}.</translation>
    </message>
    <message>
        <source>To {company}. You have chosen a voice of {service}, and the speech is generated there.</source>
        <translation>إلى {company}. اخترت صوتًا من أصوات {service}، ويُصنع الكلام هناك.</translation>
    </message>
    <message>
        <source>Text is sent slightly ahead of the speech. If you stop, the rest is not sent.</source>
        <translation>يُرسل النص قبل النطق به بقليل. إذا أوقفت القراءة فلن يُرسل الباقي.</translation>
    </message>
    <message>
        <source>{company} bills your AWS account for it.</source>
        <translation>تحتسب {company} تكلفته على حسابك في AWS.</translation>
    </message>
    <message>
        <source>If {service} can&apos;t be reached, a voice on this computer continues.</source>
        <translation>إذا تعذر الوصول إلى {service} تابع القراءة صوت من هذا الحاسوب.</translation>
    </message>
    <message>
        <source>{company}, for speech and for the list of voices.</source>
        <translation>{company}، للنطق ولقائمة الأصوات.</translation>
    </message>
    <message>
        <source>Voices that you have added are in {path}.</source>
        <translation>الأصوات التي أضفتها موجودة في {path}.</translation>
    </message>
    <message>
        <source>Bookmarks that you set: positions and fingerprints, until you remove them.</source>
        <translation>الإشارات المرجعية التي تضعها: مواضع وبصمات، إلى أن تزيلها.</translation>
    </message>
    <message>
        <source>The key of your speech server, if you entered one, is there too.</source>
        <translation>ومفتاح خادم الكلام، إن أدخلته، محفوظ هناك أيضًا.</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>اختيار…</translation>
    </message>
    <message>
        <source>Choose: {name}</source>
        <translation>اختيار: {name}</translation>
    </message>
    <message>
        <source>To change a key, press its button and then the new keys. Esc cancels, Delete removes the keys.</source>
        <translation>لتغيير مفتاح اضغط زره ثم المفاتيح الجديدة. يلغي Esc ذلك، ويزيل Delete المفاتيح.</translation>
    </message>
    <message>
        <source>Your desktop uses {key} for this.</source>
        <translation>يستخدم سطح المكتب {key} لذلك.</translation>
    </message>
    <message>
        <source>On this desktop, Esc always goes to the program in front, so it does not stop reading.</source>
        <translation>على سطح المكتب هذا يذهب Esc دائمًا إلى البرنامج الذي أمامك، فلا يوقف القراءة.</translation>
    </message>
    <message>
        <source>The contrast of your own colours is {ratio} to 1: good for reading.</source>
        <translation>تباين لونيك الخاصين {ratio} إلى 1: جيد للقراءة.</translation>
    </message>
    <message>
        <source>The contrast of your own colours is {ratio} to 1: enough for most people.</source>
        <translation>تباين لونيك الخاصين {ratio} إلى 1: كافٍ لمعظم الناس.</translation>
    </message>
    <message>
        <source>Harken never writes keys to a plain file.</source>
        <translation>لا يكتب هاركن المفاتيح في ملف عادي أبدًا.</translation>
    </message>
    <message>
        <source>Without a keyring, choose a profile from ~/.aws above, or start Harken with the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.</source>
        <translation>من دون حافظة مفاتيح اختر في الأعلى ملف تعريف من ‎~/.aws، أو شغّل هاركن مع المتغيرين AWS_ACCESS_KEY_ID وAWS_SECRET_ACCESS_KEY.</translation>
    </message>
    <message>
        <source>Checking the keyring…</source>
        <translation>جارٍ فحص حافظة المفاتيح…</translation>
    </message>
    <message>
        <source>There is no keyring here to keep keys in: {why}.</source>
        <translation>لا توجد هنا حافظة لحفظ المفاتيح: {why}.</translation>
    </message>
    <message>
        <source>The keyring has none of your keys.</source>
        <translation>لا توجد مفاتيح لك في حافظة المفاتيح.</translation>
    </message>
    <message>
        <source>It is locked: the system asks for its password when you store keys there.</source>
        <translation>وهي مقفلة: يسأل النظام عن كلمة مرورها عندما تحفظ فيها مفاتيح.</translation>
    </message>
    <message>
        <source>The keyring has your keys.</source>
        <translation>في حافظة المفاتيح مفاتيح لك.</translation>
    </message>
    <message>
        <source>It is locked: the system asks for its password when Harken needs them.</source>
        <translation>وهي مقفلة: يسأل النظام عن كلمة مرورها عندما يحتاج إليها هاركن.</translation>
    </message>
    <message>
        <source>Harken&apos;s entry in the keyring is damaged. Remove it, or enter your keys again.</source>
        <translation>مدخل هاركن في حافظة المفاتيح تالف. أزله أو أدخل مفاتيحك مرة أخرى.</translation>
    </message>
    <message>
        <source>The keyring has your keys: access key {ending}.</source>
        <translation>في حافظة المفاتيح مفاتيحك: مفتاح الوصول ⁦{ending}⁩.</translation>
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
        <translation>أنثى</translation>
    </message>
    <message>
        <source>male</source>
        <translation>ذكر</translation>
    </message>
    <message>
        <source>generative, streams</source>
        <translation>توليدي، أولًا بأول</translation>
    </message>
    <message>
        <source>neural</source>
        <translation>عصبي</translation>
    </message>
    <message>
        <source>standard</source>
        <translation>عادي</translation>
    </message>
    <message>
        <source>long-form</source>
        <translation>للنصوص الطويلة</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between words of a list</comment>
        <translation>، </translation>
    </message>
    <message>
        <source>{voice} ({details})</source>
        <translation>{voice} ({details})</translation>
    </message>
    <message>
        <source>An Amazon Polly voice is chosen: the text it reads aloud is sent to Amazon.</source>
        <translation>أحد أصوات أمازون بولي مختار: النص الذي يقرؤه يُرسل إلى أمازون.</translation>
    </message>
    <message>
        <source>No Amazon Polly voice is chosen, so none of your text is sent to Amazon.</source>
        <translation>لا صوت مختارًا من أصوات أمازون بولي، فلا يُرسل شيء من نصوصك إلى أمازون.</translation>
    </message>
    <message>
        <source>Its voices need an AWS account. Amazon bills each character spoken.</source>
        <translation>تحتاج أصواته إلى حساب AWS. تحتسب أمازون كل حرف يُنطق.</translation>
    </message>
    <message>
        <source>Used this month</source>
        <translation>استهلاك هذا الشهر</translation>
    </message>
    <message>
        <source>Characters this month</source>
        <translation>أحرف هذا الشهر</translation>
    </message>
    <message numerus="yes">
        <source>Amazon has billed %Ln character(s).</source>
        <translation>
            <numerusform>لم تحتسب أمازون أي حرف.</numerusform>
            <numerusform>احتسبت أمازون حرفًا واحدًا.</numerusform>
            <numerusform>احتسبت أمازون حرفين.</numerusform>
            <numerusform>احتسبت أمازون %Ln أحرف.</numerusform>
            <numerusform>احتسبت أمازون %Ln حرفًا.</numerusform>
            <numerusform>احتسبت أمازون %Ln حرف.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Up to %Ln more character(s) were sent for readings that you stopped. Amazon does not say how many of these it bills.</source>
        <translation>
            <numerusform>لم يُرسل أي حرف آخر لقراءات قُطعت.</numerusform>
            <numerusform>أُرسل أيضًا حرف واحد على الأكثر لقراءات قُطعت، ولا تبيّن أمازون كم تحتسب من ذلك.</numerusform>
            <numerusform>أُرسل أيضًا حرفان على الأكثر لقراءات قُطعت، ولا تبيّن أمازون كم تحتسب من ذلك.</numerusform>
            <numerusform>أُرسل أيضًا %Ln أحرف على الأكثر لقراءات قُطعت، ولا تبيّن أمازون كم تحتسب من ذلك.</numerusform>
            <numerusform>أُرسل أيضًا %Ln حرفًا على الأكثر لقراءات قُطعت، ولا تبيّن أمازون كم تحتسب من ذلك.</numerusform>
            <numerusform>أُرسل أيضًا %Ln حرف على الأكثر لقراءات قُطعت، ولا تبيّن أمازون كم تحتسب من ذلك.</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} – {place} – streams</source>
        <translation>{name} – {place} – أولًا بأول</translation>
    </message>
    <message>
        <source>{name} – {place} – sentence by sentence</source>
        <translation>{name} – {place} – جملة جملة</translation>
    </message>
    <message>
        <source>{name} – unknown</source>
        <translation>{name} – غير معروفة</translation>
    </message>
    <message>
        <source>Voices in the account</source>
        <translation>أصوات الحساب</translation>
    </message>
    <message>
        <source>&amp;List the voices</source>
        <translation>ا&amp;عرض الأصوات</translation>
    </message>
    <message>
        <source>&amp;Use this voice</source>
        <translation>استخدم &amp;هذا الصوت</translation>
    </message>
    <message>
        <source>All languages</source>
        <translation>كل اللغات</translation>
    </message>
    <message>
        <source>Filter the voices</source>
        <translation>تصفية الأصوات</translation>
    </message>
    <message>
        <source>Lan&amp;guage:</source>
        <translation>ال&amp;لغة:</translation>
    </message>
    <message>
        <source>Language of the voices</source>
        <translation>لغة الأصوات</translation>
    </message>
    <message>
        <source>Getting the voices from Amazon…</source>
        <translation>جارٍ سؤال أمازون عن الأصوات…</translation>
    </message>
    <message numerus="yes">
        <source>%n voice(s) listed.</source>
        <translation>
            <numerusform>لا أصوات معروضة.</numerusform>
            <numerusform>عُرض صوت واحد.</numerusform>
            <numerusform>عُرض صوتان.</numerusform>
            <numerusform>عُرضت %Ln أصوات.</numerusform>
            <numerusform>عُرض %Ln صوتًا.</numerusform>
            <numerusform>عُرض %Ln صوت.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n voice(s) found.</source>
        <translation>
            <numerusform>لم يُعثر على أصوات.</numerusform>
            <numerusform>عُثر على صوت واحد.</numerusform>
            <numerusform>عُثر على صوتين.</numerusform>
            <numerusform>عُثر على %Ln أصوات.</numerusform>
            <numerusform>عُثر على %Ln صوتًا.</numerusform>
            <numerusform>عُثر على %Ln صوت.</numerusform>
        </translation>
    </message>
    <message>
        <source>{voice} speaks…</source>
        <translation>{voice} يتكلم…</translation>
    </message>
    <message numerus="yes">
        <source>Spoken: about %n character(s), which Amazon bills.</source>
        <translation>
            <numerusform>لم يُنطق أي حرف.</numerusform>
            <numerusform>نُطق نحو حرف واحد تحتسبه أمازون.</numerusform>
            <numerusform>نُطق نحو حرفين تحتسبهما أمازون.</numerusform>
            <numerusform>نُطق نحو %Ln أحرف تحتسبها أمازون.</numerusform>
            <numerusform>نُطق نحو %Ln حرفًا تحتسبها أمازون.</numerusform>
            <numerusform>نُطق نحو %Ln حرف تحتسبها أمازون.</numerusform>
        </translation>
    </message>
    <message>
        <source>From now on, {voice} reads, and the text is sent to Amazon.</source>
        <translation>من الآن يقرأ {voice}، ويُرسل النص إلى أمازون.</translation>
    </message>
    <message>
        <source>Voices</source>
        <translation>الأصوات</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>الاسم</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>اللغة</translation>
    </message>
    <message>
        <source>Gender</source>
        <translation>الجنس</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>المحرك</translation>
    </message>
    <message>
        <source>{voice}, in use</source>
        <translation>{voice}، مستخدم</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>الصوت</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>القراءة</translation>
    </message>
    <message>
        <source>What is read</source>
        <translation>ما يُقرأ</translation>
    </message>
    <message>
        <source>Pronunciation</source>
        <translation>النطق</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>المفاتيح</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>الصوت والمخرج</translation>
    </message>
    <message>
        <source>Privacy &amp; System</source>
        <translation>الخصوصية والنظام</translation>
    </message>
    <message>
        <source>What Harken reads and where it goes</source>
        <translation>ما يقرؤه هاركن وإلى أين يذهب</translation>
    </message>
    <message>
        <source>AWS account</source>
        <translation>حساب AWS</translation>
    </message>
    <message>
        <source>Check the co&amp;nnection</source>
        <translation>ا&amp;فحص الاتصال</translation>
    </message>
    <message>
        <source>Check the ke&amp;yring again</source>
        <translation>افحص حافظة المفاتيح مرة أ&amp;خرى</translation>
    </message>
    <message>
        <source>Hear a sam&amp;ple</source>
        <translation>استمع إلى عيّ&amp;نة</translation>
    </message>
    <message>
        <source>F&amp;ilter:</source>
        <translation>ت&amp;صفية:</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>الملفات</translation>
    </message>
    <message>
        <source>Open the &amp;log folder</source>
        <translation>افتح مجلد الس&amp;جل</translation>
    </message>
    <message>
        <source>Open the settings &amp;file</source>
        <translation>افتح مل&amp;ف الإعدادات</translation>
    </message>
    <message>
        <source>No program here can open {path}.</source>
        <translation>لا يوجد هنا ما يفتح ⁦{path}⁩.</translation>
    </message>
    <message>
        <source>Harken settings</source>
        <translation>إعدادات هاركن</translation>
    </message>
    <message>
        <source>S&amp;earch:</source>
        <translation>&amp;بحث:</translation>
    </message>
    <message>
        <source>Search the settings</source>
        <translation>البحث في الإعدادات</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>الصفحات</translation>
    </message>
    <message>
        <source>Settings found</source>
        <translation>الإعدادات الموجودة</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;مساعدة</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>إ&amp;غلاق</translation>
    </message>
    <message>
        <source>{name} – {page}</source>
        <translation>{name} – ⁦{page}⁩</translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) found</source>
        <translation>
            <numerusform>لم يُعثر على إعدادات</numerusform>
            <numerusform>عُثر على إعداد واحد</numerusform>
            <numerusform>عُثر على إعدادين</numerusform>
            <numerusform>عُثر على %Ln إعدادات</numerusform>
            <numerusform>عُثر على %Ln إعدادًا</numerusform>
            <numerusform>عُثر على %Ln إعداد</numerusform>
        </translation>
    </message>
</context>
</TS>
