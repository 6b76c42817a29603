"""Reading one reply: which behaviours of the codebook it performs, and which words show it.

`reader.read` is the only way in. On its way a reply becomes plain text with an offset map (`plain`), times and amounts
are taken out of it (`slots`), the phrase lists of `lexicon/*.yaml` yield findings (`rules`), and the findings become
verdicts (`decide`). Anything that can produce findings, a trained model for one, joins in front of `decide`.
`catalogue` holds the names of the behaviours and the sentence that explains each to a trainee.
"""
