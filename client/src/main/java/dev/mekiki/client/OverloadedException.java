package dev.mekiki.client;

import java.io.Serial;

/// A limit of the service or of the token is reached, also after the attempts that were made: the
/// same request may succeed later.
public final class OverloadedException extends ProblemException {
  @Serial private static final long serialVersionUID = 1L;

  OverloadedException(String server, Problem problem) {
    super(server, problem);
  }
}
