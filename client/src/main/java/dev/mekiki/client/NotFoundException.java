package dev.mekiki.client;

import java.io.Serial;

/// The service does not have what was asked for.
public final class NotFoundException extends ProblemException {
  @Serial private static final long serialVersionUID = 1L;

  NotFoundException(String server, Problem problem) {
    super(server, problem);
  }
}
