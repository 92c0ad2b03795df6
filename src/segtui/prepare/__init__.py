"""Tables become Customers by a Recipe of Steps; every row that is lost on the way is counted."""

from segtui.prepare.features import Feature, FeatureSet, Form, fit_scaling, propose_features
from segtui.prepare.prepare import Prepared, prepare
from segtui.prepare.propose import propose
from segtui.prepare.recipe import Recipe
from segtui.prepare.working import StepAccount

__all__ = [
    "Feature",
    "FeatureSet",
    "Form",
    "Prepared",
    "Recipe",
    "StepAccount",
    "fit_scaling",
    "prepare",
    "propose",
    "propose_features",
]
