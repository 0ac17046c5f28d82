package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.common.TlsKeyPair;
import dev.mekiki.client.MekikiClient;
import dev.mekiki.client.MekikiException;
import dev.mekiki.launcher.allinone.AllInOne;
import dev.mekiki.launcher.allinone.AllInOneSettings;
import dev.mekiki.launcher.client.Clients;
import dev.mekiki.launcher.command.MekikiCommand;
import dev.mekiki.launcher.process.Closing;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything in one process as it is run beyond loopback: all services speak TLS and ask for a
/// token, each other included.
class AccessIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void theCommandLineIsAnsweredOverTlsWithTheTokenAlone() throws Exception {
    TlsKeyPair pair = TlsKeyPair.ofSelfSigned("localhost");
    Path certificate =
        pem("CERTIFICATE", pair.certificateChain().getFirst().getEncoded(), "tls.pem");
    Path key = pem("PRIVATE KEY", pair.privateKey().getEncoded(), "tls.key");
    Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef\n");
    Path wrong = Files.writeString(directory.resolve("wrong"), "0123456789abcdee\n");
    Map<String, String> keys =
        Map.of(
            "mekiki.encoder.port", "0",
            "mekiki.index.port", "0",
            "mekiki.query.port", "0",
            "mekiki.query.host", "0.0.0.0",
            "mekiki.server.token-file", token.toString(),
            "mekiki.server.certificate-file", certificate.toString(),
            "mekiki.server.key-file", key.toString());

    try (Closing parts = Closing.atExit()) {
      AllInOne mekiki =
          AllInOne.start(
              InProcess.configurations(keys),
              new AllInOneSettings(directory.resolve("data"), 0, Map.of()),
              parts);
      assertThat(mekiki.page()).startsWith("https://");
      String server = "https://localhost" + mekiki.server().substring("0.0.0.0".length());
      MekikiClient api =
          parts.add(
              Clients.of(
                  server, ClientAccess.ofUser(Optional.of(token), Optional.of(certificate))));

      SampleSet pictures = TestPictures.photos(300, 5);
      SamplePicture first = pictures.pictures().getFirst();
      for (SamplePicture picture : pictures.pictures()) {
        api.put(picture.id(), pictures.bytes(picture), Map.of(), false);
      }
      await().atMost(LIMIT).until(() -> api.status().getImages() == pictures.pictures().size());
      Path query = Files.write(directory.resolve("query.jpg"), pictures.bytes(first));

      String[] search = {"search", query.toString(), "--k", "10", "--server", server};
      assertThat(run(search, "--token-file", token, "--trust-file", certificate))
          .startsWith("0")
          .contains(first.id());
      assertThat(run(search, "--token-file", wrong, "--trust-file", certificate))
          .startsWith("1")
          .contains("requires a token", "does not name", "--token-file");
      assertThat(run(search, "--trust-file", certificate))
          .startsWith("1")
          .contains("requires a token", "no token came", "--token-file");
      assertThat(run(search, "--token-file", token))
          .startsWith("1")
          .contains("is not trusted", "--trust-file");

      assertThatThrownBy(
              () -> {
                try (MekikiClient plain = MekikiClient.of(server.substring("https://".length()))) {
                  plain.status();
                }
              })
          .isInstanceOf(MekikiException.class);
    }
  }

  @Test
  void servicesKnowOneAnotherByTheirCertificateAlone() throws Exception {
    TlsKeyPair pair = TlsKeyPair.ofSelfSigned("localhost");
    Path certificate =
        pem("CERTIFICATE", pair.certificateChain().getFirst().getEncoded(), "peer.pem");
    Path key = pem("PRIVATE KEY", pair.privateKey().getEncoded(), "peer.key");
    Path token = Files.writeString(directory.resolve("ann"), "0123456789abcdef");
    Path tokens =
        Files.writeString(
            directory.resolve("tokens.json"),
            """
            {"tokens": [{"name": "ann", "roles": ["read", "write"], "token":
              "sha256:9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f"}]}
            """);
    Map<String, String> keys =
        Map.of(
            "mekiki.encoder.port",
            "0",
            "mekiki.index.port",
            "0",
            "mekiki.query.port",
            "0",
            "mekiki.query.host",
            "0.0.0.0",
            "mekiki.server.tokens-file",
            tokens.toString(),
            "mekiki.server.peer-trust-file",
            certificate.toString(),
            "mekiki.server.certificate-file",
            certificate.toString(),
            "mekiki.server.key-file",
            key.toString());

    try (Closing parts = Closing.atExit()) {
      // None would become ready if it could not call the others.
      AllInOne mekiki =
          AllInOne.start(
              InProcess.configurations(keys),
              new AllInOneSettings(directory.resolve("peers"), 0, Map.of()),
              parts);
      String server = "https://localhost" + mekiki.server().substring("0.0.0.0".length());
      SampleSet pictures = TestPictures.photos(300, 1);
      SamplePicture picture = pictures.pictures().getFirst();
      MekikiClient ann =
          parts.add(
              Clients.of(
                  server, ClientAccess.ofUser(Optional.of(token), Optional.of(certificate))));
      ann.put(picture.id(), pictures.bytes(picture), Map.of(), false);
      await().atMost(LIMIT).until(() -> ann.status().getImages() == 1);
      Path query = Files.write(directory.resolve("query.jpg"), pictures.bytes(picture));
      // Through the encoder and every partition.
      String[] search = {"search", query.toString(), "--server", server};
      assertThat(run(search, "--token-file", token, "--trust-file", certificate))
          .startsWith("0")
          .contains(picture.id());

      MekikiClient stranger =
          parts.add(
              Clients.of(server, ClientAccess.ofUser(Optional.empty(), Optional.of(certificate))));
      assertThatThrownBy(stranger::status)
          .isInstanceOf(MekikiException.class)
          .hasMessageContaining("no token came");
    }
  }

  /// Exit code and all output.
  private static String run(String[] command, Object... options) {
    List<String> arguments = new ArrayList<>(List.of(command));
    for (Object option : options) {
      arguments.add(option.toString());
    }
    StringWriter output = new StringWriter();
    PrintWriter writer = new PrintWriter(output, true);
    int exitCode =
        MekikiCommand.commandLine()
            .setOut(writer)
            .setErr(writer)
            .execute(arguments.toArray(String[]::new));
    return exitCode + "\n" + output;
  }

  private Path pem(String what, byte[] content, String name) throws IOException {
    return Files.writeString(directory.resolve(name), TestPem.text(what, content));
  }
}
