"""The measures against scikit-learn, published values, and the laws they keep."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segtui.api.errors import DataError
from segtui.api.measures import (
    adjusted_mutual_information,
    adjusted_rand,
    calinski_harabasz,
    codes,
    contingency,
    davies_bouldin,
    jaccard,
    jaccard_by_segment,
    population_stability_index,
    silhouette_sampled,
    variance_explained,
    within_ss,
)


def sklearn_metrics() -> Any:
    return pytest.importorskip("sklearn.metrics")


def clouds(rows: int, segments: int, features: int = 4, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    centres = random.normal(scale=2.0, size=(segments, features))
    labels = random.choice(segments, size=rows, p=np.arange(1, segments + 1) / sum(range(segments + 1)))
    return centres[labels] + random.normal(size=(rows, features)) + 50.0, labels


def test_iris() -> None:
    from sklearn.cluster import KMeans
    from sklearn.datasets import load_iris

    matrix = load_iris().data
    labels = KMeans(3, n_init=10, random_state=0).fit_predict(matrix)
    assert within_ss(matrix, labels) == pytest.approx(78.8514, abs=5e-5)
    assert silhouette_sampled(matrix, labels, seed=0).value == pytest.approx(0.5528, abs=5e-5)
    assert calinski_harabasz(matrix, labels) == pytest.approx(561.628, abs=5e-4)
    assert davies_bouldin(matrix, labels) == pytest.approx(0.6620, abs=5e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("segments", [2, 7])
def test_equal_to_scikit_learn(dtype: Any, segments: int) -> None:
    metrics = sklearn_metrics()
    matrix, labels = clouds(1_500, segments)
    matrix = matrix.astype(dtype)
    exact = matrix.astype(np.float64)
    assert calinski_harabasz(matrix, labels) == pytest.approx(metrics.calinski_harabasz_score(exact, labels), rel=1e-9)
    assert davies_bouldin(matrix, labels) == pytest.approx(metrics.davies_bouldin_score(exact, labels), rel=1e-9)
    found = silhouette_sampled(matrix, labels, seed=1)
    each = metrics.silhouette_samples(exact - exact.mean(axis=0), labels)
    assert found.value == pytest.approx(each.mean(), abs=1e-9)
    assert found.is_exact
    assert found.by_segment == pytest.approx({code: each[labels == code].mean() for code in range(segments)}, abs=1e-9)


def test_many_blocks_equal_one() -> None:
    matrix, labels = clouds(150_000, 5, features=3)
    metrics = sklearn_metrics()
    assert calinski_harabasz(matrix, labels) == pytest.approx(metrics.calinski_harabasz_score(matrix, labels), rel=1e-9)
    assert davies_bouldin(matrix, labels) == pytest.approx(metrics.davies_bouldin_score(matrix, labels), rel=1e-9)
    total = np.square(matrix - matrix.mean(axis=0)).sum()
    assert variance_explained(matrix, labels) == pytest.approx(1 - within_ss(matrix, labels) / total, rel=1e-9)


def exact_silhouettes_of_copies(matrix: np.ndarray, labels: np.ndarray, copies: int) -> np.ndarray:
    """Silhouettes where every row is there `copies` times."""
    count = labels.max() + 1
    sizes = np.bincount(labels) * copies
    found = np.empty(len(matrix))
    for start in range(0, len(matrix), 500):
        block = matrix[start : start + 500]
        distances = np.sqrt(np.square(block[:, None, :] - matrix[None, :, :]).sum(axis=2))
        sums = np.stack([distances[:, labels == code].sum(axis=1) * copies for code in range(count)], axis=1)
        own = labels[start : start + 500]
        rows = np.arange(len(block))
        inner = sums[rows, own] / (sizes[own] - 1)
        means = sums / sizes
        means[rows, own] = np.inf
        outer = means.min(axis=1)
        found[start : start + 500] = (outer - inner) / np.maximum(inner, outer)
    return found


def test_the_error_of_a_sampled_silhouette_is_honest() -> None:
    distinct, of_distinct = clouds(4_000, 5, features=3, seed=3)
    exact = exact_silhouettes_of_copies(distinct, of_distinct, copies=10).mean()
    matrix, labels = np.tile(distinct, (10, 1)).astype(np.float32), np.tile(of_distinct, 10)
    found = [silhouette_sampled(matrix, labels, seed, points=800, references=2_500) for seed in range(24)]
    misses = np.array([(one.value - exact) / one.error for one in found])
    assert np.abs(misses).max() < 4
    assert 0.5 < math.sqrt(np.square(misses).mean()) < 1.5
    assert all(800 <= one.points <= 810 and 2_500 <= one.references <= 2_520 for one in found)


def test_the_usual_sample_is_close() -> None:
    distinct, of_distinct = clouds(4_000, 4, features=3, seed=5)
    each = exact_silhouettes_of_copies(distinct, of_distinct, copies=10)
    matrix, labels = np.tile(distinct, (10, 1)), np.tile(of_distinct, 10)
    for seed in range(2):
        found = silhouette_sampled(matrix, labels, seed)
        assert abs(found.value - each.mean()) < 4 * found.error
        assert 0 < found.error < 0.005
        assert not found.is_exact
        assert found.by_segment == pytest.approx(
            {code: each[of_distinct == code].mean() for code in range(4)}, abs=0.03
        )
    assert silhouette_sampled(matrix, labels, 0) == silhouette_sampled(matrix, labels, 0)


def test_unassigned_customers_are_left_out_and_counted() -> None:
    matrix, labels = clouds(300, 3)
    absent = labels.copy()
    absent[::7] = -1
    kept = absent >= 0
    found = silhouette_sampled(matrix, absent, seed=0)
    assert found.unassigned == (~kept).sum()
    assert found.points == kept.sum()
    assert found.value == pytest.approx(silhouette_sampled(matrix[kept], labels[kept], seed=0).value)
    masked = np.ma.masked_array(labels, mask=~kept)
    nulls = pl.Series(labels).set(pl.Series(~kept), None)
    for measure in (within_ss, variance_explained, calinski_harabasz, davies_bouldin):
        assert measure(matrix, masked) == measure(matrix, nulls) == measure(matrix, absent) != measure(matrix, labels)


def test_segments_of_one_equal_points_and_shared_centres() -> None:
    matrix = np.array([[0.0], [1.0], [5.0]])
    found = silhouette_sampled(matrix, np.array([0, 0, 7]), seed=0)
    assert found.by_segment[7] == 0.0
    same = np.full((6, 2), 1e6 / 3)
    assert silhouette_sampled(same, np.array([0, 0, 0, 1, 1, 1]), seed=0).value == 0.0
    assert calinski_harabasz(same, np.array([0, 0, 0, 1, 1, 1])) == 1.0
    assert variance_explained(same, np.array([0, 0, 0, 1, 1, 1])) == 0.0
    assert davies_bouldin(same, np.array([0, 0, 0, 1, 1, 1])) == 0.0
    crossed = np.array([[1.0], [-1.0], [2.0], [-2.0]])
    assert davies_bouldin(crossed, np.array([0, 0, 1, 1])) == math.inf


def test_far_from_the_origin_nothing_is_lost() -> None:
    matrix, labels = clouds(500, 3)
    assert within_ss(matrix + 1e7, labels) == pytest.approx(within_ss(matrix, labels), rel=1e-6)
    far = silhouette_sampled(matrix + 1e7, labels, seed=0).value
    assert far == pytest.approx(silhouette_sampled(matrix, labels, seed=0).value, abs=1e-6)


def test_what_is_refused() -> None:
    matrix, labels = clouds(20, 2)
    with pytest.raises(DataError):
        calinski_harabasz(matrix, np.zeros(20, dtype=int))
    with pytest.raises(DataError):
        silhouette_sampled(matrix, np.full(20, -1), seed=0)
    with pytest.raises(DataError):
        calinski_harabasz(matrix, np.arange(20))
    with pytest.raises(ValueError, match="whole numbers"):
        codes(np.array([0.5, 1.0]))
    with pytest.raises(ValueError, match="labels for"):
        within_ss(matrix, labels[:5])
    with pytest.raises(ValueError, match="finite"):
        silhouette_sampled(np.where(matrix > 50, np.nan, matrix), labels, seed=0)
    with pytest.raises(ValueError, match="against"):
        contingency(labels, labels[:3])


# --- agreement -----------------------------------------------------------------------------------------------------


def test_published_adjusted_rand() -> None:
    assert adjusted_rand(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])) == pytest.approx(0.5714, abs=5e-5)


def test_contingency_keeps_codes_and_counts_the_rest() -> None:
    found = contingency(np.array([5, 5, 9, -1, 9]), pl.Series([1, 3, 1, 1, None]))
    assert found.table.tolist() == [[1, 1], [1, 0]]
    assert (found.rows, found.columns, found.left_out) == ((5, 9), (1, 3), 2)


partitions = st.integers(1, 60).flatmap(
    lambda size: st.tuples(*[st.lists(st.integers(0, 5), min_size=size, max_size=size).map(np.array)] * 2)
)


@given(partitions)
@settings(max_examples=150, deadline=None)
def test_agreement_equals_scikit_learn(pair: tuple[np.ndarray, np.ndarray]) -> None:
    metrics = sklearn_metrics()
    first, second = pair
    assert adjusted_rand(first, second) == pytest.approx(metrics.adjusted_rand_score(first, second), abs=1e-9)
    expected = metrics.adjusted_mutual_info_score(first, second)
    assert adjusted_mutual_information(first, second) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("rows", "segments"), [(2_000, 40), (200_000, 9)])
def test_information_of_large_tables_equals_scikit_learn(rows: int, segments: int) -> None:
    metrics = sklearn_metrics()
    random = np.random.default_rng(0)
    first = random.integers(0, segments, rows)
    second = np.where(random.random(rows) < 0.3, first, random.integers(0, segments + 2, rows))
    expected = metrics.adjusted_mutual_info_score(first, second)
    assert adjusted_mutual_information(first, second) == pytest.approx(expected, abs=1e-8)


@given(partitions, st.permutations(range(6)))
@settings(deadline=None)
def test_agreement_is_symmetric_and_blind_to_names(pair: tuple[np.ndarray, np.ndarray], names: list[int]) -> None:
    first, second = pair
    renamed = np.array(names)[first]
    for measure in (adjusted_rand, adjusted_mutual_information, jaccard):
        assert measure(first, second) == pytest.approx(measure(second, first), abs=1e-9)
        assert measure(renamed, second) == pytest.approx(measure(first, second), abs=1e-9)
        assert measure(first, renamed) == pytest.approx(1.0)
        assert measure(first, second) <= 1 + 1e-9
    assert set(jaccard_by_segment(first, renamed).values()) == {1.0}


@given(partitions)
@settings(deadline=None)
def test_jaccard_by_segment_is_the_best_overlap(pair: tuple[np.ndarray, np.ndarray]) -> None:
    first, second = pair
    for code, found in jaccard_by_segment(first, second).items():
        mine = first == code
        best = max(
            (mine & (second == other)).sum() / (mine | (second == other)).sum() for other in set(second.tolist())
        )
        assert found == pytest.approx(best)


@given(st.integers(0, 1_000_000), st.integers(2, 6))
@settings(max_examples=30, deadline=None)
def test_measures_are_blind_to_names_and_order(seed: int, segments: int) -> None:
    matrix, labels = clouds(60 * segments, segments, seed=seed)
    random = np.random.default_rng(seed)
    order = random.permutation(len(labels))
    renamed = (random.permutation(segments) * 3)[labels]
    for measure in (within_ss, variance_explained, calinski_harabasz, davies_bouldin):
        assert measure(matrix[order], renamed[order]) == pytest.approx(measure(matrix, labels), rel=1e-9)
    shuffled = silhouette_sampled(matrix[order], renamed[order], seed=0)
    assert shuffled.value == pytest.approx(silhouette_sampled(matrix, labels, seed=0).value, abs=1e-9)


def test_population_stability() -> None:
    before, after = np.array([100, 200, 700]), np.array([300, 200, 500])
    expected = 0.2 * math.log(3) + 0.2 * math.log(7 / 5)
    assert population_stability_index(before, after) == pytest.approx(expected)
    assert population_stability_index(before, before * 7) == pytest.approx(0)
    empty = population_stability_index(np.array([10, 0, 0]), np.array([5, 5, 0]))
    assert empty == pytest.approx(0.5 * math.log(2) + 0.45 * math.log(10))
    with pytest.raises(ValueError, match="same groups"):
        population_stability_index(before, before[:2])
    with pytest.raises(DataError):
        population_stability_index(before, before * 0)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=12))
def test_population_stability_laws(groups: list[tuple[int, int]]) -> None:
    before, after = (np.array(counts) for counts in zip(*groups, strict=True))
    if before.sum() == 0 or after.sum() == 0:
        return
    index = population_stability_index(before, after)
    assert index == pytest.approx(population_stability_index(after, before))
    assert population_stability_index(before[::-1], after[::-1]) == pytest.approx(index)
    assert math.isfinite(index)
