"""The objective of a training step: the masked sentence, the record, its tree, its value and how it is written."""
