package dev.mekiki.launcher.command.generations;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.launcher.center.TopicCodes;
import dev.mekiki.launcher.command.generations.KafkaInstallation.Opened;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// The codes that a network has made of the images that are there, by image id.
final class CodesById {
  private CodesById() {}

  /// Reads all of them from their topic.
  ///
  /// @param network id of the network
  static Map<String, HashCode> read(Opened opened, String network) {
    Map<String, HashCode> codes = new HashMap<>();
    TopicCodes.latest(
            opened.clients(),
            opened.topics().imageCodes(network),
            record -> HashCode.fromBytes(record.value().getHashCode().toByteArray()))
        .forEach((key, code) ->
            codes.put(StandardCharsets.UTF_8.decode(key.duplicate()).toString(), code));
    return codes;
  }
}
