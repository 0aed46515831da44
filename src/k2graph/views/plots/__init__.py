"""Plots: forests and funnels of the results on a claim, as pictures and data, and studies over the years."""

from .forests import Forest, Lights, forests, lights_of
from .plot import PYTHON, Plot, R, plots, plots_of
from .years import draw_years

__all__ = ["PYTHON", "Forest", "Lights", "Plot", "R", "draw_years", "forests", "lights_of", "plots", "plots_of"]
