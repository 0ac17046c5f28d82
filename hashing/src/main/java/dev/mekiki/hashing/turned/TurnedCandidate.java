package dev.mekiki.hashing.turned;

import dev.mekiki.hashing.pdq.Turn;

/// An image whose picture looks like the one that was looked for, once that is turned and perhaps
/// freed of its border, or the border of the one found is.
///
/// @param id of the image found
/// @param region of the picture that was looked for
/// @param turn of that region
/// @param isTrimmed whether the image was found by its picture without its border
/// @param distance of the fingerprints
public record TurnedCandidate(
    String id, Region region, Turn turn, boolean isTrimmed, int distance) {}
