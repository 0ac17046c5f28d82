package dev.mekiki.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What the two scripts start a JVM with, for every command that there is: the script of the
/// repository and the one of the image read one table, `commands.conf`.
class CommandJvmTest {
  private static final Path ROOT = Path.of(System.getProperty("mekiki.root", ".."));
  private static final Path TABLE = ROOT.resolve("launcher/src/main/jvm");

  /// Rows that only the image has: its limits on memory.
  private static final Set<String> IMAGE_ONLY =
      Set.of("jvm -XX:MaxRAMPercentage=50", "jvm -XX:+ExitOnOutOfMemoryError");

  @TempDir private Path home;

  @BeforeEach
  void layOutTheImage() throws IOException {
    Path jvm = Files.createDirectory(home.resolve("jvm"));
    for (String file : List.of("commands.conf", "command-jvm.awk")) {
      Files.copy(TABLE.resolve(file), jvm.resolve(file));
    }
  }

  /// What a script would run.
  ///
  /// @param environment what it sets
  /// @param flags of the JVM, up to the class path, in order
  private record Start(Map<String, String> environment, List<String> flags) {}

  /// Every command of the command line, `centers fit` as two words.
  static Stream<List<String>> commands() {
    List<List<String>> commands = new ArrayList<>();
    collect(MekikiCommand.commandLine(), List.of(), commands);
    return commands.stream();
  }

  private static void collect(CommandLine parent, List<String> path, List<List<String>> commands) {
    parent
        .getSubcommands()
        .forEach((name, subcommand) -> {
          List<String> words = Stream.concat(path.stream(), Stream.of(name)).toList();
          commands.add(words);
          collect(subcommand, words, commands);
        });
  }

  @ParameterizedTest
  @MethodSource("commands")
  void bothScriptsStartTheSameJvm(List<String> command) throws Exception {
    assertThat(withoutImageOnly(table("image", command)))
        .isEqualTo(withoutImageOnly(table("host", command)));
  }

  /// Starting a script takes much longer than reading the table: a few commands stand for all.
  @ParameterizedTest
  @ValueSource(strings = {"train", "up", "bench quality --backbone=x", "status"})
  void scriptsStartWhatTheTableSays(String line) throws Exception {
    List<String> command = List.of(line.split(" "));

    assertThat(rows(image(Map.of(), command))).isEqualTo(table("image", command));
    assertThat(rows(host(Map.of(), command))).isEqualTo(table("host", command));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasARow(List<String> command) throws IOException {
    assertThat(keys()).contains(command.getFirst());
  }

  @Test
  void everyRowIsACommand() throws IOException {
    Set<String> commands = new TreeSet<>(Set.of("*", "health"));
    commands().forEach(words -> commands.add(String.join("/", words)));

    assertThat(keys()).map(key -> key.replaceFirst("/--.*", "")).isSubsetOf(commands);
  }

  /// Otherwise the scripts would take such an option's value for a command.
  @Test
  void noOptionBeforeACommandTakesAValue() throws IOException {
    CommandLine mekiki = MekikiCommand.commandLine();
    List<CommandLine> parents = new ArrayList<>(List.of(mekiki));
    for (String key : keys()) {
      if (key.matches("\\w+/\\w.*")) {
        parents.add(subcommand(mekiki, key.replaceFirst("/.*", "")));
      }
    }

    assertThat(parents)
        .hasSizeGreaterThan(1)
        .allSatisfy(parent ->
            assertThat(parent.getCommandSpec().options())
                .filteredOn(option -> option.arity().max() > 0)
                .isEmpty());
    assertThat(mekiki.getCommandSpec().options())
        .flatExtracting(option -> List.of(option.names()))
        .containsExactlyInAnyOrder("-h", "--help", "-V", "--version");
  }

  @Test
  void everyOptionWithARowIsOneOfItsCommand() throws IOException {
    for (String key : keys()) {
      int at = key.indexOf("/--");
      if (at >= 0) {
        CommandLine command = MekikiCommand.commandLine();
        for (String word : List.of(key.substring(0, at).split("/"))) {
          command = subcommand(command, word);
        }
        assertThat(command.getCommandSpec().options())
            .flatExtracting(option -> List.of(option.names()))
            .contains(key.substring(at + 1));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "refine", "adapt", "bench quality --backbone=x"})
  void whatTrainsAsksOneDnnForNoMoreThanAvx2(String line) throws Exception {
    List<String> command = List.of(line.split(" "));

    for (String where : List.of("host", "image")) {
      assertThat(table(where, command))
          .contains("env ONEDNN_MAX_CPU_ISA=AVX2", "env OMP_WAIT_POLICY=PASSIVE");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "up",
        "encoder",
        "train",
        "refine",
        "adapt",
        "evaluate",
        "centers fit",
        "centers add",
        "bench pipeline --images x",
        "bench quality --backbone x"
      })
  void whatRunsTheNetworkKeepsNativeMemory(String line) throws Exception {
    List<String> command = List.of(line.split(" "));

    for (String where : List.of("host", "image")) {
      assertThat(table(where, command))
          .contains("env MALLOC_ARENA_MAX=1", "env MALLOC_MMAP_MAX_=0");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "up",
        "broker",
        "encoder",
        "index",
        "query",
        "train",
        "refine",
        "adapt",
        "evaluate",
        "centers",
        "centers fit",
        "centers add",
        "bench search",
        "bench match",
        "bench pipeline",
        "bench open",
        "bench quality"
      })
  void whatComputesHasTheVectorModuleAndTheOptimisingCompiler(String line) throws Exception {
    List<String> command = List.of(line.split(" "));

    for (String where : List.of("host", "image")) {
      assertThat(table(where, command))
          .contains("jvm --add-modules=jdk.incubator.vector")
          .doesNotContain("jvm -XX:TieredStopAtLevel=1");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "up --port 0, up",
    "-h up, up",
    "--version train, train",
    "--config demo up, *",
    "--set=a=b index, *",
    "--data index query, *",
    "upp, *",
    "help up, help",
    "search --id train, search",
    "ingest demo, ingest",
    "broker --data index, broker",
    "centers --bits 16 fit, centers",
    "centers fit --images up, centers",
    "bench --help quality --backbone x, bench/quality/--backbone",
    "bench quality --backbone=x, bench/quality/--backbone",
    "bench search --json quality --backbone, bench",
    "bench pipeline --codes 5, bench",
    "bench pipeline --images d, bench/pipeline/--images"
  })
  void commandIsFoundAmongOptions(String line, String key) throws Exception {
    assertThat(lookup("host", List.of(line.split(" "))).getFirst()).isEqualTo("key " + key);
  }

  @Test
  void withoutACommandTheJvmIsAShortOne() throws Exception {
    assertThat(table("host", List.of())).contains("jvm -XX:TieredStopAtLevel=1");
  }

  @Test
  void whatTheUserHasSetWins() throws Exception {
    Map<String, String> set =
        Map.of("ONEDNN_MAX_CPU_ISA", "AVX512_CORE", "MEKIKI_JAVA_OPTS", "-Xmx3g -Da=*");

    for (Start start : List.of(host(set, List.of("train")), image(set, List.of("train")))) {
      assertThat(start.environment()).containsEntry("ONEDNN_MAX_CPU_ISA", "AVX512_CORE");
      assertThat(start.flags()).endsWith("-Xmx3g", "-Da=*");
    }
  }

  @Test
  void serviceOutOfMemoryEndsInTheImageAlone() throws Exception {
    assertThat(table("image", List.of("index"))).containsAll(IMAGE_ONLY);
    assertThat(table("host", List.of("index"))).doesNotContainAnyElementsOf(IMAGE_ONLY);
  }

  /// The encoder survives an image that does not fit into memory; with the flag it would end at the
  /// same image after every restart.
  @ParameterizedTest
  @ValueSource(strings = {"encoder", "up", "demo"})
  void whatEncodesGivesUpAnImageRatherThanItself(String command) throws Exception {
    assertThat(table("image", List.of(command)))
        .contains("jvm -XX:MaxRAMPercentage=50")
        .doesNotContain("jvm -XX:+ExitOnOutOfMemoryError");
  }

  @ParameterizedTest
  @ValueSource(strings = {"index", "bench"})
  void searchStructuresLieInLargePagesWhereLinuxHasThem(String command) throws Exception {
    Path setting = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
    boolean offered = Files.exists(setting) && !Files.readString(setting).contains("[never]");

    assertThat(table("host", List.of(command)).contains("jvm -XX:+UseTransparentHugePages"))
        .isEqualTo(offered);
  }

  @Test
  void healthCheckOfTheImageIsSmall() throws Exception {
    assertThat(image(Map.of(), List.of("health", "index")).flags())
        .contains("-Xmx32m", "-XX:TieredStopAtLevel=1");
  }

  @Test
  void shellcheckHasNothingToSay() throws Exception {
    assumeTrue(isInstalled("shellcheck"), "skipped: shellcheck is not installed");
    assertThat(
            output(
                new ProcessBuilder(
                    "shellcheck",
                    ROOT.resolve("mekiki").toString(),
                    ROOT.resolve("docker/mekiki").toString(),
                    ROOT.resolve("docker/build").toString(),
                    ROOT.resolve("docker/test-base").toString(),
                    ROOT.resolve(".ci/run").toString())))
        .isEmpty();
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  private static Start host(Map<String, String> environment, List<String> arguments)
      throws Exception {
    return start(environment, List.of("bash", ROOT.resolve("mekiki").toString()), arguments);
  }

  private Start image(Map<String, String> environment, List<String> arguments) throws Exception {
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.put("MEKIKI_HOME", home.toString());
    return start(all, List.of("sh", ROOT.resolve("docker/mekiki").toString()), arguments);
  }

  private static Start start(
      Map<String, String> environment, List<String> script, List<String> arguments)
      throws Exception {
    List<String> line = new ArrayList<>(script);
    line.add("--print-command");
    line.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(line);
    Set.of("ONEDNN_MAX_CPU_ISA", "OMP_WAIT_POLICY", "MEKIKI_JAVA_OPTS", "DJL_OFFLINE")
        .forEach(builder.environment()::remove);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    List<String> printed = output(builder);
    assertThat(printed.getFirst()).isEqualTo("env");
    Map<String, String> set = new LinkedHashMap<>();
    int at = 1;
    for (; printed.get(at).contains("=") && !printed.get(at).startsWith("/"); at++) {
      int equals = printed.get(at).indexOf('=');
      set.put(printed.get(at).substring(0, equals), printed.get(at).substring(equals + 1));
    }
    assertThat(printed.get(at)).endsWith("/bin/java");
    return new Start(set, printed.subList(at + 1, printed.indexOf("-cp")));
  }

  /// What the table adds to a command's JVM: `jvm FLAG` and `env NAME=VALUE`, sorted.
  private static List<String> table(String where, List<String> command) throws Exception {
    return lookup(where, command).stream()
        .filter(row -> row.matches("(jvm|env) .*"))
        .sorted()
        .toList();
  }

  private static List<String> lookup(String where, List<String> command) throws Exception {
    List<String> line =
        new ArrayList<>(
            List.of(
                "awk",
                "-f",
                TABLE.resolve("command-jvm.awk").toString(),
                "--",
                TABLE.resolve("commands.conf").toString(),
                where));
    line.addAll(command);
    return output(new ProcessBuilder(line));
  }

  /// A script's start as the table's rows, without what says where files of this installation lie.
  private static List<String> rows(Start start) {
    return Stream.concat(
            start.environment().entrySet().stream()
                .map(entry -> "env " + entry.getKey() + "=" + entry.getValue()),
            start.flags().stream()
                .filter(flag ->
                    !flag.matches(
                        "-D(java\\.library\\.path|ENGINE_CACHE_DIR|jna\\..*|org\\.xerial\\..*"
                            + "|mekiki\\.class-archive)=.*"
                            + "|-Xshare:auto|-XX:SharedArchiveFile=.*|-XX:\\+RecordDynamicDumpInfo"
                            + "|-Xlog:cds\\*=off,aot\\*=off"))
                .map(flag -> "jvm " + flag))
        .sorted()
        .toList();
  }

  private static List<String> withoutImageOnly(List<String> rows) {
    return rows.stream().filter(row -> !IMAGE_ONLY.contains(row)).toList();
  }

  private static List<String> output(ProcessBuilder builder) throws Exception {
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(text).isZero();
    return text.lines().toList();
  }

  private static CommandLine subcommand(CommandLine parent, String name) {
    return Objects.requireNonNull(parent.getSubcommands().get(name), name);
  }

  private static Set<String> keys() throws IOException {
    Set<String> keys = new TreeSet<>();
    for (String line : Files.readAllLines(TABLE.resolve("commands.conf"))) {
      List<String> fields = List.of(line.split(" +"));
      if (fields.getFirst().equals("command")) {
        keys.add(fields.get(1));
      }
    }
    return keys;
  }
}
