<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ar_EG" sourcelanguage="en">
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
        <source>There is no desktop here to read from.</source>
        <translation>لا يوجد هنا سطح مكتب للقراءة منه.</translation>
    </message>
    <message>
        <source>This reading is not remembered any more.</source>
        <translation>لم يعد هاركن يتذكر هذه القراءة.</translation>
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
        <source>No voice here speaks “{language}”. Another one reads it.</source>
        <translation>لا صوت هنا يتكلم «{language}». يقرؤه صوت آخر.</translation>
    </message>
    <message>
        <source>There is no sound output “{name}” now. Did you mean “{other}”?</source>
        <translation>لا يوجد الآن مخرج صوت «{name}». هل قصدت «{other}»؟</translation>
    </message>
    <message>
        <source>There is no sound output “{name}” now; it is used when it is connected.</source>
        <translation>لا يوجد الآن مخرج صوت «{name}»، وسيُستخدم حين يُوصَل.</translation>
    </message>
    <message>
        <source>There is no AWS profile “{name}” now.</source>
        <translation>لا يوجد الآن ملف تعريف AWS باسم «{name}».</translation>
    </message>
    <message>
        <source>There is no AWS profile “{name}” now. Did you mean “{other}”?</source>
        <translation>لا يوجد الآن ملف تعريف AWS باسم «{name}». هل قصدت «{other}»؟</translation>
    </message>
    <message>
        <source>Amazon Polly is not known to be in “{name}”.</source>
        <translation>لا يُعرف أن Amazon Polly متاح في «{name}».</translation>
    </message>
    <message>
        <source>Amazon Polly is not known to be in “{name}”. Did you mean “{other}”?</source>
        <translation>لا يُعرف أن Amazon Polly متاح في «{name}». هل قصدت «{other}»؟</translation>
    </message>
    <message>
        <source>{file} can&apos;t be written: {reason}.</source>
        <translation>لا يمكن الكتابة في ⁦{file}⁩: {reason}.</translation>
    </message>
    <message>
        <source>The sound output “{missing}” is not there. {used} is used instead.</source>
        <translation>المخرج «{missing}» غير موجود. يُستخدم {used} بدلًا منه.</translation>
    </message>
    <message>
        <source>The sound was lost and is back ({device}). Reading goes on.</source>
        <translation>انقطع الصوت ثم عاد ({device}). القراءة مستمرة.</translation>
    </message>
    <message>
        <source>The sound system does not answer.</source>
        <translation>نظام الصوت لا يجيب.</translation>
    </message>
    <message>
        <source>The sound system does not answer. Harken tries again.</source>
        <translation>نظام الصوت لا يجيب. يحاول هاركن مرة أخرى.</translation>
    </message>
    <message>
        <source>There is no sound output. Connect a speaker or headphones, or start the sound system.</source>
        <translation>لا يوجد مخرج صوت. أوصل مكبر صوت أو سماعة، أو شغّل نظام الصوت.</translation>
    </message>
    <message>
        <source>The program in front does not answer. Wait a moment and press the key again.</source>
        <translation>البرنامج الذي أمامك لا يجيب. انتظر لحظة واضغط المفتاح مرة أخرى.</translation>
    </message>
    <message>
        <source>There is no text here to read.</source>
        <translation>لا يوجد هنا نص لقراءته.</translation>
    </message>
    <message>
        <source>This is a password field. Harken does not read passwords aloud.</source>
        <translation>هذا حقل كلمة مرور، وهاركن لا يقرأ كلمات المرور.</translation>
    </message>
    <message>
        <source>checked</source>
        <translation>معلّم</translation>
    </message>
    <message>
        <source>Nothing is selected. Select some text and press the key again.</source>
        <translation>لا شيء محدد. حدّد نصًا واضغط المفتاح مرة أخرى.</translation>
    </message>
    <message>
        <source>Harken can&apos;t see selections on this desktop yet. Give it text with “harken speak”.</source>
        <translation>لا يستطيع هاركن بعدُ معرفة النص المحدد على سطح المكتب هذا. أعطه النص بالأمر «harken speak».</translation>
    </message>
    <message>
        <source>Harken can&apos;t see the focused text on this desktop. Select text instead.</source>
        <translation>لا يستطيع هاركن معرفة حقل النص الذي أنت فيه على سطح المكتب هذا. حدّد النص بدلًا من ذلك.</translation>
    </message>
    <message>
        <source>The connection to the screen is gone. Start Harken again.</source>
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
        <source>Nothing is selected in this window.</source>
        <translation>لا شيء محدد في هذه النافذة.</translation>
    </message>
    <message>
        <source>The screen refused to hand over the selection. Press the key again.</source>
        <translation>لم تسلّم الشاشة النص المحدد. اضغط المفتاح مرة أخرى.</translation>
    </message>
    <message>
        <source>The program that has the text does not answer. Wait a moment and press the key again.</source>
        <translation>البرنامج الذي فيه النص لا يجيب. انتظر لحظة واضغط المفتاح مرة أخرى.</translation>
    </message>
    <message>
        <source>The program that had the text has closed.</source>
        <translation>أُغلق البرنامج الذي كان فيه النص.</translation>
    </message>
    <message>
        <source>What is selected is not text.</source>
        <translation>المحدد ليس نصًا.</translation>
    </message>
    <message>
        <source>Another key was pressed.</source>
        <translation>ضُغط مفتاح آخر.</translation>
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
        <source>old files of AWS&apos;s</source>
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
        <source>not asked, for polly.profile names a profile</source>
        <translation>لم يُسأل لأن polly.profile يحدد ملف تعريف</translation>
    </message>
    <message>
        <source>not asked, for the {source} comes first</source>
        <translation>لم يُسأل لأن الأسبق هو: {source}</translation>
    </message>
    <message>
        <source>not asked, for the settings choose the {source}</source>
        <translation>لم يُسأل لأن المختار في الإعدادات هو: {source}</translation>
    </message>
    <message>
        <source>The {source}, which is chosen in the settings, has no AWS keys for Harken.</source>
        <translation>المختار في الإعدادات هو: {source}. لا توجد فيه مفاتيح AWS لهاركن.</translation>
    </message>
    <message>
        <source>Harken has no AWS account to speak with. Give it keys with “harken account set”, or set up a profile with “aws configure”.</source>
        <translation>ليس لدى هاركن حساب AWS ليتكلم به. أعطه المفاتيح بالأمر «harken account set»، أو أنشئ ملف تعريف بالأمر «aws configure».</translation>
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
        <source>not asked, for AWS_PROFILE names a profile</source>
        <translation>لم يُسأل لأن AWS_PROFILE يحدد ملف تعريف</translation>
    </message>
    <message>
        <source>there is none</source>
        <translation>غير موجود</translation>
    </message>
    <message>
        <source>it has neither keys nor a role, a sign-in or a credential_process</source>
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
        <source>switched off, as is right on a desktop; {variable}=false switches it on</source>
        <translation>متوقفة كما ينبغي على حاسوب شخصي، ويشغّلها ⁦{variable}⁩=false</translation>
    </message>
    <message>
        <source>this is no instance of AWS&apos;s, or it has no role</source>
        <translation>هذا ليس خادمًا من خوادم AWS، أو ليس له دور</translation>
    </message>
    <message>
        <source>That is no access key: copy it from the AWS console as it stands.</source>
        <translation>هذا ليس مفتاح وصول. انسخه من لوحة تحكم AWS كما هو.</translation>
    </message>
    <message>
        <source>That is no secret key: copy it from the AWS console as it stands.</source>
        <translation>هذا ليس مفتاحًا سريًا. انسخه من لوحة تحكم AWS كما هو.</translation>
    </message>
    <message>
        <source>That is no session token: copy it from the AWS console as it stands.</source>
        <translation>هذا ليس رمز جلسة. انسخه من لوحة تحكم AWS كما هو.</translation>
    </message>
    <message>
        <source>it did not answer within {seconds} s</source>
        <translation>لم يجب خلال {seconds} ث</translation>
    </message>
    <message>
        <source>Harken&apos;s question to it broke off</source>
        <translation>انقطع سؤال Harken لها</translation>
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
        <source>Your keyring is locked, and nobody unlocked it within {seconds} s. Unlock it, then try again.</source>
        <translation>حافظة المفاتيح مقفلة ولم تُفتح خلال {seconds} ث. افتحها ثم حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>The search for your AWS keys took longer than {seconds} s and was ended. Try again.</source>
        <translation>استغرق البحث عن مفاتيح AWS أكثر من {seconds} ث فأُنهي. حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>The search for your AWS keys broke off. Try again.</source>
        <translation>انقطع البحث عن مفاتيح AWS. حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>Harken&apos;s question to your keyring broke off. Try again.</source>
        <translation>انقطع سؤال Harken لحافظة المفاتيح. حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>Harken&apos;s keys in the keyring</source>
        <translation>مفاتيح هاركن في حافظة المفاتيح</translation>
    </message>
    <message>
        <source>it has no keys of Harken&apos;s; “harken account set” puts some there</source>
        <translation>لا توجد فيها مفاتيح لهاركن، ويضعها الأمر «harken account set»</translation>
    </message>
    <message>
        <source>no program on this desktop offers one</source>
        <translation>لا يوفرها أي برنامج على سطح المكتب هذا</translation>
    </message>
    <message>
        <source>the D-Bus session does not answer</source>
        <translation>جلسة D-Bus لا تجيب</translation>
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
        <source>What the keyring keeps for Harken is damaged. Give it your keys again with “harken account set”.</source>
        <translation>ما تحفظه حافظة المفاتيح لهاركن تالف. أعطها المفاتيح من جديد بالأمر «harken account set».</translation>
    </message>
    <message>
        <source>There is no keyring to keep your keys in: {why}. Start one, or use a profile (“aws configure”).</source>
        <translation>لا توجد حافظة مفاتيح لحفظ مفاتيحك: {why}. شغّل واحدة، أو استخدم ملف تعريف («aws configure»).</translation>
    </message>
    <message>
        <source>Your keyring is locked and was not unlocked. Unlock it when you are asked to, then try again.</source>
        <translation>حافظة المفاتيح مقفلة ولم تُفتح. افتحها عندما يُطلب منك ذلك ثم حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>Your keyring does not do its work ({code}). Try again.</source>
        <translation>حافظة المفاتيح لا تعمل كما ينبغي ({code}). حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>The {where} can&apos;t be used ({code}, {place}).</source>
        <translation>{where}: لا يمكن الاستخدام ({code}، {place}).</translation>
    </message>
    <message>
        <source>Your AWS sign-in has run out. Run “aws sso login{option}”, then try again.</source>
        <translation>انتهت صلاحية تسجيل دخولك إلى AWS. نفّذ «aws sso login{option}» ثم حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>AWS does not let the {where} renew its sign-in (signin:CreateOAuth2Token).</source>
        <translation>{where}: لا تسمح AWS بتجديد تسجيل الدخول (signin:CreateOAuth2Token).</translation>
    </message>
    <message>
        <source>Your AWS sign-in has run out. Run “aws login{option}”, then try again.</source>
        <translation>انتهت صلاحية تسجيل دخولك إلى AWS. نفّذ «aws login{option}» ثم حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>The {where} uses “aws login”, which Harken can&apos;t renew by itself. Make another profile with “credential_process = aws configure export-credentials{option} --format process” and choose that.</source>
        <translation>{where}: يُستخدم هنا «aws login» ولا يستطيع هاركن تجديده بنفسه. أنشئ ملف تعريف آخر فيه «credential_process = aws configure export-credentials{option} --format process» واختره.</translation>
    </message>
    <message>
        <source>The {where} wants a code from your authenticator, which Harken can&apos;t ask for. Choose a profile with a sign-in or a credential_process.</source>
        <translation>{where}: يُطلب هنا رمز من تطبيق المصادقة، ولا يستطيع هاركن السؤال عنه. اختر ملف تعريف فيه تسجيل دخول أو credential_process.</translation>
    </message>
    <message>
        <source>There is no AWS profile “{profile}”. Name one that there is, in “harken settings set polly.profile” or AWS_PROFILE.</source>
        <translation>لا يوجد ملف تعريف AWS باسم «{profile}». اذكر اسمًا موجودًا بالأمر «harken settings set polly.profile» أو في AWS_PROFILE.</translation>
    </message>
    <message>
        <source>The {where} is incomplete: {missing} is missing.</source>
        <translation>{where}: غير مكتمل، ينقصه {missing}.</translation>
    </message>
    <message>
        <source>{file} is no configuration of AWS&apos;s: a line in it can&apos;t be understood.</source>
        <translation>الملف ⁦{file}⁩ ليس ملف إعدادات AWS: فيه سطر غير مفهوم.</translation>
    </message>
    <message>
        <source>The {where} contradicts itself: {problem}</source>
        <translation>{where}: معطيات متناقضة: {problem}</translation>
    </message>
    <message>
        <source>“{region}” is no region of AWS&apos;s. Set polly.region to one that is.</source>
        <translation>«⁦{region}⁩» ليست من مناطق AWS. اضبط polly.region على منطقة صحيحة.</translation>
    </message>
    <message>
        <source>The credential_process of the {where} failed. Run it in a terminal to see why.</source>
        <translation>{where}: فشل credential_process. نفّذه في الطرفية لمعرفة السبب.</translation>
    </message>
    <message>
        <source>The {where} gave no keys. “aws sts get-caller-identity” may say why.</source>
        <translation>{where}: لم تأت مفاتيح. قد يبيّن «aws sts get-caller-identity» السبب.</translation>
    </message>
    <message>
        <source>The {where} needs AWS&apos;s sign-in service, whose certificate is out of date. Is this computer&apos;s date right?</source>
        <translation>{where}: يلزم الاتصال بخدمة تسجيل الدخول في AWS، وشهادتها خارج مدتها. هل تاريخ هذا الحاسوب صحيح؟</translation>
    </message>
    <message>
        <source>The {where} needs AWS&apos;s sign-in service, whose certificate is not trusted here.</source>
        <translation>{where}: يلزم الاتصال بخدمة تسجيل الدخول في AWS، وشهادتها غير موثوقة هنا.</translation>
    </message>
    <message>
        <source>The {where} needs AWS&apos;s sign-in service, and the proxy on the way does not let it through. Check the proxy&apos;s address in HTTPS_PROXY or in the desktop&apos;s settings.</source>
        <translation>{where}: يلزم الاتصال بخدمة تسجيل الدخول في AWS، والوكيل في الطريق لا يسمح بذلك. تحقق من عنوان الوكيل في HTTPS_PROXY أو في إعدادات سطح المكتب.</translation>
    </message>
    <message>
        <source>The {where} needs AWS&apos;s sign-in service, which can&apos;t be reached. Is there a network?</source>
        <translation>{where}: يلزم الاتصال بخدمة تسجيل الدخول في AWS، ولا يمكن الوصول إليها. هل توجد شبكة؟</translation>
    </message>
    <message>
        <source>AWS&apos;s sign-in service is not ready to give keys to the {where} ({code}). Try again.</source>
        <translation>{where}: خدمة تسجيل الدخول في AWS غير مستعدة الآن لإعطاء المفاتيح ({code}). حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>AWS gives no keys to the {where} ({code}).</source>
        <translation>{where}: لا تعطي AWS مفاتيح ({code}).</translation>
    </message>
    <message>
        <source>The {where} can&apos;t be read:{file} {reason}.</source>
        <translation>{where}: تتعذر القراءة:⁦{file}⁩ {reason}.</translation>
    </message>
    <message>
        <source>What the {where} answered is not what AWS&apos;s programs understand.</source>
        <translation>{where}: الجواب غير مفهوم لبرامج AWS.</translation>
    </message>
    <message>
        <source>The keys of the {where} have expired. Renew them, then try again.</source>
        <translation>{where}: انتهت صلاحية المفاتيح. جدّدها ثم حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>{file} can&apos;t be changed: {why}.</source>
        <translation>لا يمكن تغيير ⁦{file}⁩: {why}.</translation>
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
        <source>{file} can&apos;t be read: {why}.</source>
        <translation>تعذّرت قراءة {file}: {why}.</translation>
    </message>
    <message>
        <source>No voice of “{engine}” speaks “{language}”.</source>
        <translation>لا صوت من «{engine}» يتكلم «{language}».</translation>
    </message>
    <message>
        <source>“{name}” in {file} is no table, so nothing in it is used.</source>
        <translation>«{name}» في {file} ليس جدولًا، فلا يُستعمل منه شيء.</translation>
    </message>
    <message>
        <source>Amazon Polly broke off in the middle of the text.</source>
        <translation>توقف أمازون بولي في منتصف النص.</translation>
    </message>
    <message>
        <source>Amazon Polly has too much to do for this account.</source>
        <translation>لدى أمازون بولي طلبات كثيرة جدًا لهذا الحساب.</translation>
    </message>
    <message>
        <source>Amazon Polly ended the session after its time.</source>
        <translation>أنهى أمازون بولي الجلسة بعد انقضاء وقتها.</translation>
    </message>
    <message>
        <source>Amazon Polly has a problem of its own.</source>
        <translation>يواجه أمازون بولي مشكلة لديه.</translation>
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
        <source>eSpeak NG, in the text&apos;s language (clear when very fast)</source>
        <translation>eSpeak NG بلغة النص (واضح حتى في السرعات العالية)</translation>
    </message>
    <message>
        <source>The connection to the voice service is not free.</source>
        <translation>الاتصال بخدمة الصوت مشغول.</translation>
    </message>
    <message>
        <source>Harken is not running. Start it with “harken”.</source>
        <translation>هاركن لا يعمل. شغّله بالأمر «harken».</translation>
    </message>
    <message>
        <source>“{name}” in “{text}” is no modifier. There are {modifiers}.</source>
        <translation>«{name}» في «{text}» ليس مفتاح تبديل. المتاح: {modifiers}.</translation>
    </message>
    <message>
        <source>“{key}” in “{text}” is no key that Harken knows.</source>
        <translation>«{key}» في «{text}» ليس مفتاحًا يعرفه هاركن.</translation>
    </message>
    <message>
        <source>“{text}” is typed all the time. Add Ctrl, Alt or Super.</source>
        <translation>«{text}» يُكتب طوال الوقت. أضف Ctrl أو Alt أو Super.</translation>
    </message>
    <message>
        <source>Keys can&apos;t be taken on this desktop. Bind “harken read” in its own settings.</source>
        <translation>لا يمكن حجز المفاتيح على سطح المكتب هذا. اربط «harken read» بمفتاح في إعدادات سطح المكتب نفسه.</translation>
    </message>
    <message>
        <source>another program (taking keys here: {names})</source>
        <translation>برنامج آخر (البرامج التي تحجز المفاتيح هنا: {names})</translation>
    </message>
    <message>
        <source>another program</source>
        <translation>برنامج آخر</translation>
    </message>
    <message>
        <source>The screen does not answer.</source>
        <translation>الشاشة لا تجيب.</translation>
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
        <source>The running Harken has gone.</source>
        <translation>لم يعد هاركن يعمل.</translation>
    </message>
    <message>
        <source>The running Harken does not answer. Quit it and start it again.</source>
        <translation>هاركن العامل لا يجيب. أنهه ثم شغّله من جديد.</translation>
    </message>
    <message>
        <source>The running Harken refused.</source>
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
        <source>The running Harken is of another version. Quit it and start it again.</source>
        <translation>هاركن العامل من إصدار آخر. أنهه ثم شغّله من جديد.</translation>
    </message>
    <message>
        <source>Choose another key in the settings, page Keys.</source>
        <translation>اختر مفتاحًا آخر في الإعدادات، صفحة «المفاتيح».</translation>
    </message>
    <message>
        <source>{keys} works now.</source>
        <translation>يعمل {keys} الآن.</translation>
    </message>
    <message>
        <source>{host} does not speak HTTP/2, which this voice needs. Is there a proxy in between?</source>
        <translation>الخادم ⁦{host}⁩ لا يتعامل ببروتوكول HTTP/2 الذي يحتاج إليه هذا الصوت. هل بينكما وكيل (proxy)؟</translation>
    </message>
    <message>
        <source>The address of the voice service has to begin with https://, and is “{url}”.</source>
        <translation>يجب أن يبدأ عنوان خدمة الأصوات بـ https://‎ وهو الآن «⁦{url}⁩».</translation>
    </message>
    <message>
        <source>The certificates in {file} (AWS_CA_BUNDLE) can&apos;t be read.</source>
        <translation>لا يمكن قراءة الشهادات في ⁦{file}⁩‏ (AWS_CA_BUNDLE).</translation>
    </message>
    <message>
        <source>{host} can&apos;t be found. Is this computer online, and the region right?</source>
        <translation>لا يمكن العثور على ⁦{host}⁩. هل هذا الحاسوب متصل بالشبكة، وهل المنطقة صحيحة؟</translation>
    </message>
    <message>
        <source>Nothing was heard. Try again.</source>
        <translation>لم يُسمع شيء. حاول مرة أخرى.</translation>
    </message>
    <message>
        <source>The client has gone.</source>
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
        <source>There is nothing to go on with. Select text and read it.</source>
        <translation>لا يوجد ما يُستأنف. حدّد نصًا واقرأه.</translation>
    </message>
    <message>
        <source>Nothing is being read. Select text and read it.</source>
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
        <source>Harken could not look for text. “harken doctor” names the log that says why.</source>
        <translation>لم يستطع هاركن البحث عن نص. يذكر «harken doctor» السجل الذي فيه السبب.</translation>
    </message>
    <message>
        <source>{problem} {voice} reads.</source>
        <translation>{problem} يقرأ الصوت {voice}.</translation>
    </message>
    <message>
        <source>There is no voice “{voice}” here. “harken voices” lists those there are.</source>
        <translation>لا يوجد هنا صوت باسم «{voice}». يعرض «harken voices» الأصوات الموجودة.</translation>
    </message>
    <message>
        <source>The text is too long. Its first part is read.</source>
        <translation>النص طويل جدًا. سيُقرأ جزؤه الأول.</translation>
    </message>
    <message>
        <source>Harken could not read this. “harken doctor” names the log that says why.</source>
        <translation>لم يستطع هاركن قراءة هذا. يذكر «harken doctor» السجل الذي فيه السبب.</translation>
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
        <source>{problem} Reading goes on when it is back.</source>
        <translation>{problem} تستمر القراءة عندما يعود.</translation>
    </message>
    <message>
        <source>it has a line of thousands of characters</source>
        <translation>فيه سطر من آلاف الأحرف</translation>
    </message>
    <message>
        <source>it has a number or a nesting beyond all measure</source>
        <translation>فيه عدد أو تداخل يتجاوز كل حد</translation>
    </message>
    <message>
        <source>“{name}” is no table there</source>
        <translation>«{name}» ليس جدولًا هناك</translation>
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
        <source>{folder} is open to others. Make it your own (mode 700) and start Harken again.</source>
        <translation>المجلد ⁦{folder}⁩ مفتوح لغيرك. اجعله خاصًا بك (الوضع 700) ثم أعد تشغيل هاركن.</translation>
    </message>
    <message>
        <source>{key}: {problem}</source>
        <translation>{key}: {problem}</translation>
    </message>
    <message>
        <source>{chord} is taken: it means “{command}”. Change that first.</source>
        <translation>المفتاح {chord} مستخدم للأمر «{command}». غيّر ذلك أولًا.</translation>
    </message>
    <message>
        <source>There is no setting “{key}”. “harken settings list” names them all.</source>
        <translation>لا يوجد إعداد باسم «{key}». يعرض «harken settings list» كل الإعدادات.</translation>
    </message>
    <message>
        <source>{chord} is set twice: it means “{kept}” now, and “{lost}” has no key.</source>
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
        <source>it is no file, but a device, a pipe or a socket</source>
        <translation>ليس ملفًا بل جهاز أو أنبوب أو مقبس</translation>
    </message>
    <message numerus="yes">
        <source>The SSML is too long: it may have %Ln characters.</source>
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
        <source>The SSML has too much text: it may have %Ln characters without markup.</source>
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
        <source>The SSML has to begin with &lt;speak&gt; and end with &lt;/speak&gt;.</source>
        <translation>يجب أن يبدأ مستند SSML بالوسم &lt;speak&gt; وينتهي بالوسم &lt;/speak&gt;.</translation>
    </message>
    <message>
        <source>What the voice service sent was damaged on the way.</source>
        <translation>تلف ما أرسلته خدمة الصوت في الطريق.</translation>
    </message>
    <message>
        <source>Too many programs ask Harken.</source>
        <translation>برامج كثيرة جدًا تسأل Harken.</translation>
    </message>
    <message>
        <source>That was no message Harken understands ({why}).</source>
        <translation>هذه رسالة لا يفهمها Harken ({why}).</translation>
    </message>
    <message>
        <source>the desktop&apos;s settings</source>
        <translation>إعدادات سطح المكتب</translation>
    </message>
    <message>
        <source>The voice service did not answer in time.</source>
        <translation>لم تجب خدمة الصوت في الوقت المناسب.</translation>
    </message>
    <message>
        <source>The connection to the voice service broke.</source>
        <translation>انقطع الاتصال بخدمة الصوت.</translation>
    </message>
    <message>
        <source>Harken can&apos;t use the proxy “{proxy}” ({source}). It has to be of the form http://host:port or https://host:port.</source>
        <translation>لا يستطيع Harken استخدام الوكيل «{proxy}» ({source}). يجب أن يكون بالشكل http://host:port أو https://host:port.</translation>
    </message>
    <message>
        <source>{problem} It is the proxy named by {source}.</source>
        <translation>{problem} هذا هو الوكيل المحدد في {source}.</translation>
    </message>
    <message>
        <source>The proxy {proxy} wants a name and a password. Put them into its address, as in http://name:password@host:port ({source}).</source>
        <translation>يطلب الوكيل {proxy} اسمًا وكلمة مرور. ضعهما في عنوانه، كما في http://name:password@host:port ({source}).</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not accept the name and the password in its address ({source}).</source>
        <translation>لا يقبل الوكيل {proxy} الاسم وكلمة المرور في عنوانه ({source}).</translation>
    </message>
    <message>
        <source>The proxy {proxy} wants a kind of sign-in that Harken does not know ({kinds}). Ask its operator for one that takes a name and a password.</source>
        <translation>يطلب الوكيل {proxy} نوعًا من تسجيل الدخول لا يعرفه Harken ({kinds}). اطلب من مشغله نوعًا بالاسم وكلمة المرور.</translation>
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
        <source>What answers at {proxy} is no HTTP proxy. Is the proxy&apos;s address right ({source})?</source>
        <translation>ما يجيب عند {proxy} ليس وكيل HTTP. هل عنوان الوكيل صحيح ({source})؟</translation>
    </message>
    <message>
        <source>The proxy {proxy} closed the connection without an answer.</source>
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
        <source>{host} can&apos;t be found: no name server answers. Is this computer online?</source>
        <translation>تعذر العثور على {host}: لا يجيب أي خادم أسماء. هل هذا الحاسوب متصل بالشبكة؟</translation>
    </message>
    <message>
        <source>There is no way to {host}. Is this computer online?</source>
        <translation>لا طريق إلى {host}. هل هذا الحاسوب متصل بالشبكة؟</translation>
    </message>
    <message>
        <source>{host} did not answer in time. The network may be slow, or a firewall blocks it.</source>
        <translation>لم يجب {host} في الوقت المناسب. ربما كانت الشبكة بطيئة أو حجبه جدار حماية.</translation>
    </message>
    <message>
        <source>This computer does not let Harken connect to {host}. Its firewall has to allow it.</source>
        <translation>لا يسمح هذا الحاسوب لـ Harken بالاتصال بـ {host}. يجب أن يسمح بذلك جدار الحماية فيه.</translation>
    </message>
    <message>
        <source>{host} closed the connection before it was secured. It may be down, or blocked by a firewall.</source>
        <translation>أغلق {host} الاتصال قبل تأمينه. ربما كان متوقفًا أو محجوبًا بجدار حماية.</translation>
    </message>
    <message>
        <source>{host} does not speak TLS there. Is its address right?</source>
        <translation>لا يستخدم {host} بروتوكول TLS هناك. هل عنوانه صحيح؟</translation>
    </message>
    <message>
        <source>No secure connection to {host} can be made ({reason}).</source>
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
        <source>The certificate of {host} is not valid yet. Set this computer&apos;s date right.</source>
        <translation>شهادة {host} لم تصبح سارية بعد. اضبط تاريخ هذا الحاسوب.</translation>
    </message>
    <message>
        <source>The certificate that came from {host} is for another name. Is its address right, or does the network want you to sign in with a browser first?</source>
        <translation>الشهادة الواردة من {host} تخص اسمًا آخر. هل العنوان صحيح، أم تطلب الشبكة تسجيل الدخول بالمتصفح أولًا؟</translation>
    </message>
    <message>
        <source>The certificate of {host} is not trusted: {host} signed it itself. If that is intended, name it in AWS_CA_BUNDLE.</source>
        <translation>شهادة {host} غير موثوقة: وقّعها {host} بنفسه. إذا كان ذلك مقصودًا فسمّها في AWS_CA_BUNDLE.</translation>
    </message>
    <message>
        <source>The certificate of {host} is not trusted: its issuer is not known here. If your network looks into connections, name its certificates in AWS_CA_BUNDLE.</source>
        <translation>شهادة {host} غير موثوقة: جهة إصدارها غير معروفة هنا. إذا كانت شبكتك تفحص الاتصالات فسمّ شهاداتها في AWS_CA_BUNDLE.</translation>
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
        <source>“{value}” is no voice&apos;s name. “harken voices” lists them, such as neural/heart or espeak/de.</source>
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
        <source>Use a text, not {value}.</source>
        <translation>استخدم نصًا، لا {value}.</translation>
    </message>
    <message>
        <source>Use a text of one line and at most {limit} characters, not {value}.</source>
        <translation>استخدم نصًا من سطر واحد لا يزيد على {limit} حرف، لا {value}.</translation>
    </message>
    <message>
        <source>{file} can&apos;t be read ({why}). The defaults hold until it is mended.</source>
        <translation>تعذّرت قراءة {file} ({why}). تسري القيم الأولى حتى يُصلَح.</translation>
    </message>
    <message>
        <source>{file} can&apos;t be read ({why}). The settings in force hold until it is mended.</source>
        <translation>تعذّرت قراءة {file} ({why}). تسري الإعدادات الحالية حتى يُصلَح.</translation>
    </message>
    <message>
        <source>{key} in {file}: {problem} Harken uses {value}.</source>
        <translation>{key} في {file}: {problem} يستخدم Harken القيمة {value}.</translation>
    </message>
    <message>
        <source>The settings were written anew ({why}). The old ones are kept as {file}.</source>
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
        <source>Harken {newest} is there; this is {version}. {page}</source>
        <translation>صدر هاركن {newest}، وهذا الإصدار {version}. ⁦{page}⁩</translation>
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
        <translation>الصوت «{voice}» يتعطل مرة بعد مرة.</translation>
    </message>
    <message>
        <source>The connection to Amazon Polly broke.</source>
        <translation>انقطع الاتصال بأمازون بولي.</translation>
    </message>
    <message>
        <source>not asked, for {operation} failed</source>
        <translation>لم يُسأل لأن ⁦{operation}⁩ فشل</translation>
    </message>
    <message>
        <source>this region does not have it</source>
        <translation>غير متوفر في هذه المنطقة</translation>
    </message>
    <message>
        <source>it does not take {what}: {reason}</source>
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
        <source>Amazon Polly does not take this request. Choose another voice in the settings.</source>
        <translation>لا يقبل أمازون بولي هذا الطلب. اختر صوتًا آخر في الإعدادات.</translation>
    </message>
    <message>
        <source>This reading was stopped.</source>
        <translation>أُوقفت هذه القراءة.</translation>
    </message>
    <message>
        <source>{file} can&apos;t be read ({why}), so what was spent before is not counted.</source>
        <translation>تعذّرت قراءة {file} ({why})، فلا يُحسب ما أُنفق قبل ذلك.</translation>
    </message>
    <message>
        <source>This month&apos;s limit of {limit} characters for Amazon Polly is reached.</source>
        <translation>بلغت الحد الشهري لأمازون بولي وهو {limit} حرف.</translation>
    </message>
    <message>
        <source>it is not what Harken wrote</source>
        <translation>ليس ما كتبه Harken</translation>
    </message>
    <message>
        <source>Amazon Polly does not take these lexicons. Choose others, or none, in the settings.</source>
        <translation>لا يقبل أمازون بولي هذه المعاجم. اختر غيرها في الإعدادات أو لا تختر شيئًا.</translation>
    </message>
    <message>
        <source>Amazon Polly does not take this audio format. Choose another one in the settings.</source>
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
        <source>Your AWS sign-in has run out. Sign in again, for example with “aws sso login”.</source>
        <translation>انتهت صلاحية تسجيل دخولك إلى AWS. سجّل الدخول من جديد، مثلًا بالأمر «aws sso login».</translation>
    </message>
    <message>
        <source>Your AWS account may not use this voice. Ask for the permissions polly:StartSpeechSynthesisStream, polly:SynthesizeSpeech and polly:DescribeVoices.</source>
        <translation>لا يُسمح لحسابك في AWS باستخدام هذا الصوت. اطلب الأذونات polly:StartSpeechSynthesisStream وpolly:SynthesizeSpeech وpolly:DescribeVoices.</translation>
    </message>
    <message>
        <source>Amazon does not accept your AWS keys. “harken doctor” says where they come from.</source>
        <translation>لا تقبل أمازون مفاتيح AWS التي لديك. يبيّن «harken doctor» مصدرها.</translation>
    </message>
    <message>
        <source>Amazon Polly does not take this voice, format or text. Choose another voice in the settings.</source>
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
        <source>It is a language&apos;s code, such as en or de, not “{value}”.</source>
        <translation>القيمة رمز لغة مثل en أو ar وليست «{value}».</translation>
    </message>
    <message>
        <source>It is up to five names of letters and digits, with commas, not “{value}”.</source>
        <translation>القيمة خمسة أسماء على الأكثر من أحرف لاتينية وأرقام تفصلها فواصل، وليست «{value}».</translation>
    </message>
    <message>
        <source>It is a region&apos;s name, such as eu-central-1, not “{value}”.</source>
        <translation>القيمة اسم منطقة مثل eu-central-1 وليست «{value}».</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>الصوت</translation>
    </message>
    <message>
        <source>The voice for everything it can say. Automatic: by the text&apos;s language.</source>
        <translation>الصوت الذي يقرأ كل ما يستطيعه. التلقائي: بحسب لغة النص.</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>السرعة</translation>
    </message>
    <message>
        <source>1 is the voice&apos;s own speed, about 200 words a minute.</source>
        <translation>القيمة 1 سرعة الصوت الأصلية، نحو 200 كلمة في الدقيقة.</translation>
    </message>
    <message>
        <source>Language of all texts</source>
        <translation>لغة كل النصوص</translation>
    </message>
    <message>
        <source>Automatic: found for each part of a text.</source>
        <translation>التلقائي: تُعرف لكل جزء من النص.</translation>
    </message>
    <message>
        <source>Language of short texts</source>
        <translation>لغة النصوص القصيرة</translation>
    </message>
    <message>
        <source>For texts too short to tell their language.</source>
        <translation>للنصوص التي لا تكفي لمعرفة لغتها لقصرها.</translation>
    </message>
    <message>
        <source>When a voice fails, another one reads on</source>
        <translation>إذا تعذّر صوت تابع القراءة صوت آخر</translation>
    </message>
    <message>
        <source>Otherwise Harken says what happened and waits.</source>
        <translation>وإلا أخبرك هاركن بما حدث وانتظر.</translation>
    </message>
    <message>
        <source>Voice that reads on</source>
        <translation>الصوت البديل</translation>
    </message>
    <message>
        <source>When the chosen one can&apos;t. Automatic: the best one on this computer.</source>
        <translation>عندما يتعذّر الصوت المختار. التلقائي: أفضل صوت على هذا الحاسوب.</translation>
    </message>
    <message>
        <source>With nothing selected, read the focused text</source>
        <translation>إذا لم يكن شيء محددًا يُقرأ الحقل الذي أنت فيه</translation>
    </message>
    <message>
        <source>From the caret&apos;s paragraph on; or the focused control is described.</source>
        <translation>من الفقرة التي فيها المؤشر، أو يوصف العنصر الذي أنت عليه.</translation>
    </message>
    <message>
        <source>With nothing else to read, read the clipboard</source>
        <translation>إذا لم يوجد شيء آخر تُقرأ الحافظة</translation>
    </message>
    <message>
        <source>What was copied last.</source>
        <translation>آخر ما نُسخ.</translation>
    </message>
    <message>
        <source>Read new selections automatically</source>
        <translation>قراءة كل تحديد جديد تلقائيًا</translation>
    </message>
    <message>
        <source>Each one as soon as it is made, without a key.</source>
        <translation>فور التحديد ومن دون مفتاح.</translation>
    </message>
    <message>
        <source>Remember the last twenty readings</source>
        <translation>تذكّر آخر عشرين قراءة</translation>
    </message>
    <message>
        <source>Until Harken ends, to read them again. They are never written to a file.</source>
        <translation>لإعادة قراءتها إلى أن ينتهي هاركن، ولا تُكتب أبدًا في ملف.</translation>
    </message>
    <message>
        <source>Say aloud why nothing is read</source>
        <translation>نطق سبب عدم القراءة</translation>
    </message>
    <message>
        <source>Otherwise it is shown only. Where a screen reader runs, that says it.</source>
        <translation>وإلا عُرض فقط. وإذا كان قارئ شاشة يعمل فهو الذي يقوله.</translation>
    </message>
    <message>
        <source>A tone when reading pauses and goes on</source>
        <translation>نغمة عند التوقف المؤقت والمتابعة</translation>
    </message>
    <message>
        <source>Low for the pause, high for going on.</source>
        <translation>منخفضة عند التوقف ومرتفعة عند المتابعة.</translation>
    </message>
    <message>
        <source>A tone when a text has been read to its end</source>
        <translation>نغمة عند انتهاء قراءة النص</translation>
    </message>
    <message>
        <source>So that a long pause is not taken for the end.</source>
        <translation>حتى لا يُظن الصمت الطويل نهاية النص.</translation>
    </message>
    <message>
        <source>Say a new speed</source>
        <translation>نطق السرعة الجديدة</translation>
    </message>
    <message>
        <source>When it is changed while nothing is read.</source>
        <translation>عند تغييرها من دون قراءة جارية.</translation>
    </message>
    <message>
        <source>Ask all programs to report their focused text</source>
        <translation>الطلب من كل البرامج أن تعطي نص الحقل الذي أنت فيه</translation>
    </message>
    <message>
        <source>Turns the desktop&apos;s accessibility on while Harken runs.</source>
        <translation>يشغّل إمكانية الوصول في سطح المكتب ما دام هاركن يعمل.</translation>
    </message>
    <message>
        <source>Read what is selected; again: stop</source>
        <translation>قراءة المحدد، ومرة أخرى للإيقاف</translation>
    </message>
    <message>
        <source>Read the focused text</source>
        <translation>قراءة الحقل الذي أنت فيه</translation>
    </message>
    <message>
        <source>Read the clipboard</source>
        <translation>قراءة الحافظة</translation>
    </message>
    <message>
        <source>Pause, and go on</source>
        <translation>الإيقاف المؤقت والمتابعة</translation>
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
        <source>This sentence again</source>
        <translation>هذه الجملة مرة أخرى</translation>
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
        <source>Show Harken&apos;s window</source>
        <translation>إظهار نافذة هاركن</translation>
    </message>
    <message>
        <source>Esc stops, while something is read</source>
        <translation>المفتاح Esc يوقف القراءة الجارية</translation>
    </message>
    <message>
        <source>At other times Esc belongs to the program in front.</source>
        <translation>وفي غير ذلك يبقى Esc للبرنامج الذي أمامك.</translation>
    </message>
    <message>
        <source>Media keys and headset buttons</source>
        <translation>مفاتيح الوسائط وأزرار السماعة</translation>
    </message>
    <message>
        <source>Play, pause, next and previous work while something is read.</source>
        <translation>يعمل التشغيل والإيقاف المؤقت والتالي والسابق أثناء القراءة.</translation>
    </message>
    <message>
        <source>Output device</source>
        <translation>مخرج الصوت</translation>
    </message>
    <message>
        <source>Automatic: the system&apos;s.</source>
        <translation>التلقائي: مخرج النظام.</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>مستوى الصوت</translation>
    </message>
    <message>
        <source>Harken&apos;s own, beside the system&apos;s.</source>
        <translation>مستوى هاركن وحده، إلى جانب مستوى النظام.</translation>
    </message>
    <message>
        <source>Other programs&apos; volume while reading</source>
        <translation>مستوى صوت البرامج الأخرى أثناء القراءة</translation>
    </message>
    <message>
        <source>100: they stay as loud as they are.</source>
        <translation>القيمة 100: تبقى كما هي.</translation>
    </message>
    <message>
        <source>Keep the output awake after speech</source>
        <translation>إبقاء المخرج مستيقظًا بعد الكلام</translation>
    </message>
    <message>
        <source>For headsets that swallow the first word after a silence.</source>
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
        <source>Automatic: the account is found as AWS&apos;s own programs find it.</source>
        <translation>التلقائي: يُعثر على الحساب كما تعثر عليه برامج AWS.</translation>
    </message>
    <message>
        <source>Source of AWS keys</source>
        <translation>مصدر مفاتيح AWS</translation>
    </message>
    <message>
        <source>Where no profile is chosen.</source>
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
        <source>Where the voices are computed. Automatic: the profile&apos;s.</source>
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
        <source>PCM, heard first</source>
        <translation>PCM، يُسمع أولًا</translation>
    </message>
    <message>
        <source>MP3, fuller sound</source>
        <translation>MP3، صوت أغنى</translation>
    </message>
    <message>
        <source>Ogg Vorbis, fuller sound</source>
        <translation>Ogg Vorbis، صوت أغنى</translation>
    </message>
    <message>
        <source>Lexicons</source>
        <translation>المعاجم</translation>
    </message>
    <message>
        <source>Names of the account&apos;s pronunciation lexicons, up to five, with commas.</source>
        <translation>أسماء معاجم النطق في الحساب، خمسة على الأكثر تفصلها فواصل.</translation>
    </message>
    <message>
        <source>Monthly limit</source>
        <translation>الحد الشهري</translation>
    </message>
    <message>
        <source>After so many characters a voice on this computer reads. 0: no limit.</source>
        <translation>بعد هذا العدد من الأحرف يقرأ صوت من هذا الحاسوب. القيمة 0: بلا حد.</translation>
    </message>
    <message>
        <source>characters</source>
        <translation>حرف</translation>
    </message>
    <message>
        <source>Start at login</source>
        <translation>التشغيل عند تسجيل الدخول</translation>
    </message>
    <message>
        <source>Harken is in the tray when the desktop is there.</source>
        <translation>يكون هاركن في الشريط عندما يظهر سطح المكتب.</translation>
    </message>
    <message>
        <source>Keep the screen from locking during a reading</source>
        <translation>منع قفل الشاشة أثناء القراءة</translation>
    </message>
    <message>
        <source>So that a long text is not cut off.</source>
        <translation>حتى لا ينقطع النص الطويل.</translation>
    </message>
    <message>
        <source>Language of Harken&apos;s windows</source>
        <translation>لغة نوافذ هاركن</translation>
    </message>
    <message>
        <source>Holds when Harken is started again.</source>
        <translation>تسري بعد إعادة تشغيل هاركن.</translation>
    </message>
    <message>
        <source>The system&apos;s</source>
        <translation>كما في النظام</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>المظهر</translation>
    </message>
    <message>
        <source>Light on dark, or dark on light.</source>
        <translation>فاتح على داكن أو داكن على فاتح.</translation>
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
        <source>Look for a new version once a week</source>
        <translation>البحث عن إصدار جديد مرة في الأسبوع</translation>
    </message>
    <message>
        <source>Harken tells you and installs nothing.</source>
        <translation>يخبرك هاركن ولا يثبّت شيئًا.</translation>
    </message>
    <message>
        <source>Source of the keys</source>
        <translation>مصدر المفاتيح</translation>
    </message>
    <message>
        <source>Automatic: the first that has keys. One that is chosen is asked alone.</source>
        <translation>التلقائي: أول مصدر فيه مفاتيح. والمصدر المختار يُسأل وحده.</translation>
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
        <source>Say &amp;again</source>
        <translation>أعد ال&amp;جملة</translation>
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
        <source>V&amp;oice</source>
        <translation>ال&amp;صوت</translation>
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
        <source>{key} reads what is selected</source>
        <translation>المفتاح {key} يقرأ المحدد</translation>
    </message>
    <message>
        <source>{key} stops</source>
        <translation>المفتاح {key} يوقف القراءة</translation>
    </message>
    <message>
        <source>{key} goes on</source>
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
        <source>Harken could not start. “harken doctor” says what is missing.</source>
        <translation>لم يستطع هاركن البدء. يبيّن «harken doctor» ما ينقص.</translation>
    </message>
    <message>
        <source>Harken could not do this. “harken doctor” names the log that says why.</source>
        <translation>لم يستطع هاركن فعل هذا. يذكر «harken doctor» السجل الذي فيه السبب.</translation>
    </message>
    <message>
        <source>Keep Harken running without its window?</source>
        <translation>هل يستمر هاركن في العمل بلا نافذته؟</translation>
    </message>
    <message>
        <source>Its keys go on working. {key} or “harken show” brings the window back.</source>
        <translation>تبقى مفاتيحه عاملة. يعيد {key} أو «harken show» النافذة.</translation>
    </message>
    <message>
        <source>Its keys go on working. “harken show” in a terminal brings the window back.</source>
        <translation>تبقى مفاتيحه عاملة. يعيد الأمر «harken show» في الطرفية النافذة.</translation>
    </message>
    <message>
        <source>&amp;Keep running</source>
        <translation>ا&amp;ستمرار</translation>
    </message>
    <message>
        <source>What &amp;broke at the last crash…</source>
        <translation>ما حدث &amp;وقت التعطل السابق…</translation>
    </message>
    <message>
        <source>No program opened the report. It is in {file}.</source>
        <translation>لم يفتح أي برنامج التقرير. مكانه ⁦{file}⁩.</translation>
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
        <source>Each one says a sentence when you choose it.</source>
        <translation>ينطق كل صوت جملة عندما تختاره.</translation>
    </message>
    <message>
        <source>2. Try the key</source>
        <translation>2. جرّب المفتاح</translation>
    </message>
    <message>
        <source>This text is selected, and the key reads it. Press the key again while it is read, and it stops. It is the same in every program.</source>
        <translation>هذا النص محدد، والمفتاح يقرؤه. اضغط المفتاح مرة أخرى أثناء القراءة فتتوقف. وهكذا في كل برنامج.</translation>
    </message>
    <message>
        <source>Sample text</source>
        <translation>نص للتجربة</translation>
    </message>
    <message>
        <source>&amp;Done</source>
        <translation>&amp;تم</translation>
    </message>
    <message>
        <source>&amp;Automatic: by the text&apos;s language</source>
        <translation>تل&amp;قائي: بحسب لغة النص</translation>
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
        <source>Esc leaves these steps; you find them again in Harken&apos;s menu.</source>
        <translation>يُنهي Esc هذه الخطوات، وتجدها من جديد في قائمة هاركن.</translation>
    </message>
    <message>
        <source>The arrow keys choose one, and the space bar has it say a sentence.</source>
        <translation>تختار مفاتيح الأسهم صوتًا، ويجعله مفتاح المسافة ينطق جملة.</translation>
    </message>
    <message>
        <source>The text below is selected. Press {key}.</source>
        <translation>النص في الأسفل محدد. اضغط {key}.</translation>
    </message>
    <message>
        <source>No key is set. Choose “Read selection” in Harken&apos;s menu, or set a key in the settings.</source>
        <translation>لم يُعيّن مفتاح. اختر «اقرأ المحدد» من قائمة هاركن، أو عيّن مفتاحًا في الإعدادات.</translation>
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
        <source>The guide is missing here. Install Harken again to have it.</source>
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
        <source>Output dev&amp;ice</source>
        <translation>م&amp;خرج الصوت</translation>
    </message>
    <message>
        <source>&amp;Automatic: the system&apos;s</source>
        <translation>&amp;تلقائي: كما في النظام</translation>
    </message>
    <message>
        <source>{name} (not there now)</source>
        <translation>{name} (غير موجود الآن)</translation>
    </message>
    <message>
        <source>Read a&amp;gain</source>
        <translation>اقرأ م&amp;رة أخرى</translation>
    </message>
    <message>
        <source>{time}  {words}</source>
        <translation>{time}  {words}</translation>
    </message>
    <message>
        <source>Nothing is remembered</source>
        <translation>لا يُحفظ شيء</translation>
    </message>
    <message>
        <source>Nothing has been read yet</source>
        <translation>لم يُقرأ شيء بعد</translation>
    </message>
    <message>
        <source>Move a&amp;bout</source>
        <translation>ال&amp;تنقل</translation>
    </message>
    <message>
        <source>&amp;More</source>
        <translation>ال&amp;مزيد</translation>
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
        <source>Where your texts go</source>
        <translation>إلى أين تذهب نصوصك</translation>
    </message>
    <message>
        <source>What Harken looks at</source>
        <translation>ما ينظر إليه هاركن</translation>
    </message>
    <message>
        <source>Whom Harken asks</source>
        <translation>من يسأله هاركن</translation>
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
        <source>It is sent to the region that your AWS account&apos;s settings name.</source>
        <translation>يُرسل إلى المنطقة المذكورة في إعدادات حسابك في AWS.</translation>
    </message>
    <message>
        <source>Each new selection, as soon as you make it: “Read new selections automatically” is on.</source>
        <translation>كل تحديد جديد فور حدوثه: «قراءة كل تحديد جديد تلقائيًا» مفعّل.</translation>
    </message>
    <message>
        <source>What is selected, when you press the key, and at no other time.</source>
        <translation>النص المحدد عندما تضغط المفتاح، وليس في أي وقت آخر.</translation>
    </message>
    <message>
        <source>With nothing selected, the focused text.</source>
        <translation>إذا لم يكن شيء محددًا فالحقل الذي أنت فيه.</translation>
    </message>
    <message>
        <source>With nothing selected, it does not look at the focused text.</source>
        <translation>إذا لم يكن شيء محددًا فلا ينظر إلى الحقل الذي أنت فيه.</translation>
    </message>
    <message>
        <source>With nothing else to read, the clipboard.</source>
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
        <source>Once a week, whether there is a new version. Nothing of yours is sent.</source>
        <translation>مرة في الأسبوع: هل يوجد إصدار جديد؟ ولا يُرسل شيء يخصك.</translation>
    </message>
    <message>
        <source>Nobody. Harken uses no network with these settings.</source>
        <translation>لا أحد. لا يستخدم هاركن الشبكة مع هذه الإعدادات.</translation>
    </message>
    <message>
        <source>Your settings are in {path}.</source>
        <translation>إعداداتك في ⁦{path}⁩.</translation>
    </message>
    <message>
        <source>Voices used recently, characters billed and the like are in {path}. No text is there.</source>
        <translation>الأصوات المستخدمة مؤخرًا وعدد الأحرف المحسوبة وما شابهها في ⁦{path}⁩. ولا نصوص فيه.</translation>
    </message>
    <message>
        <source>The log is {path}. It says what happened, never what was read, and no keys.</source>
        <translation>السجل هو ⁦{path}⁩. فيه ما حدث، وليس فيه ما قُرئ ولا أي مفاتيح.</translation>
    </message>
    <message>
        <source>The last twenty readings, until Harken ends; they are never written to a file.</source>
        <translation>آخر عشرين قراءة إلى أن ينتهي هاركن، ولا تُكتب أبدًا في ملف.</translation>
    </message>
    <message>
        <source>No text is kept once it is read, but the last one, for “Say again”.</source>
        <translation>لا يُحفظ أي نص بعد قراءته سوى الأخير لأجل «أعد الجملة».</translation>
    </message>
    <message>
        <source>AWS keys that you typed in are in the system&apos;s keyring, and nowhere else.</source>
        <translation>مفاتيح AWS التي كتبتها محفوظة في حافظة مفاتيح النظام دون غيرها.</translation>
    </message>
    <message>
        <source>Find by a part of the name</source>
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
        <source>Press Space and then the new keys. Esc leaves it as it is, Delete takes it away.</source>
        <translation>اضغط المسافة ثم المفاتيح الجديدة. يُبقي Esc كل شيء كما هو، ويزيل Delete المفاتيح.</translation>
    </message>
    <message>
        <source>No key arrived. If you pressed one, another program keeps it: choose other keys.</source>
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
        <source>Back to: {value}</source>
        <translation>العودة إلى: {value}</translation>
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
        <source>{normal} words a minute is a voice&apos;s own speed. A change is heard at once.</source>
        <translation>{normal} كلمة في الدقيقة هي سرعة الصوت الأصلية. يُسمع التغيير فورًا.</translation>
    </message>
    <message>
        <source>words a minute</source>
        <translation>كلمة في الدقيقة</translation>
    </message>
    <message>
        <source>Reads a sentence with these settings; again stops it.</source>
        <translation>يقرأ جملة بهذه الإعدادات، ومرة أخرى يوقفها.</translation>
    </message>
    <message>
        <source>&amp;Hear it</source>
        <translation>ا&amp;ستمع</translation>
    </message>
    <message>
        <source>These keys work in every program. To change one, press its button and then the new keys. Esc leaves it as it is, Delete takes it away.</source>
        <translation>تعمل هذه المفاتيح في كل برنامج. لتغيير أحدها اضغط زره ثم المفاتيح الجديدة. يُبقي Esc كل شيء كما هو، ويزيل Delete المفاتيح.</translation>
    </message>
    <message>
        <source>Harken takes media keys on Linux only so far.</source>
        <translation>لا يستخدم هاركن مفاتيح الوسائط حتى الآن إلا على لينكس.</translation>
    </message>
    <message>
        <source>Reset this page…</source>
        <translation>إعادة ضبط هذه الصفحة…</translation>
    </message>
    <message>
        <source>Everything on this page is as it was at first.</source>
        <translation>كل ما في هذه الصفحة كما كان في البداية.</translation>
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
        <source>Keys given to Harken, in the keyring</source>
        <translation>مفاتيح أُعطيت لهاركن، في حافظة المفاتيح</translation>
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
        <source>Profile “{name}” (keys of a program)</source>
        <translation>ملف التعريف «{name}» (مفاتيح من برنامج)</translation>
    </message>
    <message>
        <source>Profile “{name}” (there is none)</source>
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
        <source>The monthly limit is reached: a voice on this computer reads.</source>
        <translation>بلغت الحد الشهري: يقرأ صوت من هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Another account or region: list its voices anew.</source>
        <translation>حساب آخر أو منطقة أخرى: اعرض أصواتهما من جديد.</translation>
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
        <source>Harken crashed the last time. What broke, without your texts, is in {file}. It is sent nowhere.</source>
        <translation>تعطل هاركن في المرة السابقة. ما حدث مكتوب من دون نصوصك في ⁦{file}⁩، ولا يُرسل إلى أي مكان.</translation>
    </message>
    <message>
        <source>Harken</source>
        <translation>هاركن</translation>
    </message>
    <message>
        <source>Who answers</source>
        <translation>من يجيب</translation>
    </message>
    <message>
        <source>&amp;Find the account</source>
        <translation>ابحث عن ال&amp;حساب</translation>
    </message>
    <message>
        <source>Nobody has been asked for keys yet.</source>
        <translation>لم تُطلب المفاتيح من أي مصدر بعد.</translation>
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
        <source>Region {region}, named by {source}.</source>
        <translation>المنطقة ⁦{region}⁩، حددها: {source}.</translation>
    </message>
    <message>
        <source>Region {region}, for nobody names one.</source>
        <translation>المنطقة ⁦{region}⁩ لأن أحدًا لم يحدد غيرها.</translation>
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
            <numerusform>ينطق صوت جملة من نحو حرف واحد تحسبه أمازون، وما عداها مجاني.</numerusform>
            <numerusform>ينطق صوت جملة من نحو حرفين تحسبهما أمازون، وما عداها مجاني.</numerusform>
            <numerusform>ينطق صوت جملة من نحو %Ln أحرف تحسبها أمازون، وما عداها مجاني.</numerusform>
            <numerusform>ينطق صوت جملة من نحو %Ln حرفًا تحسبها أمازون، وما عداها مجاني.</numerusform>
            <numerusform>ينطق صوت جملة من نحو %Ln حرف تحسبها أمازون، وما عداها مجاني.</numerusform>
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
        <source>2. Asking Amazon what the account may do…</source>
        <translation>2. جارٍ سؤال أمازون عما يُسمح للحساب به…</translation>
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
        <source>3. A voice: not tried, for the account may not use one.</source>
        <translation>3. صوت: لم يُجرَّب لأن الحساب لا يُسمح له بأي صوت.</translation>
    </message>
    <message>
        <source>3. Asking for the voices…</source>
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
        <source>The check ends here: Amazon Polly can&apos;t be used like this.</source>
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
        <source>Keys given to Harken</source>
        <translation>المفاتيح المعطاة لهاركن</translation>
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
        <source>&amp;Keep in the keyring</source>
        <translation>احف&amp;ظ في حافظة المفاتيح</translation>
    </message>
    <message>
        <source>&amp;Remove from the keyring</source>
        <translation>أ&amp;زل من حافظة المفاتيح</translation>
    </message>
    <message>
        <source>Only if you choose a voice of {service} is text sent to {company}.</source>
        <translation>لا تُرسل النصوص إلى {company} إلا إذا اخترت صوتًا من أصوات {service}.</translation>
    </message>
    <message>
        <source>To {company}. You have chosen a voice of {service}, which computes it there.</source>
        <translation>إلى {company}. اخترت صوتًا من أصوات {service}، وهو يُصنع هناك.</translation>
    </message>
    <message>
        <source>Text is sent slightly ahead of the speech. If you stop, the rest is not sent.</source>
        <translation>يُرسل النص قبل النطق به بقليل. إذا أوقفت القراءة فلن يُرسل الباقي.</translation>
    </message>
    <message>
        <source>{company} bills it to your AWS account.</source>
        <translation>تحسبه {company} على حسابك في AWS.</translation>
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
        <source>Harken never writes keys into a plain file.</source>
        <translation>لا يكتب هاركن المفاتيح في ملف عادي أبدًا.</translation>
    </message>
    <message>
        <source>Without a keyring, choose a profile of ~/.aws above, or start Harken with the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.</source>
        <translation>من دون حافظة مفاتيح اختر في الأعلى ملف تعريف من ‎~/.aws، أو شغّل هاركن مع المتغيرين AWS_ACCESS_KEY_ID وAWS_SECRET_ACCESS_KEY.</translation>
    </message>
    <message>
        <source>Asking the keyring…</source>
        <translation>جارٍ سؤال حافظة المفاتيح…</translation>
    </message>
    <message>
        <source>There is no keyring here to keep keys in: {why}.</source>
        <translation>لا توجد هنا حافظة لحفظ المفاتيح: {why}.</translation>
    </message>
    <message>
        <source>The keyring has no keys of yours.</source>
        <translation>لا توجد مفاتيح لك في حافظة المفاتيح.</translation>
    </message>
    <message>
        <source>It is locked: the system asks for its password when you keep keys there.</source>
        <translation>وهي مقفلة: يسأل النظام عن كلمة مرورها عندما تحفظ فيها مفاتيح.</translation>
    </message>
    <message>
        <source>The keyring has keys of yours.</source>
        <translation>في حافظة المفاتيح مفاتيح لك.</translation>
    </message>
    <message>
        <source>It is locked: the system asks for its password when Harken needs them.</source>
        <translation>وهي مقفلة: يسأل النظام عن كلمة مرورها عندما يحتاج إليها هاركن.</translation>
    </message>
    <message>
        <source>What the keyring has of Harken&apos;s is damaged. Remove it, or keep other keys.</source>
        <translation>ما في حافظة المفاتيح لهاركن تالف. أزله أو احفظ مفاتيح أخرى.</translation>
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
        <source>One of Amazon Polly&apos;s voices is chosen: what you have read is sent to Amazon.</source>
        <translation>أحد أصوات أمازون بولي مختار: ما تطلب قراءته يُرسل إلى أمازون.</translation>
    </message>
    <message>
        <source>None of Amazon Polly&apos;s voices is chosen, so nothing you read is sent to Amazon.</source>
        <translation>لا صوت مختارًا من أصوات أمازون بولي، فلا يُرسل شيء مما تقرؤه إلى أمازون.</translation>
    </message>
    <message>
        <source>Its voices need an account at Amazon, which bills each character spoken.</source>
        <translation>تحتاج أصواته إلى حساب لدى أمازون التي تحسب كل حرف يُنطق.</translation>
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
            <numerusform>لم تحسب أمازون أي حرف.</numerusform>
            <numerusform>حسبت أمازون حرفًا واحدًا.</numerusform>
            <numerusform>حسبت أمازون حرفين.</numerusform>
            <numerusform>حسبت أمازون %Ln أحرف.</numerusform>
            <numerusform>حسبت أمازون %Ln حرفًا.</numerusform>
            <numerusform>حسبت أمازون %Ln حرف.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>At most %Ln character(s) more were sent for readings that were cut off; of these Amazon does not say what it bills.</source>
        <translation>
            <numerusform>لم يُرسل أي حرف آخر لقراءات قُطعت.</numerusform>
            <numerusform>أُرسل أيضًا حرف واحد على الأكثر لقراءات قُطعت، ولا تبيّن أمازون كم تحسب من ذلك.</numerusform>
            <numerusform>أُرسل أيضًا حرفان على الأكثر لقراءات قُطعت، ولا تبيّن أمازون كم تحسب من ذلك.</numerusform>
            <numerusform>أُرسل أيضًا %Ln أحرف على الأكثر لقراءات قُطعت، ولا تبيّن أمازون كم تحسب من ذلك.</numerusform>
            <numerusform>أُرسل أيضًا %Ln حرفًا على الأكثر لقراءات قُطعت، ولا تبيّن أمازون كم تحسب من ذلك.</numerusform>
            <numerusform>أُرسل أيضًا %Ln حرف على الأكثر لقراءات قُطعت، ولا تبيّن أمازون كم تحسب من ذلك.</numerusform>
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
        <source>{name} – not known here</source>
        <translation>{name} – غير معروفة هنا</translation>
    </message>
    <message>
        <source>Voices of the account</source>
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
        <source>Asking Amazon for the voices…</source>
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
            <numerusform>نُطق نحو حرف واحد تحسبها أمازون.</numerusform>
            <numerusform>نُطق نحو حرفين تحسبها أمازون.</numerusform>
            <numerusform>نُطق نحو %Ln أحرف تحسبها أمازون.</numerusform>
            <numerusform>نُطق نحو %Ln حرفًا تحسبها أمازون.</numerusform>
            <numerusform>نُطق نحو %Ln حرف تحسبها أمازون.</numerusform>
        </translation>
    </message>
    <message>
        <source>From now on {voice} reads, and what is read goes to Amazon.</source>
        <translation>من الآن يقرأ {voice}، وما يُقرأ يُرسل إلى أمازون.</translation>
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
        <source>Technique</source>
        <translation>التقنية</translation>
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
        <source>Ask the ke&amp;yring again</source>
        <translation>اسأل حافظة المفاتيح مرة أ&amp;خرى</translation>
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
        <source>Open the folder of the &amp;log</source>
        <translation>افتح مجلد الس&amp;جل</translation>
    </message>
    <message>
        <source>Open the settings &amp;file</source>
        <translation>افتح مل&amp;ف الإعدادات</translation>
    </message>
    <message>
        <source>Nothing here opens {path}.</source>
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
