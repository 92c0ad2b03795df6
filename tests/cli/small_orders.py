"""Orders that are read and fitted at once."""

from __future__ import annotations

from pathlib import Path


def write_orders(path: Path, customers: int = 30) -> Path:
    """Customer k buys k times for 10 k and a bit, in 2024."""
    lines = ["order_id,customer_id,order_date,amount,country,email"]
    number = 0
    for customer in range(1, customers + 1):
        for bought in range(customer % 7 + 1):
            number += 1
            day = f"2024-{1 + (customer + bought) % 12:02}-{1 + (customer * 3 + bought) % 28:02}"
            country = "DE" if customer % 3 else "FR"
            person = f"c{customer}@example.com"
            lines.append(f"o{number:04},{customer:05},{day},{customer * 10 + bought + 0.25},{country},{person}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
