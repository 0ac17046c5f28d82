package dev.mekiki.encoder.verify;

/// What is reported of pairs that were verified.
///
/// @param sharedElements whether pictures that share an element are
/// @param strict whether second photos of one scene are not
public record VerifySettings(boolean sharedElements, boolean strict) {}
