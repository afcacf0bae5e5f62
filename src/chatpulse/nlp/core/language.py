"""Tell whether a message is in a language that the scorer does not know, from its words without emotes.

A script other than Latin is not English. In Latin script, little words that English does not have give a language
away. Only three words or more are judged, and doubt means English: emotes and names look foreign to any detector.
"""

import re
from collections.abc import Collection, Iterable

FEWEST_WORDS = 3
CLEAR_WORDS = 2


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Blocks of Greek to Ethiopic, Khmer, Georgian, Tibetan, and kana, Han and Hangul.
_OTHER_SCRIPT = re.compile(
    "[\u0370-\u139f\u1780-\u18af\u2d00-\u2d2f\u3041-\u30ff\u3105-\u318e\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]"
)

# Function words that are no English word, name or chat slang; spellings without accents are how people type.
_FOREIGN = _words("""
    que qué por para pero porque como cómo esta está este esto estoy eres soy muy más los las una del con todo todos
    también hola gracias buenas jugar juego cuando donde dónde quien quién ahora nunca siempre siento bueno mejor hace
    tiene tengo puede hay sí aqui aquí vamos nada algo
    não nao você voce vc pra uma isso essa esse tá muito mas também tambem obrigado quem meu minha ele ela jogo
    bom agora fazer
    der das und ist nicht ich ein eine einen auf für von mit dem den sich auch noch wie nur aber wenn oder wir ihr
    wird sind hab habe kein keine schon mal heute warum danke bitte ja nein immer jetzt wieder gut spiel
    je ne pas cest est les une des dans pour avec sur qui vous nous ils elle mais où quoi fait suis être etre tout
    très tres bien merci bonjour salut jeu comme aussi ça jai
    che di non sono per questo questa perché perche anche come sei ciao grazie gli della nel molto cosa
    het een niet wat zijn maar voor ook naar
    nie jest się sie tak ale czy dla przez jak
    och att det inte jag som är för med på
    bir ve bu için çok değil kadar
    ang ng mga ako ikaw hindi naman lang
    yang dan ini itu untuk dengan tidak
    """)
# Spellings above that English chat uses as well.
_SHARED = _words("""
die den der come per sei des mit das von auf bien non est son pour
mal gut sur dan bu ng ang con mas les hay ale
""")
_CLEAR = _FOREIGN - _SHARED
_ENGLISH = _words("""
    the a an is are was were be to of and in it you he she they we i for on that this with have not at but my your
    what how why when who can do does did if so just like yes his her their as or from all will would there
    get got go its its im dont
    """)


def is_foreign(words: Collection[str]) -> bool:
    """Whether lower-case words without apostrophes, emotes taken out, are clearly another language in Latin script."""
    if len(words) < FEWEST_WORDS or _CLEAR.isdisjoint(words) or len(_CLEAR.intersection(words)) < CLEAR_WORDS:
        return False
    return sum(word in _FOREIGN for word in words) > sum(word in _ENGLISH for word in words)


def is_other_script(words: Iterable[str]) -> bool:
    """Whether words are mostly in another script; one without spaces counts by its letters."""
    joined = "".join(words)
    others = len(_OTHER_SCRIPT.findall(joined))
    return others >= FEWEST_WORDS and 2 * others > len(joined)
