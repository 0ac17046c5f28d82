package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mekiki.launcher.command.Execution;
import dev.mekiki.launcher.command.options.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `mekiki doctor` and `mekiki open` at an installation that runs, at one with topics that somebody
/// has changed, and at none.
class DoctorIT {
  @TempDir private Path data;

  private List<JsonNode> findings(Execution doctor) throws Exception {
    List<JsonNode> findings = new ArrayList<>();
    for (String line : doctor.out().lines().toList()) {
      findings.add(new JsonMapper().readTree(line));
    }
    return findings;
  }

  private Execution doctor(String bootstrap, String server, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--bootstrap",
                bootstrap,
                "--server",
                server,
                "--set",
                "mekiki.index.state-dir=" + data));
    arguments.addAll(List.of(more));
    return Execution.ofCommand("doctor", arguments.toArray(String[]::new));
  }

  @Test
  void whatIsWrongIsFoundWithItsRemedy() throws Exception {
    try (InProcess mekiki = new InProcess(data, Map.of())) {
      Execution healthy = doctor(mekiki.bootstrapServers(), mekiki.server(), "--json");
      List<JsonNode> findings = findings(healthy);
      assertThat(healthy.exitCode()).as(healthy.out()).isEqualTo(ExitCode.OK);
      assertThat(findings)
          .extracting(finding -> finding.get("check").asText())
          .containsExactly(
              "broker",
              "topics",
              "clock",
              "query",
              "index",
              "memory",
              "open files",
              "disk",
              "page cache");
      assertThat(findings.subList(0, 5))
          .as(healthy.out())
          .allMatch(finding -> finding.get("level").asText().equals("OK"));
      assertThat(findings.getFirst().get("message").asText()).contains("Kafka 4.");
      assertThat(findings.get(2).get("message").asText()).matches("Kafka's is \\d{1,3} ms .*");

      Execution open = Execution.of("open", "--print", "--server", mekiki.server());
      assertThat(open.out().strip()).isEqualTo("http://" + mekiki.server());

      spoil(mekiki.bootstrapServers());
      Execution spoilt = doctor(mekiki.bootstrapServers(), mekiki.server());
      assertThat(spoilt.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(spoilt.out())
          .contains("FAIL  topics      mekiki.mutes has 2 partitions (expected: 1)")
          .contains("FAIL  topics      mekiki.images has max.message.bytes=1000")
          .contains("-> kafka-configs or kafka-topics")
          .contains("OK    broker")
          .doesNotContain("\u001b");
    }
  }

  private static void spoil(String bootstrap) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      admin.createPartitions(Map.of("mekiki.mutes", NewPartitions.increaseTo(2))).all().get();
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, "mekiki.images"),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("max.message.bytes", "1000"), AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  @Test
  void whatIsNotThereIsSaidToBeSo() throws Exception {
    Execution nothing = doctor("127.0.0.1:1", "127.0.0.1:1", "--json");

    assertThat(nothing.exitCode()).isEqualTo(ExitCode.FAILED);
    List<JsonNode> findings = findings(nothing);
    assertThat(findings.get(0).get("level").asText()).isEqualTo("FAIL");
    assertThat(findings.get(0).get("message").asText()).contains("127.0.0.1:1");
    assertThat(findings.get(1).get("message").asText()).contains("not reachable");
    assertThat(findings.get(1).get("remedy").asText()).contains("mekiki up");
    Execution.of("open", "--server", "127.0.0.1:1")
        .assertFailedWith(ExitCode.FAILED, "not reachable");
  }
}
