package dev.mekiki.reliability.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Archives of loaded classes, one for each role, as the `mekiki` command has them: without one a
/// process takes half as long again to start. The first process of a role that ends without being
/// killed writes it.
///
/// @param directory where they lie
record ClassArchives(Path directory) {
  private static final String JAR = ".jar";

  /// Whether a JVM can write one: its class path must be of jars alone.
  static boolean areFor(String classPath) {
    return Stream.of(classPath.split(System.getProperty("path.separator")))
        .allMatch(entry -> entry.endsWith(JAR) || entry.endsWith(JAR + "/*"));
  }

  /// What a process is started with.
  List<String> options(Role role) {
    return List.of(
        "-XX:+AutoCreateSharedArchive",
        "-XX:SharedArchiveFile=" + directory.resolve(role.name().toLowerCase(Locale.ROOT) + ".jsa"),
        "-Xlog:cds*=off,aot*=off");
  }
}
