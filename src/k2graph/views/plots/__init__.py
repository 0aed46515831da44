"""Plots: forests and funnels of the results on a claim, as pictures and data, and studies over the years."""

from .forests import estimate_of, forests, lights_of
from .plot import PYTHON, Plot, R, plots, plots_of
from .rows import Forest, Lights
from .years import draw_years

__all__ = ["PYTHON", "Forest", "Lights", "Plot", "R", "draw_years", "estimate_of", "forests", "lights_of", "plots", "plots_of"]
