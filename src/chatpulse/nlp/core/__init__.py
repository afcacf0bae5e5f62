"""What a chat line says, as pure functions of its text."""
