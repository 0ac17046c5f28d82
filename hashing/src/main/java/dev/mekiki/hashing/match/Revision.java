package dev.mekiki.hashing.match;

/// The source coordinate of the change that made a revision of an image.
///
/// @param topic the topic the image came on
/// @param partition its partition
/// @param offset its offset
public record Revision(String topic, int partition, long offset) {}
