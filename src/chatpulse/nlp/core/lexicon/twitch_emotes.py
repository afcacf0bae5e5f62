"""Emotes that every Twitch chat has: Twitch's own global ones, past and present.

Laughing is amusement and mildly positive, hype is arousal and weakly positive, irony is doubt.
"""

TWITCH_EMOTES = """
# laughter
+1.0 laughter: LUL EleGiggle
+0.9 laughter: 4Head TehePelo MaxLOL HypeLUL PrideLaugh HypeLol JinxLUL BrainSlug
+0.8 laughter: HahaThisisfine HahaBall HahaCat HahaDoge HahaElf HahaReindeer HahaGoose HahaNutcracker HahaPoint
    HahaPresent HahaSleep HahaSnowhal HahaThink HahaTurtledove HahaLean HahaDreidel HahaShrugLeft HahaShrugRight
    HahaShrugMiddle HahaNyandeer Haha2020 KEKHeim
+0.6 laughter ~0.3: Jebaited
-0.2 laughter ~0.6: HahaSweat
# hype: arousal, weakly positive
+0.6 hype: PogChamp PogBones KomodoHype HypeFire HypePog HypeWow HypeGG HypeBLEH TwitchLit CurseLit GlitchLit HypeWave
    HypeCheer HypeYay HypeWho TakeNRG AMPEnergy AMPEnergyCherry GlitchNRG PowerUpL PowerUpR DarkKnight TwitchConHYPE
    HypeHit HypeElf HypeFighter HypeRanger HypeCleric HypeMage HypeMorph PogPride PridePog HypeBoss HypeBlock HypeJewel
    HypeTarget HypeAttack HypeHype MorphinTime HypeGems
+0.5 hype: SMOrc PowerUp KAPOW FBtouchdown FBRun FBCatch FBSpiral FBChallenge FBPass FootGoal GoldPLZ FunRun TombRaid
    BloodTrail AMPTropPunch GunRun TwitchRaid twitchRaid RyuChamp MechaRobot
+1.2 hype: MVGame FlawlessVictory FallWinning NewRecord WeDidThat HypeTrophy HypeMVP HypeAwesome HypeEpic
# joy, love, support
+1.8 love: <3 TwitchUnity bleedPurple BleedPurpleHD PurpleStar VirtualHug PridePaint PrideHeartL PrideHeartR ModLove
    LuvHearts LuvSign LuvUok LuvBlush LuvBrownL LuvBrownR LuvCool LuvOops LuvPeekL LuvPeekR PrideLove HypeHeart
    HypeLove KittyLove HypeHug PrideHeart ThankEgg FamilyMan HypePat MercyWing1 MercyWing2 PinkMercy IronmouseLuv
    HypeKiss
+1.3 love: Kreygasm SmoocherZ HypeLick PrideCute PrideFloat SoCute StrawBeary
+0.5 love ~0.3: KappaPride GayPride PridePenguin BisexualPride PansexualPride AsexualPride LesbianPride NonbinaryPride
    TransgenderPride IntersexPride GenderFluidPride PrideRhino PrideUnicorn PrideStrong PrideShine PrideRise PrideParty
    PrideFlower PrideLionHey PrideLionYay PrideLionChomp PrideElephant PrideGive PrideHi PrideKoala PrideMelt
    PrideToucan PrideUwu PrideWave PrideWorld PrideYes PrideBalloons PrideSmile
+1.4: SeemsGood CoolCat FrankerZ CarlSmile bttvNice HSCheers HSWP CheersToThat GoodOne PraiseIt HypeCool HypeNice
    HypeHappy HypeThumbsUp FUNgineer PartyTime PartyHat PartyPopper 2020Celebrate 2020Victory 2020Party HypeGood
    HypeStar HypeSmile KappaCool
+1.0: HeyGuys VoHiYo KonCha OhMyDog DinoDance DogFace CorgiDerp TBAngel GivePLZ NomNom duDudu BratChat SuperVinlin
    HumbleLife BegWan HandsUp HypeHai HypeDance HypeParty HypeHello VoteYea SingsMic SingsNote TwitchSings RaccAttack
    ArigatoNas PokPikachu BopBop FeelsVi TableHere GlitchCat DxCat HarleyWink HypeWink PoroHappy LaLaLa AGiftForYou
    HolidayPresent HolidayCookie HolidayTree HolidayOrnament HolidayLog HolidaySanta TPFufun BlessRNG KappaRoss
    ItsBoshyTime OWLSmile 2020Wish BOP HypePride CatBag
+0.6: SabaPing OpieOP GoatEmotey KevinTurtle RalpherZ PixelBob OSFrog OSfrog OSkomodo OSsloth PicoMause PunchTrees
    TwitchRPG PizzaTime GingerPower CoolStory RuleFive StinkyGlitch BabyYoda SirUwU ChefFrank FBBlock RedCoat Mau5
    BuddhaBar Lechonk HypeFrog RobloxCheer TwitchVotes ShowOfHands ButtonMash ModTime RaccoonPop HungryPaimon
    2020Snacking SoonerLater StoneLightning PJSugar ShareTheLove
# approval's opposite: boredom, cringe, disgust
-1.6 boredom: ResidentSleeper
-1.1 boredom: SnoreZ HypeSleep HypeYawn HypeBoring CoolStoryBob SeriousSloth
-1.4: DansGame FailFish StinkyCheese HypeFail HypePuke VoteNay SoBayed TheTarFu
-1.1 shock: WutFace PanicVis PanicBasket panicBasket ScaredyCat TheThing HypeShock HypePanic HypeScream
-1.4 sadness: NotLikeThis
-1.2 sadness: BibleThump PoroSad FallCry FallHalp HypeCry HypeSad HypeOops BigSad TearGlove HypeHurt
-1.1 anger: BabyRage SwiftRage PJSalt UnSane PunOko YouWHY NotATK WhySoSerious HypeRage HypeAngry NinjaGrumpy
    PokMaskedpika
-0.9: BrokeBack FreakinStinkin FootYellow PopGhost HypeStress FBPenalty HypeNo FallDamage
-0.8: cmonBruh NiceTry TooSpicy UWot PrimeUWot RlyTho PrimeRlyTho BigPhish CrreamAwk HypeSus
# read both ways: irony, teasing, references
+0.0 ~0.9: Kappa Keepo KappaHD Kappu Kapp MiniK KappaClaus KappaWealth GoldenKappa Kippa Krappa
+0.0 ~0.7: TriHard ANELE HotPokket MingLee BCWarrior AsianGlow KKona TTours TheIlluminati MrDestructoid BatChest
    BigBrother WTRuck DatSheffy imGlitch copyThis YouDontSay PrimeYouDontSay ShadyLulu InuyoFace CaitThinking CaitlynS
    DBstyle OneHand PeoplesChamp PMSTwin JKanStyle StirThePot SUBprise SUBtember UncleNox
+0.2 ~0.3: ArgieB8 ArsonNoSexy BlargNaut DendiFace DAESuppy DarkMode DoritosChip EarthDay EntropyWins ExtraLife
    FutureMan HassaanChop JonCarnage LaundryBasket MikeHogu OptimizePrime PermaSmug PeteZaroll Poooound PopCorn PopNemo
    PotFriend PrimeMe SSSsss ShazBotstix Squid1 Squid2 Squid3 Squid4 RitzMitz riPepperonis ThunBeast TheRinger TinyFace
    WholeWheat HypePopcorn HypeTune PopcornTime TPcrunchyroll GreenTeam RedTeam PurpleTeam MyAvatar PlotTwist
    BangbooBounce 2020ByeGuys 2020Shhh 2020Gift 2020Rivalry 2020Selfie 2020Pajamas 2020Shred 2020Glitchy 2020Forward
    2020HomeRun
"""
