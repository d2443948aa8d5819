"""Pictures that are uploaded to be looked at, such as portraits of a person: checked once, kept for a day.

Other slices ask for the checked picture and the faces in it. Knows nothing of persons and of searches.
"""
