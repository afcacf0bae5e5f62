"""Turn events into the bodies of the record and back.

A body is JSON with a version in front: `{"v":1,...}`. It holds the typed fields and the raw line, so that a better
parser can be run over history. Unknown fields are ignored, so an older program reads what a newer one of the same
version wrote.
"""
