"""The stages that one run of `train_mini.py` goes through."""

MINUTES = 6.0
# Share of the minutes at which a stage ends, and what it is trained with.
RECIPE = ((1.0, {"rate": 1e-4, "encoder_factor": 0.0, "codebook_decay": 1.0}),)
