"""A transformer bundle as an article model."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hawadith.bundle import Bundle
from hawadith.encoder.checkpoint import check_checkpoint
from hawadith.encoder.evidence import occlude_sentences
from hawadith.encoder.precision import read_precision
from hawadith.encoder.runtime import WindowScorer
from hawadith.errors import BundleError
from hawadith.model import ArticleScores, RankedSentence
from hawadith.pooling import pool_windows
from hawadith.text.article import PreparedArticle
from hawadith.tokens import TokenizedArticle, WordPieceTokenizer
from hawadith.typology import Pooling
from hawadith.windows import ArticleWindows, Windowing, build_windows

_TOKENISED_AT_ONCE = 32  # articles; the first batches run while the next articles are cut into word-pieces


class EncoderModel:
    """Scores articles window by window and pools the logits.

    Args:
        scorer: The exported model.
        tokenizer: Its tokenizer.
        windowing: How it was trained to read articles.
        rules: One pooling rule per label.
    """

    def __init__(
        self, scorer: WindowScorer, *, tokenizer: WordPieceTokenizer, windowing: Windowing, rules: Sequence[Pooling]
    ) -> None:
        self._scorer = scorer
        self._tokenizer = tokenizer
        self._windowing = windowing
        self._rules = tuple(rules)

    @classmethod
    def load(cls, bundle: Bundle) -> "EncoderModel":
        """Load a transformer bundle.

        Args:
            bundle: A verified bundle.

        Returns:
            The model, ready to score.

        Raises:
            BundleError: If checkpoint, tokenizer, runtime and typology do not say the same.
        """
        config = check_checkpoint(bundle)
        tokenizer = WordPieceTokenizer.load(bundle.path / "tokenizer.json")
        embedded = config.get("vocab_size")
        if not isinstance(embedded, int) or embedded < tokenizer.vocab_size:
            raise BundleError(
                f"{bundle.path}: the tokenizer has {tokenizer.vocab_size} word-pieces, the encoder knows {embedded}. Export "
                "the bundle again."
            )
        read_precision(bundle)  # a runtime of a kind that this version does not know is refused, not tried
        scorer = WindowScorer.load(
            bundle.path / "runtime" / "model.xml",
            pad_id=tokenizer.pad_id,
            longest=bundle.manifest.windowing.max_length,
        )
        if scorer.n_labels != len(bundle.typology.ids):
            raise BundleError(
                f"{bundle.path}: the runtime has {scorer.n_labels} outputs, the typology {len(bundle.typology.ids)} labels. Export the "
                "bundle again."
            )
        return cls(scorer, tokenizer=tokenizer, windowing=bundle.manifest.windowing, rules=bundle.typology.pooling)

    def score(self, articles: Sequence[PreparedArticle]) -> ArticleScores:
        """Score non-empty articles; an article's logits that are not all finite come back as NaN, all of them.

        Args:
            articles: Prepared articles.

        Returns:
            Their scores, in order.
        """
        cut: list[ArticleWindows] = []
        n_tokens: list[int] = []
        n_unknown: list[int] = []

        def read() -> Iterator[NDArray[np.int32]]:
            for start in range(0, len(articles), _TOKENISED_AT_ONCE):
                for tokenized in self._tokenizer.tokenize(articles[start : start + _TOKENISED_AT_ONCE]):
                    cut.append(self._cut(tokenized))
                    n_tokens.append(len(tokenized.ids))
                    n_unknown.append(int((tokenized.ids == self._tokenizer.unk_id).sum()))
                    yield from cut[-1].windows

        window_logits = self._scorer.score(read())
        counts = np.array([len(article.windows) for article in cut], dtype=np.int32)
        per_article = np.split(window_logits, np.cumsum(counts)[:-1]) if len(counts) else []
        return ArticleScores(
            logits=np.array([self._pool(logits) for logits in per_article], dtype=np.float32).reshape(
                len(cut), len(self._rules)
            ),
            n_tokens=np.array(n_tokens, dtype=np.int32),
            n_windows=counts,
            truncated=np.array([article.truncated for article in cut], dtype=np.bool_),
            n_unknown=np.array(n_unknown, dtype=np.int32),
        )

    def rank_sentences(self, article: PreparedArticle, *, labels: Sequence[int]) -> list[list[RankedSentence]]:
        """Rank the sentences of the window that speaks most for each label, by occlusion.

        Args:
            article: A prepared article.
            labels: Label positions.

        Returns:
            For each of them that window's sentences, best first; a sentence's score is what the window's logit loses without it.
        """
        [tokenized] = self._tokenizer.tokenize([article])
        cut = self._cut(tokenized)
        logits = self._scorer.score(cut.windows)
        chosen = [0 if self._rules[label] == "first" else int(logits[:, label].argmax()) for label in labels]
        losses = {
            window: occlude_sentences(
                tokenized, windows=cut, window=window, logits=logits[window], score=self._scorer.score
            )
            for window in sorted(set(chosen))
        }
        n_title = len(article.title.sentences)
        return [
            _rank({sentence: float(loss[label]) for sentence, loss in losses[window].items()}, n_title=n_title)
            for label, window in zip(labels, chosen, strict=True)
        ]

    def _cut(self, article: TokenizedArticle) -> ArticleWindows:
        cls_id, sep_id = self._tokenizer.cls_id, self._tokenizer.sep_id
        cut = build_windows(article, windowing=self._windowing, cls_id=cls_id, sep_id=sep_id)
        if cut.windows:
            return cut
        # An article of which the vocabulary spells nothing still has a score: that of an empty one, as in training.
        nothing = np.array([cls_id, sep_id], dtype=np.int32)
        return replace(cut, windows=[nothing], spans=[(0, 0)])

    def _pool(self, window_logits: NDArray[np.float32]) -> NDArray[np.float32]:
        if not np.isfinite(window_logits).all():
            return np.full(len(self._rules), np.nan, dtype=np.float32)
        return pool_windows(window_logits, rules=self._rules)


def _rank(scores: Mapping[int, float], *, n_title: int) -> list[RankedSentence]:
    """Best first; of equals the earlier in the article."""
    return [
        RankedSentence(field="title", index=sentence, score=score)
        if sentence < n_title
        else RankedSentence(field="text", index=sentence - n_title, score=score)
        for sentence, score in sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    ]
