package dev.mekiki.reliability.load;

import java.time.Duration;

/// One thing that a user does.
///
/// @param number from 0 on, unique in a run; sent along with each image as metadata
/// @param due when, from the beginning of the load
/// @param id the image it is about
/// @param picture which picture of {@link Pictures} is sent or searched for; of no account for a
///   deletion and a search by id
/// @param lane which of the ways into the system it takes: one of the query services or, for
///   images, Kafka itself
/// @param limit most hits of a search
/// @param tenant whose image is sent, or alone looked for by a search; empty for the default
///   tenant, and for a search that looks for everybody's
public record Operation(
    int number,
    Duration due,
    Kind kind,
    String id,
    int picture,
    int lane,
    int limit,
    String tenant) {

  /// What is done.
  public enum Kind {
    /// An image under a new id.
    ADD,
    /// Another picture under an id that was sent before.
    UPDATE,
    /// The bytes that were sent last under an id.
    REPEAT,
    DELETE,
    /// Bytes that are no image.
    BAD,
    SEARCH_BY_ID,
    SEARCH_BY_PICTURE;

    /// Whether it leaves a record on `images`.
    public boolean isWrite() {
      return this != SEARCH_BY_ID && this != SEARCH_BY_PICTURE;
    }
  }
}
