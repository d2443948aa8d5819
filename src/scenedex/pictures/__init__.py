"""Uploaded pictures: portraits of persons, and query pictures of searches. Kept for a day.

A worker checks each picture once. Other slices ask for the checked picture with its faces and vectors. This package
does not know persons or searches.
"""
