package dev.mekiki.launcher.command.policy;

import dev.mekiki.schemas.v1.Verdict;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "dismiss",
    description =
        "Dismiss a pair of images: it makes no events any more, a new image that matches one does.",
    footer = {
      "",
      "Example:",
      "  mekiki review dismiss shop/4711.jpg shop/4712.jpg --note 'two items of one series'"
    })
final class ReviewDismissCommand implements Callable<Integer> {
  @Mixin private JudgedPair pair;

  @Override
  public Integer call() {
    return pair.decide(Verdict.Decision.DISMISSED);
  }
}
