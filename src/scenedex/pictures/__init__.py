"""Pictures that are uploaded to be looked at: portraits of a person, and what to search with. Kept for a day.

Each is checked once. Other slices ask for the checked picture, the faces in it and what it means to engines of
pictures. Knows nothing of persons and of searches.
"""
