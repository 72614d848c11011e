"""How the benchmarks write down what they have measured."""

import statistics


def table(rows):
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join([row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]))


def spread(figures, decimals=2):
    """The median, and the lowest and the highest when there are more."""
    figures = list(figures)
    text = f"{statistics.median(figures):,.{decimals}f}"
    return text if len(figures) == 1 else f"{text} ({min(figures):,.{decimals}f} to {max(figures):,.{decimals}f})"
