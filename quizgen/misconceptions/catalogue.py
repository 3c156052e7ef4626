"""The catalogue: every misconception that the engine knows, in the order in which tables show them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from . import (
    accuracy_as_loss,
    all_tokens,
    autoregressive_factorisation,
    clm_bidirectional,
    clm_predict_self,
    condition_on_original,
    condition_on_own_predictions,
    drop_conditioning,
    drop_lambda,
    eighty_percent_of_all,
    entropy_as_cross_entropy,
    exclude_random_or_kept,
    extra_unmasked_token,
    flip_sign,
    gradient_true_word_only,
    half_of_selected_random,
    include_special_tokens,
    joint_instead_of_marginals,
    left_context_only,
    linear_improvement,
    linear_loss,
    log_of_mean,
    log_of_sum,
    log_one_not_zero,
    log_ratio,
    mask_ordinal_positions,
    mean_over_length,
    mean_over_masks,
    minus_log_zero_is_zero,
    multilabel_bce,
    nsp_wrong_class,
    off_by_one_positions,
    only_first_mask,
    only_last_mask,
    perplexity_arithmetic,
    perplexity_as_loss,
    perplexity_base_mismatch,
    perplexity_from_sum,
    perplexity_is_probability,
    pll_conditioning,
    predict_mask_token,
    prefix_loss_on_prefix,
    product_of_logs,
    product_of_probs,
    reverse_conditional,
    rtd_label_by_mask,
    rtd_label_ignored,
    rtd_only_masked,
    selected_equals_masked,
    sentinel_per_token,
    sequence_mean_for_token_mean,
    skip_softmax,
    span_single_mask,
    span_target_whole_sentence,
    squared_error,
    sum_of_probs,
    sum_when_mean_asked,
    swap_targets,
    target_random_replacement,
    target_top_prediction,
    ten_percent_of_remainder,
    unmasked_only,
    word_as_single_term,
    worst_token_only,
    wrong_duplicate_position,
    wrong_log_base,
)
from .beliefs import BELIEFS
from .operators import Misconception

OPERATORS: tuple[Misconception, ...] = (
    sum_of_probs.MISCONCEPTION,
    product_of_probs.MISCONCEPTION,
    product_of_logs.MISCONCEPTION,
    log_of_sum.MISCONCEPTION,
    log_of_mean.MISCONCEPTION,
    log_ratio.MISCONCEPTION,
    worst_token_only.MISCONCEPTION,
    mean_over_masks.MISCONCEPTION,
    sum_when_mean_asked.MISCONCEPTION,
    mean_over_length.MISCONCEPTION,
    flip_sign.MISCONCEPTION,
    wrong_log_base.MISCONCEPTION,
    linear_loss.MISCONCEPTION,
    squared_error.MISCONCEPTION,
    condition_on_original.MISCONCEPTION,
    autoregressive_factorisation.MISCONCEPTION,
    condition_on_own_predictions.MISCONCEPTION,
    left_context_only.MISCONCEPTION,
    drop_conditioning.MISCONCEPTION,
    reverse_conditional.MISCONCEPTION,
    pll_conditioning.MISCONCEPTION,
    joint_instead_of_marginals.MISCONCEPTION,
    predict_mask_token.MISCONCEPTION,
    swap_targets.MISCONCEPTION,
    target_random_replacement.MISCONCEPTION,
    only_first_mask.MISCONCEPTION,
    only_last_mask.MISCONCEPTION,
    all_tokens.MISCONCEPTION,
    extra_unmasked_token.MISCONCEPTION,
    unmasked_only.MISCONCEPTION,
    include_special_tokens.MISCONCEPTION,
    exclude_random_or_kept.MISCONCEPTION,
    off_by_one_positions.MISCONCEPTION,
    mask_ordinal_positions.MISCONCEPTION,
    wrong_duplicate_position.MISCONCEPTION,
    word_as_single_term.MISCONCEPTION,
    sequence_mean_for_token_mean.MISCONCEPTION,
    minus_log_zero_is_zero.MISCONCEPTION,
    log_one_not_zero.MISCONCEPTION,
    linear_improvement.MISCONCEPTION,
    perplexity_as_loss.MISCONCEPTION,
    perplexity_from_sum.MISCONCEPTION,
    perplexity_base_mismatch.MISCONCEPTION,
    perplexity_arithmetic.MISCONCEPTION,
    perplexity_is_probability.MISCONCEPTION,
    target_top_prediction.MISCONCEPTION,
    entropy_as_cross_entropy.MISCONCEPTION,
    multilabel_bce.MISCONCEPTION,
    skip_softmax.MISCONCEPTION,
    gradient_true_word_only.MISCONCEPTION,
    accuracy_as_loss.MISCONCEPTION,
    selected_equals_masked.MISCONCEPTION,
    eighty_percent_of_all.MISCONCEPTION,
    ten_percent_of_remainder.MISCONCEPTION,
    half_of_selected_random.MISCONCEPTION,
    span_single_mask.MISCONCEPTION,
    clm_predict_self.MISCONCEPTION,
    clm_bidirectional.MISCONCEPTION,
    prefix_loss_on_prefix.MISCONCEPTION,
    span_target_whole_sentence.MISCONCEPTION,
    sentinel_per_token.MISCONCEPTION,
    rtd_only_masked.MISCONCEPTION,
    rtd_label_by_mask.MISCONCEPTION,
    rtd_label_ignored.MISCONCEPTION,
    drop_lambda.MISCONCEPTION,
    nsp_wrong_class.MISCONCEPTION,
)
"""Those with an operator, one module each."""

CATALOGUE: tuple[Misconception, ...] = (*OPERATORS, *BELIEFS)

_BY_ID: Mapping[str, Misconception] = MappingProxyType({entry.id: entry for entry in CATALOGUE})


def misconception(name: str) -> Misconception:
    """The misconception with this id.

    Raises KeyError, naming the nearest ids, if there is none.

    >>> misconception("flip-sign").concept
    'c-mlm-nll'
    """
    try:
        return _BY_ID[name]
    except KeyError:
        import difflib

        near = difflib.get_close_matches(name, _BY_ID, n=3)
        hint = f"did you mean {', '.join(near)}?" if near else "see the catalogue"
        raise KeyError(f"no misconception is called {name!r}; {hint}") from None
