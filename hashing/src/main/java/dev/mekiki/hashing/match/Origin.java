package dev.mekiki.hashing.match;

/// Whose an image is, and what it comes from.
///
/// @param tenant the tenant whose image it is; empty for the default tenant
/// @param source what it comes from, such as one upload or one camera; empty where it is not said
public record Origin(String tenant, String source) {
  /// Of the default tenant, from where nobody said.
  public static final Origin UNKNOWN = new Origin("", "");
}
