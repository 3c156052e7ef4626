"""Same seed, same bytes: in another process, with another hash seed, and as written down here."""

import os
import subprocess
import sys
from hashlib import sha256

import pytest

PROGRAM = """
from fractions import Fraction
from quizgen.sampling.comparisons import compare_models, rank_models
from quizgen.sampling.corruption import BERT, corrupt, unit_draws, vocabulary
from quizgen.sampling.draws import Source
from quizgen.sampling.masks import Bernoulli, Count, DIFFERENT_WORDS, Spans, admits, draw_masks
from quizgen.sampling.probabilities import draw_distribution, draw_probabilities
from quizgen.sampling.sentences import read_corpus
from quizgen.sampling.single_mask import compare_distributions, draw_true_word_outputs
from quizgen.source import examine_text

BANK = '''
sentences:
  bird: {text: The early bird catches the worm, mask: {2 early ADJ: hungry clever patient, 6 worm NOUN: seed bug egg}}
  cook: {text: Too many cooks spoil the broth, mask: {3 cooks NOUN: chefs guests men, 4 spoil VERB: ruin burn eat}}
  friend: {text: A friend in need is a friend indeed, mask: {2 friend NOUN: man dog cat, 4 need NOUN: love war gold}}
'''
corpus, findings = read_corpus([examine_text(BANK)])
assert not findings, findings
words, rules = vocabulary(corpus.sentences), (
    Count(1), Count(3, among="all", constraints=(DIFFERENT_WORDS,)), Bernoulli(Fraction(15, 100), "redraw"), Spans(2))
for source in (Source(seed=1), Source(secret=bytes(range(32)))):
    for variant in range(40):
        def stream(purpose):
            return source.stream("template", variant, 0, purpose)
        for rule in rules:
            fitting = [sentence for sentence in corpus.sentences if admits(sentence, rule)]
            sentence = stream("sentence").choice(fitting)
            masked = corrupt(sentence, draw_masks(sentence, rule, stream("masks")), stream("corruption"), BERT, words)
            print("masked", masked.corrupted, masked.selected, masked.branches, unit_draws(masked, stream("unit")))
        print(draw_probabilities(stream("p"), 3), draw_distribution(stream("d"), other=True))
        print(compare_models(stream("m"), 2, ["sum-of-probs", "only-first-mask", "only-last-mask"]))
        print(rank_models(stream("r")), compare_distributions(stream("c")), draw_true_word_outputs(stream("o")))
"""

GOLDEN = "1ff268aafcfd1cbd2c7a64b5acb5f700e9850c250630dcbf563c26f3ea0cd6bb"
"""Changes only together with a decision to give every quiz other variants."""


@pytest.mark.parametrize("hash_seed", ["0", "1", "4242"])
def test_sampling_is_the_same_whatever_the_hash_seed(hash_seed: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, env=environment, check=True, timeout=120
    )
    assert done.stdout.count(b"masked (") == 2 * 40 * 4
    assert sha256(done.stdout).hexdigest() == GOLDEN
