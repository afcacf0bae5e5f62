"""Emotes that extensions bring to every chat: BetterTTV, FrankerFaceZ, 7TV.

Names that are also plain words in ordinary spelling (`Wait`, `Sure`, `Classic`) are left out: without the channel's
own emote set they cannot be told from the word.
"""

OTHER_EMOTES = """
# laughter
+1.0 laughter: LULW LuL LULE KEKW KEKL KEKWlaugh OMEGALUL LOLW OMEGALULiguess NOMEGALUL MEGALUL ZULUL OMEGAKEK ICANT
    KEKE KEKWiggle LULUL lulWut OMEGAROLL OMEGALOL kekw KEKG KEKLEO LULDANCE xdd xddd xdding KEKVibe PEPW OMEGADANCE
    DIESOFLAUGHTER om omE ome5 ome32 omegalul IJBOL LOLOL heCrazy KEKLaugh Hhhehehe RoflanEbalo CatLaugh catLaugh
    LaughAtThisUser icant LOLE LOLWUT
+0.8 laughter ~0.2: PepeLaugh pepeLaugh PepeLa pepeLa BebeLa PepeLmao pepeLmao peepoGiggles peepoGiggle ohnono
    OMEGATROLL JebaitedW Jebasted Trolleg HACKERMANS PepeJebaited pepePoint PepegaPls PepegaShake peepoLaugh PepePoint
    pepeTROLL trollDespair BatJAM
-0.4 laughter ~0.7: KEKWait 2Header PepegaAim PepegaCredit 3Head 2Head 1Head PEPEGA Pepega pepega PepegaDriving
    WHYLAUGH KEKSad KEKSUS KEKBye clownge Clownge Dentge Clueless CLUELESS Cluegi pepeClown PepeClown Pepegaphone
# hype: arousal, weakly positive
+0.6 hype: Pog POG PogU POGGERS Poggers PogTasty POGCRAZY POGSLIDE Pogey PogChampius PauseChamp PogOMEGA PogFish
    POGGIES HYPERPOGGER PagMan PagChomp Pag HYPERS VeryPog PogPog PogPlant POGPLANT PepePog peepoPog PogTree
    PoggersClap LETSGO LETSGOO LETSGOOO LETSGOOOO LETSGOOOOO LETSFUCKINGGO YESIDOTHINKSO YESYES YESSIR GIGAPOG AYAYAYA
    WAYTOODANK HYPERYump HYPERDANSGAMEW LETHIMCOOK LETHERCOOK LetHimCook COGGERS HypeRave RareParrot PepoDance
    GoblinJam HOGGERS gachiHYPER gachiHyper peepoRun PogT PogSpin wideReacting ChugU PauseMan PauseManSit pausechamp
    PausersHype WideHype
+0.9 hype: HYPERCLAP FeelsAmazingClap ClapHD EZClap NOWAYING POGCLAP
# joy, love, support
+1.8: FeelsAmazingMan FeelsGoodMan widepeepoHappy peepoHappy pepoHappy PepeHappy Gladge gladge YIPPIE YIPPEE yippie
    peepoSmile WideHappy FeelsOkayW HYPERHAPPY happE HAPPIES HAPPYHAPPY HAPPYHAPPYHAPPY FeelsBirthdayMan BASADO
    GIGAHAPPY widesfhappy YIPEEE GladAndProud PepeProud
+1.8 love: peepoLove PeepoLove catKISS peepoKiss peepoHug Hugge hugge dankHug dankLove HUGGIES PETTHE peepoHeart HeartU
    catHug catLove BibleHug peepoLovely peepoFlower peepoShy Kissahomie WUB LUBBERS PepeLove FeelsLoveMan HUGE4
    nyanLove HYPERLOVE FeelsKissMan Lovegers PepeHug Lovey widepeepoLove HeartHands peepoBlush
+1.4: Clap peepoClap PEPECLAP catClap EZdodge FeelsOkayMan FeelsStrongMan OkayChamp GIGACHAD GigaChad NODDERS YEPPERS
    YesYes Okayge okayge HYPERNODDERS peepoComfy PepeComfy peepoCozy PEEPERSCLAP TOOBASED TRUEING W4W FeelsSnowMan
    FeelsPumpkinMan peepoCheer PepeOK PepeOk pepeOK peepoThumbsUp PogChill PepePls pepeDS SoTrue SOTRUE BasedGod
    FeelsSpecialMan bttvHappy bttvCool bttvHeart BBcool FeelsProudMan Wowee PeepoClap NiceDay peepoGood goodNight
    Cinheimer LuvU Goodge goodge ROLLW peepoPride OKAYEG pepeSalute peepoSalute widepeepoSalute PepeSalute peepoThanks
    thanksge
+1.0: AYAYA ayaya AYAYABASS peepoHey PeepoHey peepoHi peepoWave catWave FeelsHiMan HenloThere HiHi peepoArrive
    docArrive catJAM ratJAM pepeJAM PepeJam peepoJAM VIBE wideVIBE widevibe widePeepoJam catDance SourPls AlienPls
    RainbowPls AlienDance GachiPls catPls PepoCheer pepeD PepeD peepoD pepeDance FeelsRhythmMan Jammies JAMMIES ppHop
    ppJedi dogJAM danse DANSE SingsJAM lebronJAM nyanPls monkaJam slimeyJAM headBang JAMMING PianoTime GuitarTime
    PartyKirby BoneZone FeelsPartyMan HedgeDance AlienPls3 lynawide TriFi pepeGuitar peepoDJ BRUHDANCE DonkDance
    donkDance peepoShuffle peepoBreak dinoDance CrabPls ApuApustaja Hopge hopge HOPIUM Prayge prayge PRAYGE peepoPray
    SHELLO monkE MONKE SipTime TeaTime peepoSip peepoTea peepoCoffee OkaySip PepeSip peepoFat peepoCocoa gachiGASM
    gachiBASS gachiW AngelThump FeelsDankMan BOOBA BOOBEST Gayge GAYGE AYAYAHyper TriKool KKool coolDoge SwagCat
    WidePeepo VapeNation SmokeTime pikachuPog GroupHug PetPet PETPET Petge peepoPat patDown pettheeg duckDance DuckerZ
    RarePepe DogChamp yayPls GabeN YetiZ FireSpeed LilZ SwedSwag BroBalt bUrself DankiesClap DANKIES Danki dankCrayon
    peepoChef SUGOI sugoi PepoG PeepoG peepoNote NOTED NoteD peepoNotes peepoWork
+0.3: YEP Nodge Listening Chatting peepoChat peepoTalk peepoTyping FishMoley M&Mjc PepoPopcorn peepoPopcorn pepePopcorn
    modCheck peepoLeave PepoLeave docLeave TaxiBro Bedge bedge peepoBed Sleepge peepoSleep GAMBA GAMBAGE KKonaW
    KKomrade HYPERYAY MaN Corpa STONKS Stonks ppCircle ppSlide ppOverheat ppPoof SoSnowy CiGrip SqShy IceCold
    PancakeMix cvMask ReinDeer SantaHat CandyCane DatSauce VisLaud WatChuSay TwaT TopHam ShoopDaWhoop HailHelix
    PoleDoge LilC BBoomer ZZoomer RawkOut GIGAHAS peepoHas widepeepoHas WideCatTime ApuBand lookUp lookDown peepoTrip
    BLAMMO HandsUpW modTime peepoFishing Fishinge
# sadness
-1.6 sadness: FeelsBadMan PepeHands Sadge sadge SAJ sajj Sadgers widepeepoSad peepoSad PepeSad SadCat peepoSadSwing
    sadE SADGE SadgeCry peepoCry PepeCry CryingMan ForeverAlone bttvSad Despairge Despair sadCat catCry CatCry sadKEK
    SadChamp Sadging SadgeRain FeelsRainMan FeelsGuitarMan FeelsLonelyMan FeelsCryMan PepeKMS peepoHurt BibleCry Smadge
    smadge peepoSuffer PainChamp PainPeko painge Painge PAINge HYPERSADGE WideSadge BigSadge MegaSadge PainsChamp
    SADING sadNodders SCHIZOSAD Dedge Deadge deadge DEADGE JOEVER ITSOVER Joever ITSJOEVER MyLife Despairing
    NotLikeDuck ReallySad PensiveCowboy Prayger pepeRain Pepepains
-0.9 sadness: SleepyChamp PoorMe FeelsTiredMan NotOkay peepoSadDank Sadeg Aware AwareDude OMEGAWARE Awaring Suske
    widepeepoSadSwing
-0.5 ~0.7: COPIUM Copium Copege Copesen Copinga HUFFING copium COPIUMTIME Surelyge COPESQUAD MEGACOPIUM GIGACOPIUM
    OMEGACOPIUM HYPERCOPIUM
# anger, disgust, contempt
-1.5 anger: Madge madge ReeFrog RAGEY RageyBoom DESKCHAN MadChamp PepeMad peepoMad HYPERMADGE Angy angy ANGY bttvAngry
    ANGRE FeelsRageMan FeelsAngryMan PepeRage peepoRage UltraMad SMADGE Pissed peepoRiot PepoRiot RIOTTIME DESKSMASH
    pepeMeltdown SHUTTHEFUCKUPWEEBS AngryCat ANGE madE pepeAngry monkaRage HYPERMAD
-1.4: FeelsWeirdMan WeirdChamp WeirdChamping WeirdDude Weirdge weirdge FeelsWeirdManW peepoWeird PepeWeird weirdChamp
    WierdChamp PogO Pogo POGO PepoWeird peepoWTF DansChamp DansGameW DisGust PUKERS (puke) PukeChamp SuchFraud
    SaltyCorn WEEBSOUT WeebsOut NOPERS Nopers nopers NOIDONTTHINKSO FeelsLagMan BruhFaceP DonoWall DONOWALL SKILLISSUE
    pepeLoser RIPBOZO RatioL BadTake NOTCOOL cringE DIESOFCRINGE haHAA HAHAA peepoCringe CringeChamp CringeHarold
    yikesJAM PepoCringe SOBADOMEGAROLL LBOZO ThatsWack NotNice
-1.4 boredom: SleepyJoe HYPERSLEEP SleeperW ResidentCoolio BoredChamp LULLSLEEP ResidentSleepW residentsleeper
    peepoYawn
# fear, shock, bewilderment
-1.0 shock: monkaS monkaW monkaGIGA monkaX monkaOMEGA monkaMEGA monkaChrist monkaSHAKE monkaShake monkaTOS monkaH
    monkaEyes monkaLaugh monkaStop monkaGun monkaSTEER monkaSoap monkaPickle monkaStare monkaCool monkaDMCA monakS
    PepeS PepeScared peepoS peepoScared peepoShake PeepoSHAKE peepoPanic HYPERMONKA MonkaS MonkaW monkaEXTREME monkaUhm
    FLASHBANG WHATTHE PANIK TheVoices SCHIZO Schizo FeelsScaryMan MEGAMONKA WutFaceW monkaFace ConcernDoge
-0.8 shock: D: DxD WTFF WTFFF wtff WTFFFF peepoGasp HUHH HUHHH SUSSY Susge susge pepeSus OuttaPocket HOLDUP HELLNAW
    NAHBRO AINTNOWAY AintNoWay aintnoway AINNOWAY NOWAY NoWay
-0.3 shock ~0.4: HUH huhh HUHW whatBlink BruhMoment Bruhg bruhFaceg SHEESH WAITWHAT WaitWhat OMGScoots OhMyGoodness uuh
    HmmOk bruhge yabbe CAUGHT Tssk Susgey CatBlink
# thinking, waiting, staring: nothing said
+0.0 ~0.2: monkaHmm Hmmge hmmMeeting Thinking2 PepoThink peepoThink Hmm HmmNotes ThinkChamp Thonk thonk Stare STARE
    peepoStare PepeStare donkStare modCheckW pepeStare NOTLISTENING notListening Lookinge LookingForward SNIFFA sniffa
    SniffA Wokege wokege Nerdge nerdge UHMACKTUALLY AcktuallyNerd peepoNerd Krapp TheaterMode peepoLurk LurkChamp
    Binoculars catBinocular Glorp glorp Squibby Buh Guh GriddyGoose LIBBERS FADEDTHANAHO
+0.7 ~0.2: EZ EZW EZY
+0.2 ~0.6: 5Head 4WeirdHead BigBrain BIGBRAIN GalaxyBrain gachiThink Smugge Smugging PepeSmug peepoSmug RonSmug SirO
    KKonaLand FeelsTrollMan :tf: Tf Trollge trollge NaM ANELEHyper gachiYES TriEasy HABIBI monkaTriHard cmonBruhW
    WeirdFlex TakingNotes MyBro TheySay (ditto) (chompy) (poolparty) JUSTASKING JustAsking Tomfoolery tomfoolery tomf
    GIGATOMF FeelsBeardMan peepoLick OMEGABRAZIL CatPride OMEGAPOINT
"""
