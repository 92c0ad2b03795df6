"""What one writes in pandas and scikit-learn: read, try numbers of groups, take the best, profile, write.

Run: python pandas_script.py CUSTOMERS.csv FOLDER HIGHEST
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler


def main(source: Path, folder: Path, highest: int) -> None:
    """The whole job."""
    folder.mkdir(parents=True, exist_ok=True)
    customers = pd.read_csv(source)
    figures = [name for name in customers.columns if name != "customer"]
    values = StandardScaler().fit_transform(customers[figures])
    best, labels = -1.0, None
    for k in range(2, highest + 1):
        fitted = KMeans(k, n_init=10, random_state=42).fit(values)
        score = silhouette_score(values, fitted.labels_, sample_size=min(10_000, len(values)), random_state=42)
        if score > best:
            best, labels = score, fitted.labels_
    customers["segment"] = labels
    customers.groupby("segment")[figures].describe().to_csv(folder / "profile.csv")
    assignments = customers[["customer", "segment"]]
    assignments.to_csv(folder / "assignments.csv", index=False)
    assignments.to_excel(folder / "assignments.xlsx", index=False, engine="xlsxwriter")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
