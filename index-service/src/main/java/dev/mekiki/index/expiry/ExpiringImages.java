package dev.mekiki.index.expiry;

import dev.mekiki.schemas.image.Retention;
import org.jspecify.annotations.Nullable;

/// The images of one partition, as their {@link Expiry} sees them. Used by one stream thread.
///
/// @param <I> what is known of an image
public interface ExpiringImages<I> {
  /// What is known of an image; null for one that is not there.
  @Nullable I get(String id);

  /// When an image ends under a retention: milliseconds since 1970, or {@link Retention#NEVER}.
  long end(I image, Retention retention);

  /// Removes an image as a delete does.
  void remove(String id, I image);

  /// Called for an image whose end depends on the retention for the first time; those who keep a
  /// copy of it may have to know when it was last sent.
  void retained(String id, I image);

  /// Walks through the images in one order that is always the same.
  ///
  /// @param after the id after which to start; null: from the first
  /// @param visitor called for each
  /// @return whether the visitor has seen the last one
  boolean walk(@Nullable String after, Visitor<I> visitor);

  /// Sees one image after the other.
  ///
  /// @param <I> what is known of an image
  interface Visitor<I> {
    /// Sees the next one; false ends the walk.
    boolean visit(String id, I image);
  }
}
