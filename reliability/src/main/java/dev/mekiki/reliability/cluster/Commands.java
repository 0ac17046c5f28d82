package dev.mekiki.reliability.cluster;

import dev.mekiki.launcher.Main;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The command lines of the cluster's processes. Heaps are small: ten of them share a machine.
final class Commands {
  /// Of every process. The optimising compiler costs more than it gains in processes that are
  /// killed every minute.
  private static final List<String> JVM =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-Djava.awt.headless=true",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final ClassArchives archives;

  /// @param archives of loaded classes, where the class path allows them
  Commands(ClassArchives archives) {
    this.archives = archives;
  }

  List<String> broker(Path properties) {
    List<String> command = java("-Xmx384m", Role.BROKER);
    command.add("-Dlogback.configurationFile=logback-broker.xml");
    command.addAll(List.of("-cp", classPath(), "kafka.Kafka", properties.toString()));
    return command;
  }

  List<String> service(Role role, Map<String, String> settings) {
    List<String> command = java(role == Role.QUERY ? "-Xmx192m" : "-Xmx320m", role);
    command.addAll(
        List.of(
            "--add-modules",
            "jdk.incubator.vector",
            // Without the optimising compiler the vector kernel is slow.
            "-Dmekiki.kernel=scalar",
            "-cp",
            classPath(),
            Main.class.getName(),
            name(role)));
    settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    return command;
  }

  private static String name(Role role) {
    return switch (role) {
      case BROKER -> "broker";
      case ENCODER -> "encoder";
      case INDEX -> "index";
      case QUERY -> "query";
    };
  }

  private List<String> java(String heap, Role role) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(heap);
    command.addAll(JVM);
    if (ClassArchives.areFor(classPath())) {
      command.addAll(archives.options(role));
    }
    return command;
  }

  static String classPath() {
    // Surefire starts this JVM from a jar that only names the class path.
    String surefire = System.getProperty("surefire.test.class.path");
    return surefire == null ? System.getProperty("java.class.path") : surefire;
  }
}
