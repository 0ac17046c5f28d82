package dev.mekiki.launcher.demo;

/// Two images and how far apart they are.
///
/// @param first the smaller id
/// @param second the other
/// @param codeDistance 0 to q
/// @param fingerprintDistance 0 to 256
public record PairDistance(
    String first, String second, int codeDistance, int fingerprintDistance) {}
