"""Prepare: sites, freezes, the patient's day, gas, the mapping visit."""
