/// Copies that are turned, mirrored, or have got or lost a border, found by fingerprints of the
/// whole picture: a picture looks for its fingerprints in all turns, as it is and without its
/// border. Depends on `hashing.bucket`, `hashing.center`, `hashing.code`, `hashing.landmark` and
/// `hashing.pdq`.
///
/// Start at {@link dev.mekiki.hashing.turned.SoughtFingerprints} and {@link
/// dev.mekiki.hashing.turned.TurnedIndex}.
@NullMarked
package dev.mekiki.hashing.turned;

import org.jspecify.annotations.NullMarked;
