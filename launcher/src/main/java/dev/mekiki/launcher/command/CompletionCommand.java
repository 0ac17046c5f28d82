package dev.mekiki.launcher.command;

import dev.mekiki.launcher.command.options.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = "Print a script by which a shell completes commands and options of mekiki.",
    footer = {
      "",
      "Examples:",
      "  source <(mekiki completion bash)      # in ~/.bashrc",
      "  source <(mekiki completion zsh)       # in ~/.zshrc"
    })
final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "bash|zsh", description = "The shell.")
  private Shell shell;

  /// As users write them.
  enum Shell {
    bash,
    zsh
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    // One script serves both: in zsh it loads what zsh has for completions of bash.
    String script = AutoComplete.bash("mekiki", spec.root().commandLine());
    out.print(shell == Shell.zsh ? "#compdef mekiki\n" + script : script);
    out.flush();
    return ExitCode.OK;
  }
}
