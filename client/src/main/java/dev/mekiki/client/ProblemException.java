package dev.mekiki.client;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import java.io.Serial;

/// The service answered with an error. What callers distinguish most has a type of its own: {@link
/// InvalidRequestException}, {@link NotFoundException}, {@link OverloadedException}.
public sealed class ProblemException extends MekikiException
    permits InvalidRequestException, NotFoundException, OverloadedException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemException(String server, Problem problem) {
    super(message(server, problem));
    this.problem = problem;
  }

  /// The error that an answer is.
  static ProblemException of(String server, AggregatedHttpResponse answer) {
    Problem problem = Problem.of(answer);
    return switch (problem.status()) {
      case 404 -> new NotFoundException(server, problem);
      case 429 -> new OverloadedException(server, problem);
      case 413 -> new InvalidRequestException(server, problem);
      default ->
          problem.code().equals("INVALID_ARGUMENT") || problem.code().equals("OUT_OF_RANGE")
              ? new InvalidRequestException(server, problem)
              : new ProblemException(server, problem);
    };
  }

  /// What the service said.
  public Problem problem() {
    return problem;
  }

  private static String message(String server, Problem problem) {
    return switch (problem.status()) {
      case 401 -> "server: %s requires a token: %s".formatted(server, problem.detail());
      case 504 -> "server: %s did not answer in time: %s".formatted(server, problem.detail());
      default -> problem.detail();
    };
  }
}
