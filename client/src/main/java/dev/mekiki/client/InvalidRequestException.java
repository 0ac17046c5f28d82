package dev.mekiki.client;

import java.io.Serial;

/// The request itself is at fault: the same one will fail again.
public final class InvalidRequestException extends ProblemException {
  @Serial private static final long serialVersionUID = 1L;

  InvalidRequestException(String server, Problem problem) {
    super(server, problem);
  }
}
