package dev.mekiki.encoder.reference;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the operator allows to be fetched. Immutable.
final class Admission {
  private static final String KEY = "mekiki.encoder.references.allowed";

  private final List<AllowedPrefix> prefixes;

  /// @param prefixes none: nothing is fetched
  Admission(List<AllowedPrefix> prefixes) {
    this.prefixes = List.copyOf(prefixes);
  }

  /// Ends where a URI may not be fetched.
  void check(ReferenceUri uri) throws ReferenceException {
    if (prefixes.isEmpty()) {
      throw ReferenceException.refused(
          ("no image that is held elsewhere may be fetched (expected: the image as the record's"
                  + " value, or %s that lists a prefix of this URI)")
              .formatted(KEY));
    }
    if (prefixes.stream().noneMatch(prefix -> prefix.covers(uri))) {
      throw ReferenceException.refused(
          "not under an allowed prefix (expected: one that %s lists)".formatted(KEY));
    }
  }

  /// The allowed directory or file that a file lies under, links followed on both sides.
  ///
  /// @param real of {@link Path#toRealPath}
  /// @throws ReferenceException where there is none
  Path rootOf(Path real) throws ReferenceException {
    List<Path> roots = new ArrayList<>();
    for (AllowedPrefix prefix : prefixes) {
      if (prefix.isOfFiles()) {
        try {
          roots.add(prefix.path().toRealPath());
        } catch (IOException e) {
          // A directory that is not there holds no file.
        }
      }
    }
    return roots.stream()
        .filter(real::startsWith)
        .findFirst()
        .orElseThrow(() ->
            ReferenceException.refused(
                ("a link that leads out of what is allowed (expected: a file that lies under a"
                        + " directory that %s lists)")
                    .formatted(KEY)));
  }
}
