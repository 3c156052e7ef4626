"""Everything that is drawn at random: sentences, masks, corruption, probabilities, model comparisons."""
