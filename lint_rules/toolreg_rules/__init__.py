"""The built-in rule pack of toolreg: one file a rule, with why, bad and good; found through `toolreg.rules`."""
