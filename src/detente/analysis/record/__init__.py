"""The model held against what happened: plan, forecasts, scores and sentences."""
