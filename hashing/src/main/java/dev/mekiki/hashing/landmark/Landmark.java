package dev.mekiki.hashing.landmark;

/// A place in a picture that is found again in copies of it, and what it looks like.
///
/// @param frame where it lies
/// @param hash of its surroundings
/// @param mirrored hash of its surroundings as seen in a mirror
public record Landmark(Frame frame, PatchHash hash, PatchHash mirrored) {}
