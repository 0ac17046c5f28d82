package dev.mekiki.launcher.doctor;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.client.MekikiException;
import dev.mekiki.client.NoAnswerException;
import dev.mekiki.client.ProblemException;
import dev.mekiki.schemas.v1.Status;
import java.util.ArrayList;
import java.util.List;

/// A query service, and what it says of the index.
final class ServiceChecks {
  private static final String QUERY = "query";
  private static final String INDEX = "index";

  private ServiceChecks() {}

  /// @param own the version of this command
  static List<Finding> of(MekikiClient client, String own) {
    Status status;
    try {
      status = client.status();
    } catch (MekikiException e) {
      return List.of(failed(e));
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(
        status.getVersion().equals(own)
            ? Finding.ok(QUERY, "version %s, as this command".formatted(own))
            : Finding.warn(
                QUERY,
                "version %s, and this command is %s".formatted(status.getVersion(), own),
                "bring services and command to one version"));
    findings.add(
        status.getMissingPartitionsCount() == 0
            ? Finding.ok(INDEX, "%d partitions, all hosted".formatted(status.getPartitions()))
            : Finding.fail(
                INDEX,
                "partitions %s have no active instance"
                    .formatted(status.getMissingPartitionsList()),
                "start `mekiki index`, or wait while one restores: `mekiki status` shows which"));
    return findings;
  }

  private static Finding failed(MekikiException failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure) {
      case NoAnswerException _ ->
          Finding.fail(
              QUERY, message, "start `mekiki query` or `mekiki up`, or name it with --server");
      case ProblemException e ->
          switch (e.problem().status()) {
            case 401, 403 ->
                Finding.warn(QUERY, message, "name a token with the role read by --token-file");
            default -> Finding.fail(QUERY, message, "look into its log");
          };
    };
  }
}
