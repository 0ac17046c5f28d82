package dev.mekiki.launcher.review;

/// What a fingerprint radius would make of the pairs that were judged.
///
/// @param radius the radius, which is the distance of at least one of them
/// @param confirmedAt confirmed pairs of exactly this distance
/// @param dismissedAt dismissed ones
/// @param within all pairs up to this distance
/// @param share of the confirmed pairs of any distance, 0 to 1, those within; 0 where none is
///   confirmed
public record AtRadius(int radius, int confirmedAt, int dismissedAt, Judged within, double share) {}
