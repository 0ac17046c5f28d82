package dev.mekiki.benchmarks.jmh;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "jmh",
    description = "Run the JMH benchmarks; arguments are JMH's own.",
    footer = {
      "",
      "Arguments that start with a dash come after --; `-- -h` lists them.",
      "",
      "Examples:",
      "  mekiki bench jmh",
      "  mekiki bench jmh HammingScan -- -p codes=1000000 -prof gc -rff result.json -rf json"
    })
public final class JmhCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ARGUMENT", description = "For JMH.")
  private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    org.openjdk.jmh.Main.main(arguments.toArray(String[]::new));
    return 0;
  }
}
