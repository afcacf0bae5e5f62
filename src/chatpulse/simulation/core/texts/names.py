"""What the invented people of chat are called: words for logins, separated by spaces, and names in other scripts."""

FIRST = """
amber brisk cobalt dapper eager fuzzy gentle hollow indigo jolly keen lunar mellow nimble odd plush quiet rusty sunny
tidy umber velvet witty zesty mossy salty paper neon tiny grumpy sleepy spicy lucky pixel turbo
silver cosmic frosty minty breezy bouncy clever cheeky dusty electric famous fancy fluffy foggy golden happy humble icy
crispy lazy lofty magic merry misty noisy polite proud rapid royal rustic shiny silent smoky snowy solar stormy tangy
"""
LAST = """
otter kettle lantern badger comet pickle walrus teapot falcon noodle gizmo heron biscuit rocket marble turnip fox beetle
wizard pancake cactus puffin tractor waffle goblin pebble yeti mango cricket raccoon sparrow dumpling
anchor bagel beacon bramble button candle canyon carrot cheese cloud cobbler compass donut engine feather fiddle gander
hammock harbor hedgehog hermit island jigsaw koala ladder lemming lobster magnet meadow muffin narwhal nutmeg panda
parrot peanut pigeon pirate plum potato pretzel rabbit ribbon saddle scooter seagull slipper spoon thimble toaster
"""
SCRIPTS = (
    ("ねこまる", "nekomaru"),
    ("ゆずみそ", "yuzumiso"),
    ("月見うどん", "tsukimiudon"),
    ("こはるび", "koharubi"),
    ("하늘별", "haneulbyeol"),
    ("느린거북", "neurin_geobuk"),
    ("달빛여우", "dalbit_yeou"),
    ("小楓葉", "xiaofengye"),
    ("夜航船", "yehangchuan"),
    ("豆花貓", "douhuamao"),
)
"""Display names in other scripts, with the login that such users have."""
COLORS = """
#FF0000 #0000FF #008000 #B22222 #FF7F50 #9ACD32 #FF4500 #2E8B57 #DAA520 #D2691E #5F9EA0 #1E90FF #FF69B4 #8A2BE2 #00FF7F
#7A4FD0 #C46B2D #3FA7A0
"""
