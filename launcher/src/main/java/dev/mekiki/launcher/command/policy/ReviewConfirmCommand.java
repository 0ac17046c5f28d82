package dev.mekiki.launcher.command.policy;

import dev.mekiki.schemas.v1.Verdict;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "confirm",
    description = "Confirm that two images are what their event says.",
    footer = {"", "Example:", "  mekiki review confirm shop/4711.jpg shop/4712.jpg"})
final class ReviewConfirmCommand implements Callable<Integer> {
  @Mixin private JudgedPair pair;

  @Override
  public Integer call() {
    return pair.decide(Verdict.Decision.CONFIRMED);
  }
}
