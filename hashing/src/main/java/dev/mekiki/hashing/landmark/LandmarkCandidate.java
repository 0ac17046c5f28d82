package dev.mekiki.hashing.landmark;

/// A row that seems to share landmarks with a picture.
///
/// @param row as {@link LandmarkIndex#add} has numbered it
/// @param votes places at which the landmarks of both lie as they must under the map; 2 if a single
///   one shares {@link LandmarkReader#SURE_KEYS} of its keys
/// @param map from the picture that was looked for to that of the row, both scaled to a longest
///   side of {@link Frame#PICTURE_SIDE}
public record LandmarkCandidate(int row, int votes, AffineMap map) {}
