"""Where stages meet: each pipeline is one job from end to end."""
