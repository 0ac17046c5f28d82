package dev.mekiki.encoder.verify;

import dev.mekiki.schemas.image.Retention;

/// What is reported of pairs that were verified.
///
/// @param sharedElements whether pictures that share an element are
/// @param strict whether second photos of one scene are not
/// @param retention of images; what has ended is not reported
public record VerifySettings(boolean sharedElements, boolean strict, Retention retention) {}
