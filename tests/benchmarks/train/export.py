"""A lightgbm booster as the plain record that ``extractors.boosted`` reads."""

from typing import Any

import lightgbm as lgb
import numpy as np

from extractors.boosted import LEAVES


def forest_record(booster: lgb.Booster, names: tuple[str, ...]) -> dict[str, Any]:
    """Trees without inner nodes are folded into the first tree's leaves."""
    columns = ("feature", "threshold", "mask", "start", "leaves")
    record: dict[str, Any] = {"names": list(names)} | {column: [] for column in columns}
    constant = 0.0
    for tree in booster.dump_model()["tree_info"]:
        root = tree["tree_structure"]
        if "split_feature" not in root:
            constant += root["leaf_value"]
            continue
        record["start"].append(len(record["feature"]))
        leaves: list[float] = []
        _node(root, record, leaves)
        record["leaves"].append(leaves)
    record["leaves"][0] = [value + constant for value in record["leaves"][0]]
    record["leaves"] = [[float(f"{value:.5g}") for value in values] for values in record["leaves"]]
    return record


def _node(node: dict[str, Any], record: dict[str, Any], leaves: list[float]) -> None:
    if "leaf_value" in node:
        leaves.append(node["leaf_value"])
        return
    if node["decision_type"] != "<=":
        raise ValueError(f"only numeric splits can be exported, found {node['decision_type']}")
    at = len(record["feature"])
    record["feature"].append(node["split_feature"])
    record["threshold"].append(_below(node["threshold"]))
    record["mask"].append(0)
    first = len(leaves)
    _node(node["left_child"], record, leaves)
    gone = sum(1 << leaf for leaf in range(first, len(leaves)))
    record["mask"][at] = ((1 << LEAVES) - 1) & ~gone
    _node(node["right_child"], record, leaves)


def _below(threshold: float) -> float:
    """The largest 32-bit number not above: the same test for 32-bit rows; nine digits give it back exactly."""
    near = np.float32(threshold)
    if float(near) > threshold:
        near = np.nextafter(near, np.float32(-np.inf))
    return float(f"{near:.9g}")
