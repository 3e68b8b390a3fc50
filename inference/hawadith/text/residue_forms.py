"""The known forms of page residue, as word lists and patterns; how they are applied is in `residue`.

Learned by reading Arabic news pages of some sixty outlets. Forms are written plainly here, as newsrooms spell them: patterns and texts
are brought to the same letters by `fold_letters` before matching, and texts come without tashkeel, tatweel and invisible marks.
"""

import re

# Each is a whole line, with punctuation, digits or symbols around it at most.
_FURNITURE = (
    # sharing
    r"شارك(?:ها|نا)?", r"مشاركة",
    r"شارك (?:هذا |هذه )?(?:الخبر|المقال|الموضوع|الصفحة|القصة)(?: (?:على|عبر|مع).{0,30})?",
    r"(?:شارك|مشاركة|انشر|نشر|إرسال|أرسل) (?:على|عبر|إلى) (?:ال)?"
    r"(?:فيس ?بوك|تويتر|تيليجرام|تلغرام|وات ?س ?[اأ]ب|لينكد ?إن|بريد(?: الإلكتروني)?|[A-Z]\w{2,12})",
    r"Share(?: (?:on|via|this|article|to) ?\w{0,12})?", r"Tweets?", r"Post", r"Pin(?: it)?", r"Copy (?:link|URL)",
    r"Print", r"E-?mail", r"Comments?", r"Like", r"فيس ?بوك", r"تو[يى]تر", r"تيل[يى]?[غج]رام", r"تل[غج]رام",
    r"وات ?س ?[اأ]ب", r"[اإ]نست[اغج]*رام", r"يوتيوب", r"لينكد ?[اإ]ن", r"ماسنجر", r"سناب ?شات", r"تيك ?توك",
    r"Facebook", r"Twitter", r"X", r"WhatsApp", r"Telegram", r"Pocket", r"LinkedIn", r"Pinterest", r"Tumblr",
    r"Reddit", r"Messenger", r"Viber", r"Instagram", r"YouTube", r"RSS", r"طباعة(?: المقال| الخبر)?", r"[اإ]طبع",
    r"حجم الخط(?: \S{1,6}){0,3}", r"تكبير الخط", r"تصغير الخط", r"نسخ الرابط", r"(?:تم )?نسخ", r"البريد الإلكتروني",
    # ways on
    r"المزيد", r"عرض المزيد", r"[اأإ]قر[اأ] المزيد", r"تصفح المزيد", r"شاهد المزيد", r"الرئيسية", r"السابق",
    r"التالي", r"Home", r"Next(?: Post)?", r"Prev(?:ious)?(?: Post)?", r"Next Previous",
    r"(?:previous|next) post: .{0,150}", r"من نحن", r"[اإ]تصل بنا", r"تواصل معنا", r"سياسة الخصوصية",
    r"شروط الاستخدام", r"[أا]علن معنا", r"خريطة الموقع", r"English", r"Kurd[iî]", r"Türkçe",
    r"تابعو?نا (?:على|عبر).{0,60}", r"ابق على تواصل", r"متابع", r"النشرة البريدية",
    r"[اإ]شترك (?:الآن|معنا|في (?:النشرة|نشرتنا|القناة|قناتنا)).{0,60}", r"ليصلك كل جديد",
    r"الاشتراك في النشرة.{0,40}",
    # comments, rights, notes of the desk
    r"[اأ]ترك (?:تعليقا?|ردا?|رأيك).{0,20}", r"[اأإ]ضف تعليقا?", r"[اإ]لغاء الرد", r"التعليقات",
    r"(?:عذرا )?التعليقات مغلقة", r"(?:\d+|No|This Post Has \d+) Comments?", r"\d+ تعليق(?:ات)?", r"لا توجد تعليقات",
    r"يجب أنت تكون مسجل الدخول لتضيف تعليقا", r"جميع الحقوق محفوظة.{0,60}",
    r"حقوق (?:النشر|الطبع)(?: والنشر)? محفوظة.{0,60}", r"©.{0,80}", r"Copyright.{0,80}",
    r"All rights reserved.{0,40}", r"جميع المقالات المنشورة تمثل رأي كتابها فقط",
    r"يرجى الالتزام ب[اأ]خلاق و[اآ]داب الحوار", r"انتهى", r"عاجل", r"\{\{.{0,80}\}\}(?: \{\{.{0,80}\}\})?",
    r"[إا]ذا كنت تعتقد/تعتقدين أن المقال .{0,120}", r"للتواصل (?:مع الكاتب )?[اأ]رسل (?:رسالة )?SMS.{0,60}",
    r"(?:زين )?تبدأ بالرمز .{0,60}", r"\d{5,6} ?- ?(?:Stc|STC|Zain|Mobily|موبايلي|زين)", r"رابط الخبر ب.{0,160}",
    r"— .{0,60}\(@\w{1,20}\) \w{3,9} \d{1,2}, \d{4}",
    # source and desk, on a line of their own
    r"[^\s.:،][^.:،\n]{0,28} [-–—] (?:متابعات|خاص|وكالات)",
)  # fmt: skip

# Headers of lists of other articles: whole lines; the headlines under them are residue too.
_RELATED = (
    r"(?:مقالات?|مواضيع|موضوعات|أخبار|[اأ]خبار|تقارير|قصص|مواد) (?:ذات صلة|متعلقة|مشابهة|مرتبطة|أخرى|اخرى)",
    r"المقالات (?:المتعلقة|المشابهة)", r"ذات صلة", r"مرتبط", r"[اأإ]قر[اأ](?:/ي)? (?:أيض[اأ]|التالي|للكاتب|كذلك)",
    r"(?:شاهد|طالع|انظر)(?:/ي)? أيضا", r"(?:وكالة|شبكة|موقع)? ?اخترنا لكم?",
    r"ال[أا]كثر (?:قراءة|مشاهدة|رواجا|تعليقا|تداولا|شعبية)", r"(?:من الممكن أن|قد) يعجبك(?: [أا]يضا)?",
    r"قد (?:يهمك|تهمك)(?: [أا]يضا)?", r"آخر ال[أا]خبار", r"ال[أا]حدث", r"أحدث (?:الأخبار|المقالات|منشورات الكاتب)",
    r"المزيد من (?:الأخبار|المقالات|المواضيع)", r"المزيد في \S{3,12}", r"أهم (?:المواضيع|التصنيفات|الأخبار)",
    r"الوسوم(?: المشهورة)?", r"كلمات (?:مفتاحية|دلالية)", r"العلامات", r"Related(?: (?:posts|articles|topics))?",
    r"Read (?:also|more)", r"Tags",
)  # fmt: skip

# A related article announced and named on one line.
_RELATED_LINE = (
    r"(?:[اأإ]قر[اأ](?:/ي)? (?:أيض[اأ]|المزيد|كذلك)|(?:شاهد|طالع|انظر)(?:/ي)? (?:أيضا|المزيد)|(?:مواضيع|أخبار) ذات صلة)"
    r"\s*[:|»«<>–-]"
)

# Sections that a site's menu is made of. Four in a row, without anything between, are a menu.
_SECTIONS = (
    r"الرئيسية", r"الصفحة الأولى", r"سياسة", r"السياسة", r"اقتصاد(?: وأعمال)?", r"الاقتصاد", r"رياضة", r"الرياضة",
    r"ثقافة(?: وفن(?:ون)?)?", r"فن(?:ون)?", r"منوعات", r"منوع", r"مجتمع", r"صحة", r"تقنيات?", r"تكنولوجيا",
    r"علوم(?: وتكنولوجيا)?", r"آراء", r"رأي(?: وتحليل)?", r"مقالات", r"تحقيقات", r"تقارير(?: ميدانية)?", r"تقاريرنا",
    r"أخبار(?: وتقارير| سورية| العالم| محلية)?", r"الأخبار", r"محليات", r"عربي ودولي", r"دوليات", r"عربيات",
    r"الشرق الأوسط", r"العالم", r"العالم العربي", r"شارك برأيك", r"راديو وتلفزيون", r"فيديو", r"صور", r"بودكاست",
    r"البرامج", r"برامج", r"لقاء الأسبوع", r"تدوينات", r"صحافة", r"كرتون", r"كاريكاتير", r"المرأة والطفل",
    r"دراسات وأبحاث", r"فكر وثقافة", r"أدب وفنون", r"قضايا ساخنة", r"انفوغرافيك?", r"النشرة البريدية", r"اتصل بنا",
    r"من نحن", r"English", r"Kurdî",
)  # fmt: skip

# Agencies whose names are plain enough to be known without brackets, and those that are words of the language too.
_AGENCY = (
    r"(?:وكالات|الوكالات|رويترز|سبوتنيك|الأناضول|فرانس برس|شينخوا|[أا]سوش[يي]تد ?برس|نوفوستي|إيتار تاس|"
    r"[أا] ?\. ?ف ?\. ?ب\.?|[أا] ف ب|د ?\. ?ب ?\. ?[أا]\.?|د ب [أا]|يو ?\.? ?بي ?\.? ?[آا]ي|[أا] ?\. ?ش ?\. ?[أا]\.?|"
    r"Reuters|AFP|CNN(?:Arabic\.com| ?بالعربية)?|UPI|Sputnik)"
)
_SHORT_AGENCY = r"(?:وام|واس|كونا|بنا|قنا|بترا|سانا|سوا|معا|وفا|واع|أ ب|[أا] ?\. ?ب\.?)"


# Letters that writers interchange, each with the one that stands for it: seats of hamza, final ya, ta marbuta.
_LETTERS = (("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ٱ", "ا"), ("ى", "ي"), ("ة", "ه"))


def fold_letters(text: str) -> str:
    """Bring letters that writers interchange to one; the text keeps its length."""
    for letter, stands in _LETTERS:  # for a few letters a good deal quicker than `str.translate`
        text = text.replace(letter, stands)
    return text


def _compile(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    return re.compile(fold_letters(pattern), flags)


def _any_of(forms: tuple[str, ...]) -> str:
    return "(?:" + "|".join(_spaced(form) for form in forms) + ")"


def _spaced(form: str) -> str:
    """A space of a form stands for any white space; an optional one (` ?`) stays what it is."""
    return re.sub(r" (?!\?)", r"\\s+", form)


FURNITURE = _compile(r"\W{0,12}?" + _any_of(_FURNITURE) + r"[\W\d]{0,12}", re.IGNORECASE)
RELATED = _compile(r"\W{0,12}?" + _any_of(_RELATED) + r"\W{0,12}", re.IGNORECASE)
RELATED_LINE = _compile(r"\W{0,6}" + _spaced(_RELATED_LINE) + r".*", re.IGNORECASE)
BREADCRUMB = _compile(r"\W{0,6}(?:الرئيسية|الصفحة الرئيسية|Home)\W{0,6}", re.IGNORECASE)

_GAP = r"[\s|/•·›»>–-]{1,6}"
IN_LINE = (
    (
        fold_letters("الرئيسية"),
        _compile(r"(?<!\w)" + _any_of(_SECTIONS) + "(?:" + _GAP + _any_of(_SECTIONS) + r"(?!\w)){3,}+"),
    ),
    (
        fold_letters("تحديث"),
        _compile(r"آخر\s+تحديث\s*:?[^\n:.]{0,60}?\d{1,2}:\d{2}(?:\s*(?:\(?GMT[+\d]*\)?|بتوقيت\s+\w+))?"),
    ),
    ("BBC Arabic", _compile(r"\A\s*BBC Arabic\s+-\s+[^-\n]{2,24}-")),
    ('content="', _compile(r'\scontent="|"\s*/>')),
    (
        fold_letters("إشعارات"),
        _compile(
            r"يمكنكم\s+(?:است|ت)لا?م\s+إشعارات\s+بأهم\s+الموضوعات\s+بعد\s+تحميل\s+أحدث\s+نسخة\s+من\s+تطبيق[^.\n]{0,70}\.?"
        ),
    ),
)
"""Residue that stands inside a line, between other text, each with a word that must be there: most texts are then never searched."""

LEAD_TAG = _compile(
    r"\s*(?:[^\s.:؟!\"«»()–—-][^.:؟!\"«»()\n–—-]{1,44}?[^\S\n]*[-–—/|(«]{1,2}[^\S\n]*)?"
    r"\(?" + _AGENCY + r"[^\S\n]*[)»]?[^\S\n]*[-–—:]{1,3}(?=\s)"
)
"""`place - agency:` at the very beginning of a text."""

END_TAG = _compile(
    rf"\(\s*(?:{_AGENCY}|{_SHORT_AGENCY})(?:\s*[-–,،/]?\s*(?:{_AGENCY}|{_SHORT_AGENCY})){{0,3}}\s*\)[\s.]*\Z"
    rf"|\s[-–—|]\s*{_AGENCY}(?:\s+عربي)?[\s.]*\Z"
)
"""`(agencies)` at the very end of a text."""
