"""Emotes that every channel has: native ones with their ids, and by mood (third-party ones are plain words)."""

from collections.abc import Mapping

from chatpulse.simulation.core.mood import Mood

NATIVE_EMOTES: Mapping[str, str] = {
    "Kappa": "25",
    "Keepo": "1902",
    "PogChamp": "305954156",
    "LUL": "425618",
    "4Head": "354",
    "BibleThump": "86",
    "HeyGuys": "30259",
    "VoHiYo": "81274",
    "NotLikeThis": "58765",
    "ResidentSleeper": "245",
    "SwiftRage": "34",
    "WutFace": "28087",
    "FailFish": "360",
    "DansGame": "33",
    "BabyRage": "22639",
    "PJSalt": "36",
    "Kreygasm": "41",
    "SeemsGood": "64138",
    "CoolCat": "58127",
    "bleedPurple": "62835",
    "OhMyDog": "81103",
    "GlitchCat": "304486301",
    "VirtualHug": "301696583",
    "KonCha": "160400",
    "<3": "9",
    ":)": "1",
    ":D": "3",
    ":(": "2",
}
"""Global emotes that Twitch marks in the `emotes` tag, with their ids."""

EMOTES: Mapping[Mood, str] = {
    Mood.HYPE: "PogChamp Pog POGGERS PogU LETSGO HYPERS POGCRAZY EZ Clap PogChamp PagMan",
    Mood.LAUGHTER: "LUL KEKW LULW OMEGALUL ICANT PepeLaugh xdd 4Head LUL KEKW",
    Mood.SHOCK: "monkaS WutFace NOWAY AINTNOWAY D: monkaW HUH NotLikeThis",
    Mood.SADNESS: "Sadge BibleThump PepeHands FeelsBadMan peepoSad widepeepoSad :(",
    Mood.ANGER: "DansGame SwiftRage BabyRage Madge PJSalt FailFish weirdChamp",
    Mood.BOREDOM: "ResidentSleeper Bedge Waiting ResidentSleeper yawn",
    Mood.LOVE: "<3 bleedPurple peepoLove VirtualHug FeelsStrongMan widepeepoHappy <3",
    Mood.QUESTION: "modCheck Hmm monkaHmm",
    Mood.CALM: "Kappa NODDERS peepoHappy catJAM SeemsGood CoolCat Keepo",
    Mood.GREETING: "HeyGuys VoHiYo peepoHey KonCha",
    Mood.RAID: "LETSGO PogChamp HeyGuys HYPERS",
    Mood.THANKS: "<3 bleedPurple peepoClap Clap FeelsStrongMan",
    Mood.REPLY: "Kappa SeemsGood NODDERS LUL",
    Mood.QUARREL: "PJSalt DansGame weirdChamp FailFish",
}
