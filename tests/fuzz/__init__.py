"""What anybody may pass in, at random: it is drawn, or refused in words, and at once."""
