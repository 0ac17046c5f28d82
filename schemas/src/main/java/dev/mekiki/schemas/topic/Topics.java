package dev.mekiki.schemas.topic;

import java.util.regex.Pattern;

/// The names of all topics under one prefix. Two installations on one Kafka differ by it.
///
/// @param prefix what every name starts with; characters that Kafka allows in topic names, at most
///   100 of them, or none
public record Topics(String prefix) {
  public static final String DEFAULT_PREFIX = "mekiki.";

  private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9._-]{0,100}");

  /// Version of what the topics between index instances hold, and of their state: part of the names
  /// of both, so that a program never reads what one of another version wrote.
  public static final int TOPOLOGY = 2;

  /// Version of how landmarks are found and hashed: those of different versions match nothing. Part
  /// of the names of their topic and of the group that finds them, so that a new version finds the
  /// landmarks of all images again.
  public static final int LANDMARKS_VERSION = 4;

  /// Digits of a network's or generation's id in a topic name.
  private static final int ID_DIGITS = 16;

  public Topics {
    if (!ALLOWED.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "topic prefix: '%s' (expected: at most 100 of a-z, A-Z, 0-9, '.', '_' and '-')"
              .formatted(prefix));
    }
  }

  /// The topics under {@link #DEFAULT_PREFIX}.
  public static Topics withDefaultPrefix() {
    return new Topics(DEFAULT_PREFIX);
  }

  /// Encoded images by image id: what enters.
  public String images() {
    return prefix + "images";
  }

  /// The codes of one network by image id.
  ///
  /// @param networkId content hash of the network, hexadecimal; its first 16 digits name the topic
  public String imageCodes(String networkId) {
    return prefix + "image-codes-" + shortId(networkId);
  }

  /// The thumbnails of the images that one network has encoded, by image id.
  ///
  /// @param networkId content hash of the network, hexadecimal; its first 16 digits name the topic
  public String thumbnails(String networkId) {
    return prefix + "thumbnails-" + shortId(networkId);
  }

  /// The placements of one generation by image id.
  ///
  /// @param generationId content hash of the generation, hexadecimal; its first 16 digits name the
  ///   topic
  /// @param run how often the index of the generation was begun anew, at least 0
  public String codePlacements(String generationId, int run) {
    return prefix + "code-placements-" + versioned(generationId, run);
  }

  /// The probes of one generation, from the home partition of an image to others.
  ///
  /// @param generationId content hash of the generation, hexadecimal; its first 16 digits name the
  ///   topic
  /// @param run how often the index of the generation was begun anew, at least 0
  public String probes(String generationId, int run) {
    return prefix + "probes-" + versioned(generationId, run);
  }

  /// The landmarks of the images that one network has encoded, by image id.
  ///
  /// @param networkId content hash of the network, hexadecimal; its first 16 digits name the topic
  public String imageLandmarks(String networkId) {
    return prefix + "image-landmarks-" + shortId(networkId) + "-" + LANDMARKS_VERSION;
  }

  /// The probes of one generation, from the partition of an image's landmarks to others.
  ///
  /// @param generationId content hash of the generation, hexadecimal; its first 16 digits name the
  ///   topic
  /// @param run how often the index of the generation was begun anew, at least 0
  public String landmarkProbes(String generationId, int run) {
    return prefix + "landmark-probes-" + versioned(generationId, run);
  }

  /// Pairs of images that share landmarks, still to be verified.
  public String copyCandidates() {
    return prefix + "copy-candidates";
  }

  /// The ids of all events of copies that an alignment decided, of all generations.
  public String reportedCopies() {
    return prefix + "reported-copies";
  }

  /// The consumer group of the encoders that find the landmarks of the images that one network has
  /// encoded.
  ///
  /// @param networkId content hash of the network, hexadecimal; its first 16 digits name the group
  public String landmarksGroup(String networkId) {
    return prefix + "landmarks-" + shortId(networkId) + "-" + LANDMARKS_VERSION;
  }

  /// The consumer group of the encoders that verify {@link #copyCandidates}.
  public String verifyGroup() {
    return prefix + "verify";
  }

  /// What the state and topics of a generation's index instances are named by: the first 16 digits
  /// of its id, {@link #TOPOLOGY}, and the run unless it is the first.
  ///
  /// @param run how often the index of the generation was begun anew, at least 0
  public static String versioned(String generationId, int run) {
    String first = shortId(generationId) + "-" + TOPOLOGY;
    return run == 0 ? first : first + "-" + run;
  }

  /// Pairs of images: what leaves.
  public String matches() {
    return prefix + "matches";
  }

  /// The ids of all events of one generation that were ever written to {@link #matches}.
  ///
  /// @param generationId content hash of the generation, hexadecimal; its first 16 digits name the
  ///   topic
  public String reported(String generationId) {
    return prefix + "reported-" + shortId(generationId);
  }

  /// The jobs that apply decisions to stored images, and how far they have come.
  public String rematch() {
    return prefix + "rematch";
  }

  /// Groups of copies by id.
  public String groups() {
    return prefix + "groups";
  }

  /// The messages of one generation to the partitions of contents.
  ///
  /// @param generationId content hash of the generation, hexadecimal; its first 16 digits name the
  ///   topic
  /// @param run how often the index of the generation was begun anew, at least 0
  public String groupMessages(String generationId, int run) {
    return prefix + "group-messages-" + versioned(generationId, run);
  }

  /// Images that could not be encoded, with the reason.
  public String imagesDlq() {
    return prefix + "images.dlq";
  }

  /// What was done about dead letters, by their positions.
  public String deadLetterStates() {
    return prefix + "images.dlq.states";
  }

  /// All generations by id, one of them active.
  public String generations() {
    return prefix + "generations";
  }

  /// What makes no events, by its id.
  public String mutes() {
    return prefix + "mutes";
  }

  /// What people decided about pairs, by their contents.
  public String verdicts() {
    return prefix + "verdicts";
  }

  /// The thresholds of tenants, by tenant.
  public String tenants() {
    return prefix + "tenants";
  }

  /// The part of a content hash that names topics and consumer groups: its first 16 digits.
  ///
  /// @throws IllegalArgumentException where the id is shorter or not lower-case hexadecimal
  public static String shortId(String contentHash) {
    if (contentHash.length() < ID_DIGITS
        || !contentHash.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
      throw new IllegalArgumentException(
          "id: '%s' (expected: a content hash, at least %d hexadecimal digits)"
              .formatted(contentHash, ID_DIGITS));
    }
    return contentHash.substring(0, ID_DIGITS);
  }
}
