package dev.mekiki.launcher.review;

import org.jspecify.annotations.Nullable;

/// The largest fingerprint radius that has a precision, among the pairs that were judged.
///
/// @param precision what is asked for, 0 to 1
/// @param radius null where none has it, or too few pairs were judged to say
public record Advice(double precision, @Nullable AtRadius radius) {}
